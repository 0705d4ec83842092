import { invalid } from './error';
import { type Filter, filterSql, isTextSearch, Parameters } from './filter';
import { type Projection, projected } from './projection';
import type { Statement } from './store';
import { columnOf, type Table } from './table';
import { type View, viewSql } from './view';

/** Order of a list; rows of equal value are ordered by id, empty values come last. */
export interface Sort {
  field: string;
  direction: 'asc' | 'desc';
}

/** Which part of a list is wanted, in Relay's terms; cursors are texts from an earlier answer. */
export interface PageRequest {
  filter?: Filter;
  sort?: Sort;
  first?: number;
  after?: string;
  last?: number;
  before?: string;
}

/** One part of a list. */
export interface Page<T> {
  rows: T[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  cursorOf: (row: T) => string;
  /** Counts all rows of the filter; a statement of its own, so only when asked. */
  count: () => Promise<number>;
}

/** Most rows of one page. */
export const PAGE_MAX = 100;
/** Rows of a page when no size is given. */
export const PAGE_DEFAULT = 20;

const NEWEST_FIRST: Sort = { field: 'id', direction: 'desc' };

type Position = [value: unknown, id: string];

function encodeCursor(sort: Sort, [value, id]: Position): string {
  return Buffer.from(JSON.stringify([sort.field, sort.direction, value, id])).toString('base64url');
}

function decodeCursor(argument: 'after' | 'before', cursor: string, sort: Sort): Position {
  const refuse = (why: string) => invalid({ [argument]: [`${argument} ${why}`] });
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw refuse('is not a cursor: pass a cursor from an earlier answer.');
  }
  if (!Array.isArray(parts) || parts.length !== 4 || !/^[0-9a-f-]{36}$/.test(String(parts[3]))) {
    throw refuse('is not a cursor: pass a cursor from an earlier answer.');
  }
  if (parts[0] !== sort.field || parts[1] !== sort.direction) {
    throw refuse('belongs to a list in another order: start again without it.');
  }
  if (parts[2] !== null && typeof parts[2] === 'object') throw refuse('is not a cursor.');
  return [parts[2], parts[3] as string];
}

/** How many rows are wanted and from which end; throws INVALID for sizes out of range. */
export function pageSize({ first, last }: PageRequest): { size: number; isFromEnd: boolean } {
  if (first != null && last != null) throw invalid({ first: ['Give either first or last, not both.'] });
  const name = last == null ? 'first' : 'last';
  const size = first ?? last ?? PAGE_DEFAULT;
  if (size < 1 || size > PAGE_MAX)
    throw invalid({ [name]: [`${name} must be from 1 to ${PAGE_MAX}, not ${size}.`] });
  return { size, isFromEnd: last != null };
}

/** The condition that a row stands after (or before) the position in the order of the list. */
function besideSql(
  side: 'after' | 'before',
  sort: Sort,
  [value, id]: Position,
  isNullable: boolean,
  parameters: Parameters,
): string {
  const operator = (sort.direction === 'asc') === (side === 'after') ? '>' : '<';
  const column = columnOf(sort.field);
  const idPlace = parameters.add(id);
  if (sort.field === 'id') return `"id" ${operator} ${idPlace}`;
  if (value === null) {
    const others = side === 'after' ? `${column} is null and` : `${column} is not null or`;
    return `(${others} "id" ${operator} ${idPlace})`;
  }
  const beside = `(${column}, "id") ${operator} (${parameters.add(value)}, ${idPlace})`;
  return isNullable && side === 'after' ? `(${beside} or ${column} is null)` : beside;
}

/**
 * What a part of a list is read from. The rows of a search for a text are found before they are ordered (`offset 0`
 * sees to it): in the order of the list they may stand behind all others.
 */
export function sourceSql(table: Table, filter: Filter | undefined, where: string): string {
  if (!isTextSearch(table, filter)) return `${table.name} where ${where}`;
  return `(select * from ${table.name} where ${where} offset 0) ${table.name}`;
}

/** The statement of one page (one row more than asked, to see whether another follows). */
export function pageStatement(
  table: Table,
  view: View,
  request: PageRequest,
  projection?: Projection,
): Statement {
  const sort = request.sort ?? NEWEST_FIRST;
  const spec = table.fields.get(sort.field);
  if (!spec?.sortable) throw invalid({ sort: [`${sort.field} is no field to sort by.`] });
  const { size, isFromEnd } = pageSize(request);
  const parameters = new Parameters();
  const isNullable = spec.nullable ?? false;
  const conditions = [viewSql(table, view, parameters), filterSql(table, request.filter, parameters)];
  for (const side of ['after', 'before'] as const) {
    const cursor = request[side];
    if (cursor == null) continue;
    conditions.push(besideSql(side, sort, decodeCursor(side, cursor, sort), isNullable, parameters));
  }
  const source = sourceSql(table, request.filter, conditions.join(' and '));
  // A cursor holds the value that the list is ordered by.
  const columns = projected(table.entity, projection, [sort.field]);
  const text = `select ${columns} from ${source} order by ${orderSql(sort, isFromEnd)} limit ${size + 1}`;
  return { text, values: parameters.values };
}

/** The ORDER BY list of a sort; empty values last, or first when read from the end. */
export function orderSql(sort: Sort, isFromEnd = false): string {
  const isAscending = (sort.direction === 'asc') !== isFromEnd;
  const direction = isAscending ? 'asc' : 'desc';
  if (sort.field === 'id') return `"id" ${direction}`;
  return `${columnOf(sort.field)} ${direction} nulls ${isFromEnd ? 'first' : 'last'}, "id" ${direction}`;
}

/** The ORDER BY list of several sorts, each for what those before it leave equal; empty values last. */
export function ordersSql(table: Table, sorts: Sort[]): string {
  const parts = sorts.map(({ field, direction }) => {
    // An index serves an order only when both say the same of empty values.
    const nulls = table.fields.get(field)?.nullable ? ' nulls last' : '';
    return `${columnOf(field)} ${direction}${nulls}`;
  });
  return [...parts, `"id" ${sorts.at(-1)?.direction ?? 'desc'}`].join(', ');
}

/** The statement that counts all rows of a filter. */
export function countStatement(table: Table, view: View, filter: Filter | undefined): Statement {
  const parameters = new Parameters();
  const text = `select count(*)::int as count from ${table.name} where ${viewSql(table, view, parameters)} and ${filterSql(table, filter, parameters)}`;
  return { text, values: parameters.values };
}

/** Puts the fetched rows (one more than asked where there are more) into the shape of a page. */
export function toPage<T extends { id: string }>(
  fetched: T[],
  request: PageRequest,
  count: () => Promise<number>,
): Page<T> {
  const sort = request.sort ?? NEWEST_FIRST;
  const { size, isFromEnd } = pageSize(request);
  const hasMore = fetched.length > size;
  const rows = fetched.slice(0, size);
  if (isFromEnd) rows.reverse();
  return {
    rows,
    hasNextPage: isFromEnd ? request.before != null : hasMore,
    hasPreviousPage: isFromEnd ? hasMore : request.after != null,
    cursorOf: (row) => encodeCursor(sort, [(row as Record<string, unknown>)[sort.field] ?? null, row.id]),
    count,
  };
}
