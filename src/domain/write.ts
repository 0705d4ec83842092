import { KINDS } from './field-kinds';
import { Parameters } from './filter';
import type { Statement } from './store';
import { columnOf, type Table } from './table';

type Row = Readonly<Record<string, unknown>>;

const isGiven = (row: Row, name: string) => row[name] !== undefined;

/** A value as node-postgres takes it: an array would be a list of PostgreSQL, and not JSON. */
function storedValue({ fields }: Table, name: string, value: unknown): unknown {
  const spec = fields.get(name);
  const isJson = spec && KINDS[spec.kind].column.type === 'jsonb';
  return isJson && value !== null ? JSON.stringify(value) : value;
}

/** The names of the fields that some row gives, in the order of the table. */
export function givenFields({ fields }: Table, rows: readonly Row[]): string[] {
  return [...fields.keys()].filter((name) => rows.some((row) => isGiven(row, name)));
}

// Many rows go as one value, so that the statement is the same for any number of them.
/** The records of a parameter with JSON as rows of a table, as SQL. */
export function recordsSql({ name }: Table, json: string): string {
  return `jsonb_populate_recordset(null::${name}, ${json})`;
}

/** Rows as the JSON of records, with these fields; with ids of their own where those are given. */
export function recordsJson(
  given: readonly string[],
  rows: readonly Row[],
  ids: readonly string[] = [],
): string {
  const columns = given.map((name): [string, string] => [name, columnOf(name).slice(1, -1)]);
  const records = rows.map((row, at) => {
    const record: Record<string, unknown> = { id: ids[at] };
    for (const [name, column] of columns) record[column] = row[name];
    return record;
  });
  return JSON.stringify(records);
}

/** Rows as SQL, where each begins with the values of `first`; what a row does not give has the default of its column. */
export function valuesSql(
  table: Table,
  given: readonly string[],
  rows: readonly Row[],
  parameters: Parameters,
  first: readonly string[] = [],
): string {
  const placeOf = (row: Row, name: string) =>
    isGiven(row, name) ? parameters.add(storedValue(table, name, row[name])) : 'default';
  const listOf = (row: Row) => [...first, ...given.map((name) => placeOf(row, name))].join(', ');
  return `values ${rows.map((row) => `(${listOf(row)})`).join(', ')}`;
}

/** What inserts rows in order and answers them; `onConflict` is SQL. */
export function insertStatement(table: Table, rows: readonly Row[], onConflict = ''): Statement {
  const given = givenFields(table, rows);
  const columns = given.map(columnOf).join(', ');
  const parameters = new Parameters();
  const areAlike = rows.length > 1 && rows.every((row) => given.every((name) => isGiven(row, name)));
  const source = areAlike
    ? `select ${columns} from ${recordsSql(table, parameters.add(recordsJson(given, rows)))}`
    : valuesSql(table, given, rows, parameters);
  const text = `insert into ${table.name} (${columns}) ${source} ${onConflict} returning ${table.selectList}`;
  return { text, values: parameters.values };
}

/** What changes the rows of a condition, which is made with the parameters, and answers them. */
export function updateStatement(
  table: Table,
  row: Row,
  conditionOf: (parameters: Parameters) => string,
): Statement {
  const parameters = new Parameters();
  const changes = givenFields(table, [row]).map(
    (name) => `${columnOf(name)} = ${parameters.add(storedValue(table, name, row[name]))}`,
  );
  const where = conditionOf(parameters);
  const text = `update ${table.name} set ${changes.join(', ')} where ${where} returning ${table.selectList}`;
  return { text, values: parameters.values };
}
