import { Contact } from '../contact/contact.entity';
import { NounEntity, TenantEntity } from '../entity';
import { IntField, TextField } from '../field';
import { HasMany } from '../relation';
import { AudienceGroup } from './audience-group.entity';

@NounEntity('People to write to: contacts, each once by e-mail address.', {
  name: 'audience',
  plural: 'audiences',
  label: 'Audience',
})
export class Audience extends TenantEntity {
  @TextField('Name.', { required: true, min: 1, sortable: true })
  name!: string;

  @TextField('What it is for.', { nullable: true, max: 10_000, filterable: false })
  description!: string | null;

  @IntField('How many contacts it has.', { write: 'never' })
  contactCount!: number;

  @IntField('How many of them have an e-mail address.', { write: 'never' })
  emailCount!: number;

  @IntField('How many of them have a phone number.', { write: 'never' })
  phoneCount!: number;

  @HasMany(() => Contact, 'audienceId', 'Its contacts, newest first.')
  contacts?: Contact[];

  @HasMany(() => AudienceGroup, 'audienceId', 'Its groups, newest first.')
  groups?: AudienceGroup[];
}
