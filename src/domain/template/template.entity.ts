import { KeptEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, TextField } from '../field';

export const templateKind = enumeration('TemplateKind', 'What a template is for.', {
  reply: 'Replies to cases.',
  note: 'Notes on cases.',
  feedback: 'Requests for feedback.',
});
/** What a template is for. */
export type TemplateKind = ValueOf<typeof templateKind>;

/** Most characters of a template. */
export const TEMPLATE_BODY_MAX = 50_000;

@NounEntity('A text of the help desk with placeholders.', {
  name: 'template',
  plural: 'templates',
  label: 'Template',
})
export class Template extends KeptEntity {
  @TextField('Name.', { required: true, min: 1, max: 100, sortable: true })
  name!: string;

  @EnumField(templateKind, 'What it is for.', { required: true, write: 'create' })
  kind!: TemplateKind;

  @TextField('What people group it by.', { nullable: true, max: 100 })
  category!: string | null;

  @TextField('Subject of an e-mail that it makes; a template. The summary of the case when empty.', {
    ...{ nullable: true, max: 500, filterable: false },
  })
  subject!: string | null;

  @TextField(
    'The text, a Liquid template with {{ case.number }}, {{ case.summary }}, {{ contact.first_name }}, {{ agent.name }}, {{ team.name }}, {{ body }} (what was written) and {{ feedback_url }}.',
    { required: true, min: 1, max: TEMPLATE_BODY_MAX, filterable: false },
  )
  body!: string;
}
