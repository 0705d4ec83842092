import { invalid } from './error';
import type { FieldSpec } from './field';
import { isUuid, KINDS } from './field-kinds';
import { columnOf, type Table } from './table';
import { isStorable } from './text';

/** Conditions on one field; all of them must hold. */
export interface Condition {
  eq?: unknown;
  ne?: unknown;
  in?: unknown[];
  lt?: unknown;
  lte?: unknown;
  gt?: unknown;
  gte?: unknown;
  contains?: string;
  startsWith?: string;
  isNull?: boolean;
  /** Words, each of which has to stand in the row as the beginning of one. */
  matches?: string;
}

/** Conditions by field, and combinations of filters; everything given must hold. */
export interface Filter {
  and?: Filter[];
  or?: Filter[];
  not?: Filter;
  [field: string]: Condition | Filter | Filter[] | undefined;
}

const PARTS_MAX = 1_000;

/** The values of a statement under construction. */
export class Parameters {
  readonly values: unknown[] = [];
  private parts = 0;

  /** Takes a value in and answers its placeholder. */
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** Counts a condition or a combination. Throws INVALID when they become too many for one statement. */
  countPart(): void {
    this.parts += 1;
    if (this.parts > PARTS_MAX) throw invalid({ filter: [`A filter has at most ${PARTS_MAX} conditions.`] });
  }
}

const LIST_MAX = 100;
const COMPARISONS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** The text as part of a pattern of `like`, in which it stands for itself. */
export function escapeLike(text: unknown): string {
  return String(text).replace(/[\\%_]/g, '\\$&');
}

function checkOperand(spec: FieldSpec, value: unknown): void {
  if (Array.isArray(value)) {
    if (value.length > LIST_MAX)
      throw invalid({ [spec.name]: [`A list in a filter has at most ${LIST_MAX} items.`] });
    for (const item of value) checkOperand(spec, item);
  } else if (typeof value === 'string' && !isStorable(value)) {
    throw invalid({
      [spec.name]: [`The filter on ${spec.name} contains a NUL byte or an unpaired surrogate.`],
    });
  }
}

/** The column of a field, and how a value stands beside it where upper and lower case are alike. */
function caseOf({ name, foldedIn }: FieldSpec): { column: string; fold: (value: unknown) => unknown } {
  const fold = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);
  return foldedIn ? { column: columnOf(foldedIn), fold } : { column: columnOf(name), fold: (value) => value };
}

// Shorter texts have no trigram (https://www.postgresql.org/docs/current/pgtrgm.html).
const TRIGRAM = /[\p{L}\p{N}]{3}/u;
const hasTrigram = (part: unknown) => typeof part === 'string' && TRIGRAM.test(part);

/** That the text has the part in it, or begins with it. */
function partSql(
  { name, searchedIn }: FieldSpec,
  start: string,
  part: unknown,
  parameters: Parameters,
): string {
  const own = `${columnOf(name)} ilike ${parameters.add(`${start}${escapeLike(part)}%`)}`;
  if (!searchedIn || !hasTrigram(part)) return own;
  const near = `${columnOf(searchedIn)} like lower(${parameters.add(`%${escapeLike(part)}%`)})`;
  return `${near} and ${own}`;
}

/**
 * Whether the filter holds only for rows that an index on an expression finds, and PostgreSQL guesses too high how many
 * these are: those with a part of a text, and those with a text in whatever case.
 */
export function isTextSearch(table: Table, filter: Filter | undefined): boolean {
  return Object.entries(filter ?? {}).some(([name, value]) => {
    if (name === 'and') return (value as Filter[] | null)?.some((part) => isTextSearch(table, part));
    const { foldedIn, searchedIn } = table.fields.get(name) ?? {};
    const { eq, in: list, contains, startsWith } = (value ?? {}) as Condition;
    const isWhole = foldedIn && (typeof eq === 'string' || Array.isArray(list));
    return isWhole || (searchedIn && (hasTrigram(contains) || hasTrigram(startsWith)));
  });
}

