import { GraphQLInt } from 'graphql';
import { NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  BooleanField,
  EmailField,
  EnumField,
  IdField,
  InstantField,
  IntField,
  ReferenceField,
  TextField,
  TextListField,
  TimeZoneField,
} from '../field';
import { ComputedField } from '../relation';

export const accountKind = enumeration('AccountKind', 'What an account is to other accounts.', {
  standalone: 'An account of its own.',
  agency: 'Runs client accounts; its keys may act for them.',
  client: 'Run by an agency.',
});
/** What an account is to other accounts. */
export type AccountKind = ValueOf<typeof accountKind>;

/** A tenant. The one noun that belongs to no account but itself and, as a client, to its agency. */
@NounEntity('A tenant: every other row belongs to exactly one account.', {
  name: 'account',
  plural: 'accounts',
  label: 'Account',
})
export class Account {
  @IdField('Identifier (UUIDv7).', { write: 'never' })
  id!: string;

  @IntField('Whole-number identifier, for systems that need one.', { write: 'never' })
  number!: number;

  @EnumField(accountKind, 'Standalone, agency or client.', { write: 'never' })
  kind!: AccountKind;

  @ReferenceField(() => Account, 'The agency that runs this client account.', {
    nullable: true,
    write: 'never',
  })
  parentId!: string | null;

  @TextField('Name of the business.', { required: true, min: 1, max: 100 })
  name!: string;

  @TextField('Short name for the command line; letters, digits and dashes.', {
    nullable: true,
    max: 63,
    hidden: true,
    write: 'never',
  })
  slug!: string | null;

  @EmailField('Where the account can be reached.', { nullable: true })
  email!: string | null;

  @TimeZoneField('Zone of the account’s days and weeks.')
  timeZone!: string;

  @TextField('ISO 3166 country whose national phone numbers are understood without a prefix.', {
    min: 2,
    max: 2,
  })
  defaultCountry!: string;

  @TextListField('Where its leads may come from, for doors that ask for a choice; usual ones when empty.', {
    nullable: true,
    max: 50,
  })
  leadSources!: string[] | null;

  @BooleanField('Whether its keys work.', { write: 'update' })
  isActive!: boolean;

  @InstantField('When it was deleted.', { nullable: true, write: 'never', hidden: true, filterable: false })
  deletedAt!: string | null;

  @ComputedField<Account, 'billedUsers'>(
    () => GraphQLInt,
    'Number of its active agents, which are billed for.',
    ['billedUsers'],
    ({ billedUsers }) => billedUsers,
    { nullable: true },
  )
  billedUsers?: number;

  @ComputedField<Account, 'billedNumbers'>(
    () => GraphQLInt,
    'Number of its active phone numbers, which are billed for.',
    ['billedNumbers'],
    ({ billedNumbers }) => billedNumbers,
    { nullable: true },
  )
  billedNumbers?: number;

  @InstantField('When it was made.', { write: 'never' })
  createdAt!: string;

  @InstantField('When it was last changed.', { write: 'never' })
  updatedAt!: string;
}
