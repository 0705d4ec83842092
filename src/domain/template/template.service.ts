import { type Crud, crud } from '../crud';
import { type FieldMessages, invalid } from '../error';
import { capitalize } from '../text';
import { fillProblem } from './case-template';
import { Template } from './template.entity';

function checkTexts(draft: Record<string, unknown>): void {
  const fields: FieldMessages = {};
  for (const name of ['subject', 'body']) {
    const problem = draft[name] == null ? undefined : fillProblem(String(draft[name]));
    if (problem) fields[name] = [`${capitalize(name)} ${problem}.`];
  }
  if (Object.keys(fields).length > 0) throw invalid(fields);
}

/** Templates of the help desk; one that is deleted is kept for what was made of it. */
export const templates: Crud<Template> = crud(Template, { prepare: (_, draft) => checkTexts(draft) });