function conditionSql(spec: FieldSpec, operator: string, operand: unknown, parameters: Parameters): string {
  const { column, fold } = caseOf(spec);
  const isId = KINDS[spec.kind].operators === 'id';
  const known = (value: unknown) => !isId || isUuid(value);
  switch (operator) {
    case 'eq':
      if (operand === null) return `${column} is null`;
      return known(operand) ? `${column} = ${parameters.add(fold(operand))}` : 'false';
    case 'ne':
      if (operand === null) return `${column} is not null`;
      return known(operand) ? `${column} is distinct from ${parameters.add(fold(operand))}` : 'true';
    case 'in':
      return `${column} = any(${parameters.add((operand as unknown[]).filter(known).map(fold))})`;
    case 'isNull':
      return operand ? `${column} is null` : `${column} is not null`;
    case 'contains':
      return partSql(spec, '%', operand, parameters);
    case 'startsWith':
      return partSql(spec, '', operand, parameters);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return `${column} ${COMPARISONS[operator]} ${parameters.add(operand)}`;
    default:
      throw invalid({ [spec.name]: [`${operator} is no operator of a filter.`] });
  }
}

/** A condition on the rows that a join table ties to the row. */
function linkSql(
  table: Table,
  { name, through }: FieldSpec,
  operator: string,
  operand: unknown,
  parameters: Parameters,
): string {
  if (!through) throw new Error(`${name} names no join table`);
  const linked = (condition: string) =>
    `exists (select from ${through.table} link where link."account_id" = ${table.name}."account_id"
      and link."${through.ownColumn}" = ${table.name}."id" and ${condition})`;
  const among = (values: unknown[]) =>
    linked(`link."${through.targetColumn}" = any(${parameters.add(values.filter(isUuid))})`);
  switch (operator) {
    case 'eq':
      return operand === null ? `not ${linked('true')}` : among([operand]);
    case 'ne':
      return operand === null ? linked('true') : `not ${among([operand])}`;
    case 'in':
      return among(operand as unknown[]);
    case 'isNull':
      return `${operand ? 'not ' : ''}${linked('true')}`;
    default:
      throw invalid({ [name]: [`${operator} is no operator of a filter.`] });
  }
}

const WORDS_MAX = 20;

/** The words of a search as a tsquery: each of them has to be there, at least as the beginning of another. */
function wordsQuery(text: string): string {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const quoted = words.slice(0, WORDS_MAX).map((word) => `'${word.replace(/['\\]/g, '\\$&')}':*`);
  return quoted.join(' & ');
}

/** That the row has the words; a text without words is in no row. The account is the first value of every statement. */
function wordsSql(
  table: Table,
  { name, wordIndex }: FieldSpec,
  operator: string,
  operand: unknown,
  parameters: Parameters,
) {
  if (!wordIndex) throw new Error(`${name} names no index of words`);
  if (operator !== 'matches')
    throw invalid({ [name]: [`${operator} is no operator of a search for words.`] });
  const query = parameters.add(wordsQuery(String(operand)));
  return `${table.name}."id" in (select word."${wordIndex.ownColumn}" from ${wordIndex.table} word
    where word."account_id" = $1 and word."${wordIndex.column}" @@ to_tsquery('simple', ${query}))`;
}

function fieldSql(table: Table, name: string, condition: Condition, parameters: Parameters): string[] {
  const link = table.links.get(name);
  const words = table.wordIndexes.get(name);
  const spec = link ?? words ?? table.fields.get(name);
  if (!spec) throw invalid({ [name]: [`${name} is no field to filter by.`] });
  return Object.entries(condition)
    .filter(
      ([operator, operand]) => operand !== undefined && (operand !== null || /^(eq|ne)$/.test(operator)),
    )
    .map(([operator, operand]) => {
      parameters.countPart();
      checkOperand(spec, operand);
      if (words) return wordsSql(table, words, operator, operand, parameters);
      return link
        ? linkSql(table, link, operator, operand, parameters)
        : conditionSql(spec, operator, operand, parameters);
    });
}

/** The SQL condition of a filter; its values go into the parameters. Throws INVALID that names the field. */
export function filterSql(table: Table, filter: Filter | undefined, parameters: Parameters): string {
  parameters.countPart();
  const all = (filters: Filter[], glue: string) =>
    filters.map((part) => `(${filterSql(table, part, parameters)})`).join(glue);
  const parts = Object.entries(filter ?? {}).flatMap(([name, value]) => {
    if (value === undefined || value === null) return [];
    if (name === 'and') return (value as Filter[]).length ? [all(value as Filter[], ' and ')] : [];
    if (name === 'or') return [(value as Filter[]).length ? `(${all(value as Filter[], ' or ')})` : 'false'];
    if (name === 'not') return [`not coalesce(${filterSql(table, value as Filter, parameters)}, false)`];
    return fieldSql(table, name, value as Condition, parameters);
  });
  return parts.length ? parts.join(' and ') : 'true';
}
