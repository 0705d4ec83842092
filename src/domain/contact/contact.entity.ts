import { Audience } from '../audience/audience.entity';
import { AudienceGroup } from '../audience/audience-group.entity';
import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  EmailField,
  EnumField,
  JsonField,
  PhoneField,
  ReferenceField,
  ReferenceListField,
  TextField,
  TimeZoneField,
  WrittenPhoneField,
} from '../field';
import { BelongsTo, HasMany, HasManyThrough, type Through } from '../relation';
import { SupportCase } from '../support-case/support-case.entity';
import { isKnownContact } from './contact-view.rules';

export const contactStatus = enumeration('ContactStatus', 'Whether a contact may be written to.', {
  subscribed: 'It may be written to.',
  unsubscribed: 'It asked not to be written to.',
  bounced: 'Mail to it came back.',
  complained: 'It complained of mail.',
});
/** Whether a contact may be written to. */
export type ContactStatus = ValueOf<typeof contactStatus>;

const GROUPS: Through = {
  ...{ table: 'contact_group', ownColumn: 'contact_id', targetColumn: 'group_id' },
  order: 'position',
};

/** Substrings of all of these are looked for in one place, which has the trigram index. */
const SEARCHED = { nullable: true, searchedIn: 'searchText' } as const;

@NounEntity('A person to write to, or one whom the help desk knows.', {
  name: 'contact',
  plural: 'contacts',
  label: 'Contact',
  agentSees: isKnownContact,
})
export class Contact extends TenantEntity {
  @ReferenceField(() => Audience, 'The audience; none for a contact of the help desk.', {
    nullable: true,
    write: 'create',
  })
  audienceId!: string | null;

  @ReferenceListField(GROUPS, 'Its groups, all of its audience, in order. Replaces those it is in.')
  groupIds?: string[];

  @TextField('First name.')
  firstName!: string;

  @TextField('Last name.')
  lastName!: string;

  @TextField('First and last name, joined by a space.', {
    ...{ write: 'never', sortable: true, searchedIn: 'searchText' },
  })
  name!: string;

  @EmailField('E-mail address; stands once in an audience, upper and lower case alike.', {
    ...SEARCHED,
    foldedIn: 'emailFolded',
  })
  email!: string | null;

  @TextField('The e-mail address in lower case.', {
    ...{ nullable: true, write: 'never', hidden: true, filterable: false },
  })
  emailFolded!: string | null;

  @EmailField('Second e-mail address.', SEARCHED)
  email2!: string | null;

  @EmailField('Third e-mail address.', SEARCHED)
  email3!: string | null;

  @WrittenPhoneField('Phone number, as it was written.', SEARCHED)
  phone!: string | null;

  @PhoneField('The phone number as E.164; empty when it cannot be read as one.', {
    nullable: true,
    write: 'never',
  })
  phoneE164!: string | null;

  @TextField('Extension of the phone number.', { nullable: true, max: 20, filterable: false })
  phoneExtension!: string | null;

  @WrittenPhoneField('Second phone number, as it was written.', SEARCHED)
  phone2!: string | null;

  @TextField('Extension of the second phone number.', { nullable: true, max: 20, filterable: false })
  phone2Extension!: string | null;

  @TextField('Company.', SEARCHED)
  company!: string | null;

  @TextField('Website.', { nullable: true, max: 2_000, filterable: false })
  website!: string | null;

  @TimeZoneField('Time zone (IANA).', { nullable: true })
  timeZone!: string | null;

  @TextField('Street of the billing address.', { nullable: true, filterable: false })
  street1!: string | null;

  @TextField('Second line of the street.', { nullable: true, filterable: false })
  street2!: string | null;

  @TextField('City.', { nullable: true })
  city!: string | null;

  @TextField('State or region.', { nullable: true })
  state!: string | null;

  @TextField('Postal code.', { nullable: true, max: 20 })
  postalCode!: string | null;

  @TextField('Country.', { nullable: true })
  country!: string | null;

  @EnumField(contactStatus, 'Whether it may be written to.')
  status!: ContactStatus;

  @TextField('The contact’s identifier in a CRM.', { nullable: true })
  crmId!: string | null;

  @JsonField('Values of the account’s own, by name.')
  customFields!: Record<string, unknown>;

  @TextField('Names, company, e-mail addresses and phone numbers in lower case, a line each.', {
    ...{ write: 'never', hidden: true, filterable: false, searchedIn: 'searchText' },
  })
  searchText!: string;

  @BelongsTo(() => Audience, 'audienceId', 'The audience.', { nullable: true })
  audience?: Audience | null;

  @HasManyThrough(() => AudienceGroup, GROUPS, 'Its groups, in order.')
  groups?: AudienceGroup[];

  @HasMany(() => SupportCase, 'contactId', 'Its support cases, newest first.')
  cases?: SupportCase[];
}
