import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import type { ColumnOptions } from 'typeorm';
import { isTimeZone, parseInstant } from './datetime';
import type { FieldSpec } from './field';
import { instantScalar } from './instant.scalar';
import { parsePhone } from './phone';
import { isDeepStorable, isStorable, lengthOf } from './text';

/** The kinds of value that a field can hold. */
export type Kind =
  | 'id'
  | 'reference'
  | 'referenceList'
  | 'text'
  | 'textList'
  | 'int'
  | 'intList'
  | 'float'
  | 'boolean'
  | 'instant'
  | 'phone'
  | 'writtenPhone'
  | 'email'
  | 'emailList'
  | 'timeZone'
  | 'url'
  | 'json'
  | 'enum'
  | 'position'
  | 'fullText'
  | 'objectList';

/** A checked value in the form that is stored, or the message that says what was wrong with it. */
export type Checked = { value: unknown } | { message: string };

interface KindSpec {
  column: ColumnOptions;
  graphql: GraphQLScalarType | [GraphQLScalarType];
  /** Which operator set a filter on it offers. */
  operators?: 'id' | 'text' | 'int' | 'boolean' | 'instant' | 'enum' | 'fullText';
  check: (value: unknown, spec: FieldSpec, country: string) => Checked;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
// The form that HTML takes for an e-mail input, and a dot in the domain
// (https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address).
const EMAIL =
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i;

const DEFAULT_TEXT_MAX = 255;
const LIST_MAX = 100;
const JSON_MAX_BYTES = 65_536;
const INT_MAX = 2_147_483_647;

/** Whether the text is written as a UUID. */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

/** Whether the number fits a whole-number column. */
export function isWholeNumber(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= INT_MAX;
}

/** Whether the text is written as an e-mail address of at most 254 characters. */
export function isEmail(text: string): boolean {
  return text.length <= 254 && EMAIL.test(text);
}

const accept = (value: unknown): Checked => ({ value });
const refuse = (message: string): Checked => ({ message });

function checkText(value: unknown, { min = 0, max = DEFAULT_TEXT_MAX }: FieldSpec): Checked {
  if (typeof value !== 'string') return refuse('must be a text');
  if (!isStorable(value)) return refuse('must not contain NUL bytes or unpaired surrogates');
  const length = lengthOf(value);
  if (length > max) return refuse(`must be at most ${max} characters long, not ${length}`);
  return length < min ? refuse(`must be at least ${min} characters long`) : accept(value);
}

const asText =
  (is: (text: string) => boolean, message: string): KindSpec['check'] =>
  (value, spec) => {
    const checked = checkText(value, spec);
    return 'message' in checked || is(checked.value as string) ? checked : refuse(message);
  };

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

const checkInt: KindSpec['check'] = (value, { min = -INT_MAX, max = INT_MAX }) => {
  if (!Number.isInteger(value)) return refuse('must be a whole number');
  const isInside = (value as number) >= min && (value as number) <= max;
  return isInside ? accept(value) : refuse(`must be from ${min} to ${max}`);
};

const checkIntList: KindSpec['check'] = (value, spec, country) => {
  if (!Array.isArray(value)) return refuse('must be a list of whole numbers');
  if (value.length > LIST_MAX) return refuse(`must have at most ${LIST_MAX} items, not ${value.length}`);
  for (const item of value) {
    const checked = checkInt(item, spec, country);
    if ('message' in checked) return refuse(`has a bad item: it ${checked.message}`);
  }
  return accept(value);
};

const checkTextList: KindSpec['check'] = (value, { max = LIST_MAX }) => {
  if (!Array.isArray(value)) return refuse('must be a list of texts');
  if (value.length > max) return refuse(`must have at most ${max} items, not ${value.length}`);
  const isFine = value.every((item) => typeof item === 'string' && isStorable(item) && lengthOf(item) <= 100);
  return isFine ? accept(value) : refuse('must hold texts of at most 100 characters');
};

const checkEmailList: KindSpec['check'] = (value, { max = LIST_MAX, min = 0 }) => {
  if (!Array.isArray(value)) return refuse('must be a list of e-mail addresses');
  if (value.length > max) return refuse(`must have at most ${max} items, not ${value.length}`);
  if (value.length < min) return refuse('must name at least one e-mail address');
  const isFine = value.every((item) => typeof item === 'string' && isEmail(item));
  return isFine ? accept(value) : refuse('must hold e-mail addresses like ann@example.com');
};

const checkJson: KindSpec['check'] = (value) => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse('must be an object');
  if (!isDeepStorable(value)) return refuse('must not contain NUL bytes or unpaired surrogates');
  return JSON.stringify(value).length > JSON_MAX_BYTES
    ? refuse('must be at most 64 KiB of JSON')
    : accept(value);
};

const checkPhone: KindSpec['check'] = (value, spec, country) => {
  const checked = checkText(value, spec);
  if ('message' in checked) return checked;
  const phone = parsePhone(checked.value as string, country);
  return phone ? accept(phone) : refuse('must be a phone number, best in E.164 form like +12025550143');
};

