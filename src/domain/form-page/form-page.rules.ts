import type { FieldMessages } from '../error';
import type { FormField } from './form-field';
import type { FormPage } from './form-page.entity';

/** Name of the field that people cannot see: what fills it in is a program. No field of a form can have it. */
export const TRAP_FIELD = '_homepage';

const FIELDS_MAX = 50;
const NAME = /^[a-z][a-z0-9_]*$/i;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
/** Targets whose values only one kind of field checks. */
const KIND_OF_TARGET: Partial<Record<string, FormField['kind']>> = { email: 'email', phone: 'phone' };

/** The fields with everything that was not given. */
export function completeFields(fields: FormField[]): FormField[] {
  return fields.map((field) => ({
    ...{ name: field.name, label: field.label, kind: field.kind },
    isRequired: field.isRequired ?? false,
    options: field.options ?? [],
    value: field.value ?? null,
    mapsTo: field.mapsTo ?? null,
  }));
}

function fieldProblem({ name, kind, isRequired, options, mapsTo }: FormField): string | undefined {
  if (!NAME.test(name)) return 'must have a name of a letter, then letters, digits and underscores';
  const choices = options ?? [];
  if (kind === 'select' ? choices.length === 0 : choices.length > 0)
    return 'must have options if it is a SELECT, and only then';
  if (choices.some((choice) => choice.trim() !== choice || choice === ''))
    return 'must have options that are not empty and have no spaces around them';
  if (new Set(choices).size < choices.length) return 'must not have an option twice';
  if (kind === 'hidden' && isRequired) return 'must not be required when nobody can see it';
  const needed = KIND_OF_TARGET[mapsTo ?? ''];
  return needed && needed !== kind
    ? `must be of kind ${needed.toUpperCase()} to map to ${needed}`
    : undefined;
}

function repeated<T>(items: T[]): T | undefined {
  return items.find((item, at) => items.indexOf(item) < at);
}

function formProblem(fields: FormField[]): string | undefined {
  if (fields.length > FIELDS_MAX) return `Fields must be at most ${FIELDS_MAX}, not ${fields.length}.`;
  for (const field of fields) {
    const problem = fieldProblem(field);
    if (problem) return `Field ${field.name} ${problem}.`;
  }
  const name = repeated(fields.map((field) => field.name.toLowerCase()));
  if (name) return `Field ${name} stands in the form twice.`;
  const targets = fields.flatMap(({ mapsTo }) => (mapsTo && mapsTo !== 'custom' ? [mapsTo] : []));
  const target = repeated(targets);
  if (target) return `Only one field can map to ${target}.`;
  const hasParts = targets.includes('first_name') || targets.includes('last_name');
  return hasParts && targets.includes('name')
    ? 'Fields can map to name, or to first_name and last_name, not to both.'
    : undefined;
}

/** What a page lacks before people can see it. */
function publicProblems({ fields = [], audienceId, feedId }: Partial<FormPage>): FieldMessages {
  const isAsked = (...targets: string[]) =>
    fields.some(({ isRequired, mapsTo }) => isRequired && targets.includes(mapsTo ?? ''));
  if (!fields.some(({ kind }) => kind !== 'hidden'))
    return { fields: ['A published page needs a field that people can see.'] };
  if (audienceId && !isAsked('email', 'phone'))
    return { fields: ['A published page with an audience needs a required field for email or phone.'] };
  if (feedId && !isAsked('phone'))
    return { fields: ['A published page with a feed needs a required field for phone.'] };
  return {};
}

/** What is wrong with a page as it would be, by field; empty when nothing is. */
export function pageProblems(page: Partial<FormPage>): FieldMessages {
  const { slug, fields = [], language = 'en', status } = page;
  const problem = formProblem(fields);
  return {
    ...(status === 'published' && publicProblems(page)),
    ...(problem && { fields: [problem] }),
    ...(!SLUG.test(String(slug)) && {
      slug: ['Slug must be lower-case letters, digits and single dashes.'],
    }),
    ...(!LANGUAGE.test(language) && { language: ['Language must be a language tag like en or pt-BR.'] }),
  };
}

function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:\/\//.test(text) && URL.canParse(text) && new URL(text).origin === text);
}

/** What is wrong with a list of origins, by field. */
export function originProblems(allowedOrigins: string[]): FieldMessages {
  const wrong = allowedOrigins.find((origin) => !isOrigin(origin));
  if (wrong === undefined) return {};
  return {
    allowedOrigins: [
      `Allowed origins must be like https://example.com, without a path, or *; ${wrong} is not.`,
    ],
  };
}

/** Whether a page of another site may send the form: its origin is allowed. */
export function isAllowedOrigin({ allowedOrigins }: FormPage, origin: string): boolean {
  return allowedOrigins.includes('*') || allowedOrigins.includes(origin);
}
