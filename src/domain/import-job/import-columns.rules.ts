import { plainCell, valueOfText } from '../csv.rules';
import type { EntityClass, FieldSpec } from '../field';
import { writableFields } from '../input';
import { splitName } from '../lead/lead.rules';

/** Most columns of a file. */
const COLUMNS_MAX = 1_000;

const CUSTOM = 'customFields.';
/** Where a field is set by the target of the import, and no column may say otherwise. */
const TARGETS = ['audienceId', 'feedId', 'feedKind'];
// Contacts keep their names apart, and files often have them in one.
const NAME = {
  name: 'name',
  about: 'First and last name in one.',
  kind: 'text',
} as const satisfies FieldSpec;

/** The fields that columns can be, by name. */
function importableFields(entity: EntityClass): Map<string, FieldSpec> {
  const specs = writableFields(entity, 'create').filter(({ name }) => !TARGETS.includes(name));
  return new Map([NAME, ...specs].map((spec): [string, FieldSpec] => [spec.name, spec]));
}

/** Whether the text names a field that a column can be: `email`, or `customFields.plan`. */
export function isImportable(entity: EntityClass, field: string): boolean {
  return importableFields(entity).has(field) || (field.startsWith(CUSTOM) && field.length > CUSTOM.length);
}

const plain = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Turns the cells of a row into the input of a contact or a lead. */
export type RowReader = (cells: readonly string[]) => Record<string, unknown>;

/** What the titles of a file’s columns mean, or why the file cannot be read. */
export type ReadColumns = { read: RowReader; fields: string[] } | { fault: string };

/** The fields of the columns, in order; undefined is a column that is passed over. */
function fieldsOfTitles(
  entity: EntityClass,
  titles: readonly string[],
  mapping: Readonly<Record<string, string>>,
): (string | undefined)[] {
  const fieldByPlain = new Map([...importableFields(entity).keys()].map((name) => [plain(name), name]));
  return titles.map((title) => {
    const mapped = mapping[title.trim()];
    if (mapped !== undefined) return mapped || undefined;
    const isCustom = title.startsWith(CUSTOM) && title.length > CUSTOM.length;
    return isCustom ? title : fieldByPlain.get(plain(title));
  });
}

function faultOf(
  titles: readonly string[],
  fields: readonly (string | undefined)[],
  mapping: Readonly<Record<string, string>>,
): string | undefined {
  if (titles.length > COLUMNS_MAX)
    return `The file has ${titles.length} columns; at most ${COLUMNS_MAX} can be read.`;
  const trimmed = titles.map((title) => title.trim());
  const missing = Object.keys(mapping).find((title) => !trimmed.includes(title));
  if (missing !== undefined) return `The file has no column “${missing}”, which the mapping names.`;
  const known = fields.filter((field) => field !== undefined);
  if (known.length === 0)
    return `No column of the file is a field: its first row must hold titles such as firstName, email and phone, or the mapping must say what they are.`;
  const twice = known.find((field, at) => known.indexOf(field) !== at);
  return twice && `Two columns of the file are the field ${twice}: map one of them to nothing.`;
}

/** What the columns of a file are, by the mapping first, then by their titles: `First name` is `firstName`. */
export function readColumns(
  entity: EntityClass,
  titles: readonly string[],
  mapping: Readonly<Record<string, string>>,
): ReadColumns {
  const fields = fieldsOfTitles(entity, titles, mapping);
  const fault = faultOf(titles, fields, mapping);
  if (fault) return { fault };
  const specs = importableFields(entity);
  const columns = fields.flatMap((name, at) => (name ? [{ at, name, spec: specs.get(name) }] : []));
  const hasNames = specs.has('firstName') && !writableFields(entity, 'create').some(isName);
  const read: RowReader = (cells) => {
    const input: Record<string, unknown> = {};
    let custom: Record<string, unknown> | undefined;
    for (const { at, name, spec } of columns) {
      const text = plainCell(cells[at] ?? '');
      if (text.trim() === '') continue;
      if (!spec) custom = { ...custom, [name.slice(CUSTOM.length)]: text };
      else if (hasNames && name === 'name') Object.assign(input, { ...splitName(text.trim()), ...input });
      else input[name] = valueOfText(spec, text);
    }
    if (custom) input.customFields = { ...(input.customFields as object | undefined), ...custom };
    return input;
  };
  return { read, fields: columns.map(({ name }) => name) };
}

function isName({ name }: FieldSpec): boolean {
  return name === 'name';
}