// A sign before the digits, and what people put between them.
const WRITTEN_PHONE = /^\+?[0-9 ()-]{5,40}$/;

const checkInstant: KindSpec['check'] = (value) => {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  return instant ? accept(instant) : refuse('must be a point in time like 2026-01-31T14:30:00Z');
};

// A JS number is the whole-number identifier of the row; it becomes the id when the reference is looked up.
const checkReference: KindSpec['check'] = (value) => {
  if (typeof value === 'string') return accept(value.toLowerCase());
  return Number.isInteger(value) ? accept(value) : refuse('must be an id');
};

const checkReferenceList: KindSpec['check'] = (value) => {
  if (!Array.isArray(value)) return refuse('must be a list of ids');
  if (value.length > LIST_MAX) return refuse(`must have at most ${LIST_MAX} items, not ${value.length}`);
  const isFine = value.every((item) => typeof item === 'string' || Number.isInteger(item));
  if (!isFine) return refuse('must be a list of ids');
  return accept([...new Set(value.map((item) => (typeof item === 'string' ? item.toLowerCase() : item)))]);
};

const UUID_COLUMN = { type: 'uuid' } as const;
const TEXT_COLUMN = { type: 'text' } as const;

/** What each kind is in PostgreSQL and in GraphQL, and how a value of it is checked; the one table of kinds. */
export const KINDS: Record<Kind, KindSpec> = {
  id: {
    column: UUID_COLUMN,
    graphql: GraphQLID,
    operators: 'id',
    check: (value) => (isUuid(value) ? accept(value.toLowerCase()) : refuse('must be an id')),
  },
  reference: {
    column: UUID_COLUMN,
    graphql: GraphQLID,
    operators: 'id',
    check: checkReference,
  },
  referenceList: {
    column: { type: 'uuid', array: true },
    graphql: [GraphQLID],
    operators: 'id',
    check: checkReferenceList,
  },
  text: { column: TEXT_COLUMN, graphql: GraphQLString, operators: 'text', check: checkText },
  textList: { column: { type: 'text', array: true }, graphql: [GraphQLString], check: checkTextList },
  int: { column: { type: 'int' }, graphql: GraphQLInt, operators: 'int', check: checkInt },
  intList: { column: { type: 'int4', array: true }, graphql: [GraphQLInt], check: checkIntList },
  float: {
    column: { type: 'double precision' },
    graphql: GraphQLFloat,
    check: (value) => (typeof value === 'number' ? accept(value) : refuse('must be a number')),
  },
  boolean: {
    column: { type: 'boolean' },
    graphql: GraphQLBoolean,
    operators: 'boolean',
    check: (value) => (typeof value === 'boolean' ? accept(value) : refuse('must be true or false')),
  },
  instant: {
    column: { type: 'timestamptz', precision: 3 },
    graphql: instantScalar,
    operators: 'instant',
    check: checkInstant,
  },
  phone: { column: TEXT_COLUMN, graphql: GraphQLString, operators: 'text', check: checkPhone },
  writtenPhone: {
    column: TEXT_COLUMN,
    graphql: GraphQLString,
    operators: 'text',
    check: asText(
      (text) => WRITTEN_PHONE.test(text),
      'must be a phone number: 5 to 40 digits, spaces, brackets and dashes, with a plus sign before them or none',
    ),
  },
  email: {
    column: TEXT_COLUMN,
    graphql: GraphQLString,
    operators: 'text',
    check: asText(isEmail, 'must be an e-mail address'),
  },
  emailList: { column: { type: 'text', array: true }, graphql: [GraphQLString], check: checkEmailList },
  timeZone: {
    column: TEXT_COLUMN,
    graphql: GraphQLString,
    operators: 'text',
    check: asText(isTimeZone, 'must be an IANA time zone like Europe/Berlin'),
  },
  url: {
    column: TEXT_COLUMN,
    graphql: GraphQLString,
    operators: 'text',
    check: asText(isHttpUrl, 'must be an http or https address'),
  },
  json: { column: { type: 'jsonb' }, graphql: GraphQLJSONObject, check: checkJson },
  enum: {
    column: TEXT_COLUMN,
    graphql: GraphQLString,
    operators: 'enum',
    check: (value, { values }) =>
      values?.values.includes(value as string)
        ? accept(value)
        : refuse(`must be one of ${values?.values.join(', ')}`),
  },
  // As text: a whole number of 64 bits has no place in a GraphQL Int, and cursors are texts everywhere.
  position: {
    column: { type: 'bigint' },
    graphql: GraphQLString,
    check: () => refuse('cannot be set'),
  },
  fullText: {
    column: { type: 'tsvector' },
    graphql: GraphQLString,
    operators: 'fullText',
    check: () => refuse('cannot be set'),
  },
  objectList: {
    column: { type: 'jsonb' },
    graphql: GraphQLJSONObject,
    check: (value, { max = LIST_MAX }) => {
      if (!Array.isArray(value)) return refuse('must be a list');
      return value.length > max
        ? refuse(`must have at most ${max} items, not ${value.length}`)
        : accept(value);
    },
  },
};
