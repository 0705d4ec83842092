import { Client, type PoolClient } from 'pg';
import { COLUMN_TYPES } from '../../src/server/database/row-reader';
import { isPrepared, queryGroup } from '../../src/server/database/statement-group';
import { ownDatabaseUrl } from '../support/database';

let client: PoolClient;
let url: string;

beforeAll(async () => {
  url = await ownDatabaseUrl();
});
beforeEach(async () => {
  const own = new Client({ connectionString: url, types: COLUMN_TYPES, options: '-c timezone=UTC' });
  await own.connect();
  client = own as unknown as PoolClient;
});
afterEach(() => (client as unknown as Client).end());

const one = (text: string, values: unknown[], name?: string) => ({ text, values, ...(name && { name }) });
const ALL_KINDS = `
select $1::int as "whole", 1.5::float8 as "real", 12345678901234::int8 as "big", 1.10::numeric as "exact",
  true as "yes", false as "no", null::int as "none", 'Zoë "it''s" \\ 🙂' as "text", '' as "empty",
  '{"a": [1, null]}'::jsonb as "json", '{a,NULL,"b c"}'::text[] as "list", '{1,2}'::int[] as "numbers",
  '2026-06-17 12:00:00.5+02'::timestamptz as "instant", '2026-06-17'::date as "date",
  '\\x00ff'::bytea as "bytes", '01890000-0000-7000-8000-000000000000'::uuid as "id"`;

test('values are read as by node-postgres itself, when a statement is prepared and when its columns are known', async () => {
  const { rows } = await (client as unknown as Client).query({ text: ALL_KINDS, values: [7] });
  expect(rows[0]).toMatchObject({ whole: 7, none: null, empty: '', instant: '2026-06-17T10:00:00.500Z' });
  for (const name of [undefined, 'all kinds', 'all kinds', 'all kinds']) {
    expect(await queryGroup(client, [one(ALL_KINDS, [7], name)])).toEqual([rows]);
  }
});

test('statements of a group have their own rows, those without any included', async () => {
  await queryGroup(client, [one('create temporary table item (n int)', [])]);
  const add = one('insert into item select generate_series(1, $1::int)', [3], 'add');
  const read = one('select n, $1::text as word from item order by n', ['w'], 'read');
  const none = one('select n from item where n > $1', [99], 'none');
  for (const statement of [add, none]) await queryGroup(client, [statement]);
  expect([add, read, none].map((statement) => isPrepared(client, statement))).toEqual([true, false, true]);
  await queryGroup(client, [one('truncate item', [])]);
  const rows = [1, 2, 3].map((n) => ({ n, word: 'w' }));
  expect(await queryGroup(client, [add, none, read])).toEqual([[], [], rows]);
  expect(await queryGroup(client, [read, none])).toEqual([rows, []]);
});

test('when one of a group fails, all do, and the connection goes on', async () => {
  await queryGroup(client, [one('create temporary table item (n int check (n > 0))', [])]);
  const add = one('insert into item values ($1)', [1], 'add');
  await queryGroup(client, [add]);
  await expect(queryGroup(client, [add, { ...add, values: [-1] }])).rejects.toMatchObject({ code: '23514' });
  const bad = one('select nothing from item', []);
  await expect(queryGroup(client, [add, bad])).rejects.toMatchObject({ code: '42703' });
  expect(await queryGroup(client, [one('select n from item', [])])).toEqual([[{ n: 1 }]]);
});

test('what cannot be sent is told, and nothing is sent', async () => {
  await queryGroup(client, [one('create temporary table item (n jsonb)', [])]);
  const add = one('insert into item values ($1)', [{ a: 1 }], 'add');
  await queryGroup(client, [add]);
  const circle: { self?: object } = {};
  circle.self = circle;
  await expect(queryGroup(client, [add, { ...add, values: [circle] }])).rejects.toThrow('circular');
  await expect(queryGroup(client, [add, one('select 1', [], 'add')])).rejects.toThrow(
    'Two statements have the name add.',
  );
  expect(await queryGroup(client, [one('select n from item', [])])).toEqual([[{ n: { a: 1 } }]]);
});

test('a value that cannot be read fails its statement alone', async () => {
  const unreadable = { getTypeParser: COLUMN_TYPES.getTypeParser };
  jest.spyOn(COLUMN_TYPES, 'getTypeParser').mockImplementation(((oid: number) =>
    oid === 1082
      ? () => {
          throw new Error('no date');
        }
      : unreadable.getTypeParser(oid)) as never);
  await expect(
    queryGroup(client, [one(`select '2026-06-17'::date as "unreadable date"`, [])]),
  ).rejects.toThrow('no date');
  jest.restoreAllMocks();
  expect(await queryGroup(client, [one('select 1 as one', [])])).toEqual([[{ one: 1 }]]);
});

test('a statement whose columns have changed fails as PostgreSQL has it, until a new connection prepares it', async () => {
  await queryGroup(client, [one('create temporary table item (n int)', [])]);
  const read = one('select * from item where $1', [true], 'read');
  for (let times = 0; times < 3; times += 1) expect(await queryGroup(client, [read])).toEqual([[]]);
  await queryGroup(client, [one('alter table item add column more text', [])]);
  await expect(queryGroup(client, [read])).rejects.toThrow('cached plan must not change result type');
});
