import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { BooleanField, EnumField, TextField } from '../field';
import { Lead } from '../lead/lead.entity';
import { HasManyThrough } from '../relation';
import { SupportCase } from '../support-case/support-case.entity';

export const tagScope = enumeration('TagScope', 'What a tag can be put on.', {
  lead: 'Leads.',
  case: 'Support cases.',
});
/** What a tag can be put on. */
export type TagScope = ValueOf<typeof tagScope>;

@NounEntity('A label on leads or on support cases.', { name: 'tag', plural: 'tags', label: 'Tag' })
export class Tag extends TenantEntity {
  @TextField('Name, unique within the scope, upper and lower case alike.', {
    required: true,
    min: 1,
    max: 100,
    sortable: true,
  })
  name!: string;

  @EnumField(tagScope, 'What it can be put on.', { write: 'create' })
  scope!: TagScope;

  @TextField('Colour for display, like #22aa66.', { nullable: true, max: 20, filterable: false })
  color!: string | null;

  @BooleanField('Whether it is left out of pick lists.')
  isHidden!: boolean;

  @HasManyThrough(
    () => Lead,
    { table: 'lead_tag', ownColumn: 'tag_id', targetColumn: 'lead_id', order: 'newest' },
    'The leads that have it, newest first.',
  )
  leads?: Lead[];

  @HasManyThrough(
    () => SupportCase,
    { table: 'case_tag', ownColumn: 'tag_id', targetColumn: 'case_id', order: 'newest' },
    'The support cases that have it, newest first.',
  )
  cases?: SupportCase[];
}
