import { KeptEntity, NounEntity } from '../entity';
import { BooleanField, PhoneField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { Team } from '../team/team.entity';

@NounEntity('A phone number that the account owns.', {
  name: 'phoneNumber',
  plural: 'phoneNumbers',
  label: 'Phone number',
})
export class PhoneNumber extends KeptEntity {
  @PhoneField('The number (E.164), once in the account.', { required: true, write: 'create' })
  phone!: string;

  @TextField('Name for display.', { nullable: true, max: 100 })
  name!: string | null;

  @ReferenceField(() => Team, 'The team that its callers reach.', { nullable: true })
  teamId!: string | null;

  @BooleanField('Whether it is in use.')
  isActive!: boolean;

  @BelongsTo(() => Team, 'teamId', 'The team that its callers reach.', { nullable: true })
  team?: Team | null;
}
