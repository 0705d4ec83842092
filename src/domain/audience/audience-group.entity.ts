import { Contact } from '../contact/contact.entity';
import { NounEntity, TenantEntity } from '../entity';
import { IntField, ReferenceField, TextField } from '../field';
import { BelongsTo, HasManyThrough } from '../relation';
import { Audience } from './audience.entity';

@NounEntity('Some contacts of an audience under a name.', {
  name: 'audienceGroup',
  plural: 'audienceGroups',
  label: 'Audience group',
})
export class AudienceGroup extends TenantEntity {
  @ReferenceField(() => Audience, 'The audience.', { required: true, write: 'create' })
  audienceId!: string;

  @TextField('Name, unique within the audience, upper and lower case alike.', {
    required: true,
    min: 1,
    max: 100,
    sortable: true,
  })
  name!: string;

  @IntField('How many contacts it has.', { write: 'never' })
  contactCount!: number;

  @BelongsTo(() => Audience, 'audienceId', 'The audience.')
  audience?: Audience;

  @HasManyThrough(
    () => Contact,
    { table: 'contact_group', ownColumn: 'group_id', targetColumn: 'contact_id', order: 'newest' },
    'Its contacts, newest first.',
  )
  contacts?: Contact[];
}
