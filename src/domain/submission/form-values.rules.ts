import type { FieldMessages } from '../error';
import { isEmail } from '../field-kinds';
import type { FormField, FormFieldKind } from '../form-page/form-field';
import { parsePhone } from '../phone';
import { isStorable, lengthOf } from '../text';

/** What one person filled in: texts, and true or false for checkboxes; what was left empty is missing. */
export type FormValues = Record<string, string | boolean>;

type Answer = { value?: string | boolean } | { message: string };

const LENGTHS_MAX: Record<FormFieldKind, number> = {
  ...{ text: 255, email: 254, phone: 40, textarea: 10_000 },
  ...{ select: 100, checkbox: 5, hidden: 1_000 },
};
/** Where the contact takes less than the kind of the field. */
const POSTAL_CODE_MAX = 20;
const TARGET_MAX = 255;

const YES = /^(on|true|yes|1)$/i;
const NO = /^(off|false|no|0|)$/i;

/** Whether a text stands for a ticked checkbox. */
export function isYes(text: string): boolean {
  return YES.test(text);
}

/** Most characters that a field takes. */
export function lengthMaxOf({ kind, mapsTo }: FormField): number {
  const length = LENGTHS_MAX[kind];
  if (mapsTo === 'postal_code') return Math.min(length, POSTAL_CODE_MAX);
  return mapsTo && mapsTo !== 'custom' && mapsTo !== 'message' ? Math.min(length, TARGET_MAX) : length;
}

/** The value as a text; undefined for what is no single value. */
function textOf(given: unknown): string | undefined {
  if (given === undefined || given === null) return '';
  return ['string', 'number', 'boolean'].includes(typeof given) ? String(given).trim() : undefined;
}

function checkBox({ label, isRequired }: FormField, text: string): Answer {
  if (!isYes(text) && !NO.test(text)) return { message: `${label} must be true or false.` };
  const isTicked = isYes(text);
  return isRequired && !isTicked ? { message: `“${label}” must be ticked.` } : { value: isTicked };
}

/** How each kind reads a text that is not empty. */
const READERS: Record<
  Exclude<FormFieldKind, 'checkbox'>,
  (text: string, field: FormField, country: string) => Answer
> = {
  text: (text) => ({ value: text.replace(/\s*[\r\n]+\s*/g, ' ') }),
  hidden: (text) => ({ value: text }),
  textarea: (text) => ({ value: text.replaceAll('\r\n', '\n') }),
  email: (text, { label }) =>
    isEmail(text)
      ? { value: text }
      : { message: `${label} must be an e-mail address, like ann@example.com.` },
  phone: (text, { label }, country) => {
    const phone = parsePhone(text, country);
    return phone ? { value: phone } : { message: `${label} must be a phone number, best like +12025550143.` };
  },
  select: (text, { label, options }) =>
    options?.includes(text) ? { value: text } : { message: `${label} must be one of the options.` },
};

function check(spec: FormField, given: unknown, country: string): Answer {
  // A label that is a question, or ends in a colon, makes no sentence.
  const field = { ...spec, label: spec.label.replace(/[\s.:?!*]+$/, '') || spec.label };
  const { kind, label, isRequired } = field;
  const text = textOf(given);
  if (text === undefined || !isStorable(text)) return { message: `${label} must be a text.` };
  if (kind === 'checkbox') return checkBox(spec, text);
  if (text === '') return isRequired ? { message: `${label} is required.` } : {};
  const [length, max] = [lengthOf(text), lengthMaxOf(field)];
  if (length > max) return { message: `${label} must be at most ${max} characters long, not ${length}.` };
  return READERS[kind](text, field, country);
}

/**
 * What was sent, checked by the fields of a form: phones as E.164, texts trimmed. What is no field of the form is
 * left out. All problems are collected; `problems` gets a sentence for each field.
 */
export function checkFormValues(
  fields: readonly FormField[],
  given: Readonly<Record<string, unknown>>,
  country: string,
): { values: FormValues; problems: FieldMessages } {
  const values: FormValues = {};
  const problems: FieldMessages = {};
  for (const field of fields) {
    const { name } = field;
    const answer = check(field, Object.hasOwn(given, name) ? given[name] : undefined, country);
    if ('message' in answer) problems[name] = [answer.message];
    else if (answer.value !== undefined) values[name] = answer.value;
  }
  return { values, problems };
}
