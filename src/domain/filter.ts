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

function escapeLike(text: unknown): string {
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

function conditionSql(spec: FieldSpec, operator: string, operand: unknown, parameters: Parameters): string {
  const column = columnOf(spec.name);
  const isId = KINDS[spec.kind].operators === 'id';
  const known = (value: unknown) => !isId || isUuid(value);
  switch (operator) {
    case 'eq':
      if (operand === null) return `${column} is null`;
      return known(operand) ? `${column} = ${parameters.add(operand)}` : 'false';
    case 'ne':
      if (operand === null) return `${column} is not null`;
      return known(operand) ? `${column} is distinct from ${parameters.add(operand)}` : 'true';
    case 'in':
      return `${column} = any(${parameters.add((operand as unknown[]).filter(known))})`;
    case 'isNull':
      return operand ? `${column} is null` : `${column} is not null`;
    case 'contains':
      return `${column} ilike ${parameters.add(`%${escapeLike(operand)}%`)}`;
    case 'startsWith':
      return `${column} ilike ${parameters.add(`${escapeLike(operand)}%`)}`;
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return `${column} ${COMPARISONS[operator]} ${parameters.add(operand)}`;
    default:
      throw invalid({ [spec.name]: [`${operator} is no operator of a filter.`] });
  }
}

function fieldSql(table: Table, name: string, condition: Condition, parameters: Parameters): string[] {
  const spec = table.fields.get(name);
  if (!spec) throw invalid({ [name]: [`${name} is no field to filter by.`] });
  return Object.entries(condition)
    .filter(
      ([operator, operand]) => operand !== undefined && (operand !== null || /^(eq|ne)$/.test(operator)),
    )
    .map(([operator, operand]) => {
      parameters.countPart();
      checkOperand(spec, operand);
      return conditionSql(spec, operator, operand, parameters);
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
