import type { FieldMessages } from '../../domain/error';
import type { FormField, FormFieldTarget } from '../../domain/form-page/form-field';
import type { FormPage } from '../../domain/form-page/form-page.entity';
import { TRAP_FIELD } from '../../domain/form-page/form-page.rules';
import { isYes, lengthMaxOf } from '../../domain/submission/form-values.rules';
import { escapeHtml, htmlPage, paragraphsOf } from '../html';

/** A form as it is shown: what is in its fields, and what is wrong with them. */
export interface FormState {
  given?: Readonly<Record<string, unknown>>;
  /** What is wrong with the whole; a form that is right has none. */
  message?: string;
  problems?: FieldMessages;
}

/** What browsers know the fields by (https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill). */
const AUTOCOMPLETE: Partial<Record<FormFieldTarget, string>> = {
  ...{ first_name: 'given-name', last_name: 'family-name', name: 'name', email: 'email', phone: 'tel' },
  ...{ company: 'organization', website: 'url', street: 'street-address', city: 'address-level2' },
  ...{ state: 'address-level1', postal_code: 'postal-code', country: 'country-name' },
};

const INPUT_TYPES: Partial<Record<FormField['kind'], string>> = { email: 'email', phone: 'tel' };

type Attributes = Record<string, string | boolean | undefined>;

function attributesOf(attributes: Attributes): string {
  return Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`))
    .join('');
}

const idOf = ({ name }: FormField) => `field-${name}`;

/** What stands in the field: what was given, else what it begins with. */
function contentOf({ name, value }: FormField, given: FormState['given']): string {
  const one = given && Object.hasOwn(given, name) ? given[name] : value;
  const last = Array.isArray(one) ? one.at(-1) : one;
  return last === null || last === undefined || typeof last === 'object' ? '' : String(last);
}

function controlOf(field: FormField, value: string, problem: string | undefined): string {
  const { name, kind, isRequired, options, mapsTo } = field;
  const attributes: Attributes = {
    ...{ id: idOf(field), name, required: isRequired ?? false },
    'aria-invalid': problem && 'true',
    'aria-describedby': problem && `${idOf(field)}-error`,
    autocomplete: AUTOCOMPLETE[mapsTo ?? 'custom'],
  };
  const maxlength = String(lengthMaxOf(field));
  if (kind === 'checkbox')
    return `<input${attributesOf({ type: 'checkbox', ...attributes, value: 'true', checked: isYes(value) })}>`;
  if (kind === 'textarea')
    return `<textarea${attributesOf({ ...attributes, maxlength, rows: '5' })}>\n${escapeHtml(value)}</textarea>`;
  if (kind !== 'select')
    return `<input${attributesOf({ type: INPUT_TYPES[kind] ?? 'text', ...attributes, maxlength, value })}>`;
  const choices = ['', ...(options ?? [])].map(
    (choice) =>
      `<option${attributesOf({ value: choice, selected: choice === value })}>${escapeHtml(choice)}</option>`,
  );
  return `<select${attributesOf(attributes)}>${choices.join('')}</select>`;
}

function fieldHtml(field: FormField, { given, problems }: FormState): string {
  const { name, kind, label, isRequired } = field;
  const value = contentOf(field, given);
  if (kind === 'hidden') return `<input${attributesOf({ type: 'hidden', name, value })}>`;
  const problem = problems?.[name]?.[0];
  const error = problem ? `<p class="error" id="${idOf(field)}-error">${escapeHtml(problem)}</p>\n` : '';
  const mark = isRequired ? ' <span class="mark" aria-hidden="true">*</span>' : '';
  const text = `<label for="${idOf(field)}">${escapeHtml(label)}${mark}</label>\n`;
  const control = `${controlOf(field, value, problem)}\n`;
  const isTick = kind === 'checkbox';
  return `<div class="field${isTick ? ' tick' : ''}">
${isTick ? error + control + text : text + error + control}</div>`;
}

function errorsHtml({ fields }: FormPage, { message, problems = {} }: FormState): string {
  if (message === undefined) return '';
  const links = fields.flatMap((field) => {
    const text = escapeHtml(problems[field.name]?.[0] ?? '');
    if (!text) return [];
    return [field.kind === 'hidden' ? `<li>${text}</li>` : `<li><a href="#${idOf(field)}">${text}</a></li>`];
  });
  const list = links.length > 0 ? `\n<ul>${links.join('')}</ul>` : '';
  return `<div class="errors" role="alert" tabindex="-1" autofocus>
<p>${escapeHtml(message)}</p>${list}
</div>
`;
}

// People do not see it, programs that fill in everything do.
const TRAP = `<div class="unseen" aria-hidden="true">
<label for="${TRAP_FIELD}">Leave this empty</label>
<input id="${TRAP_FIELD}" name="${TRAP_FIELD}" tabindex="-1" autocomplete="off">
</div>`;

const headingOf = ({ title, name }: FormPage) => title ?? name;

/** The page with its form. */
export function formHtml(page: FormPage, state: FormState = {}): string {
  const heading = headingOf(page);
  const body = `<h1>${escapeHtml(heading)}</h1>
${page.intro ? `${paragraphsOf(page.intro)}\n` : ''}${errorsHtml(page, state)}<form method="post">
${page.fields.map((field) => fieldHtml(field, state)).join('\n')}
${TRAP}
<button type="submit">${escapeHtml(page.submitLabel)}</button>
</form>`;
  const title = state.message === undefined ? heading : `Error: ${heading}`;
  return htmlPage({ title, body, language: page.language, isPublic: true });
}

/** What people read who have sent the form and are not told anything else. */
export const DEFAULT_THANKS = 'Thank you. We have received what you sent.';

/** The page after the form was sent. */
export function thanksHtml(page: FormPage): string {
  const heading = headingOf(page);
  const text = paragraphsOf(page.thankYouText ?? DEFAULT_THANKS);
  const body = `<h1>${escapeHtml(heading)}</h1>\n<div role="status">\n${text}\n</div>`;
  return htmlPage({ title: heading, body, language: page.language });
}

/** A page that says why there is nothing else. */
export function messageHtml(title: string, text: string): string {
  return htmlPage({ title, body: `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(text)}</p>` });
}
