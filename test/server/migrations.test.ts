import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/domain/entities';
import { nounOf } from '../../src/domain/entity';
import { KINDS } from '../../src/domain/field-kinds';
import { tableOf } from '../../src/domain/table';
import { snakeCase } from '../../src/domain/text';
import { Database } from '../../src/server/database/database';
import { ownDatabaseUrl, testDatabaseUrl } from '../support/database';

const TYPES: Record<string, string> = { int: 'integer', timestamptz: 'timestamp with time zone' };

let database: Database;

beforeAll(async () => {
  database = await Database.open(await testDatabaseUrl());
});

afterAll(() => database.close());

interface Column {
  column: string;
  type: string;
  isNullable: boolean;
}

const COLUMNS = `
select column_name as "column", is_nullable = 'YES' as "isNullable",
  case when data_type = 'ARRAY' then ltrim(udt_name, '_') || '[]' else data_type end as type
from information_schema.columns where table_schema = 'public' and table_name = $1 order by 1`;

describe.each(ENTITIES.map((entity) => [nounOf(entity).name, entity] as const))('%s', (_, entity) => {
  const table = tableOf(entity);
  const name = table.name.replaceAll('"', '');

  test('has in the database the columns that its fields declare', async () => {
    const declared = [...table.fields.values()].map(({ name: field, kind, nullable }) => {
      const { type, array } = KINDS[kind].column;
      const known = TYPES[type as string] ?? (type as string);
      return { column: snakeCase(field), isNullable: nullable ?? false, type: array ? `${known}[]` : known };
    });
    const actual = await database.acrossAccounts.query<Column & Record<string, unknown>>(COLUMNS, [name]);
    expect(actual).toEqual(declared.toSorted((a, b) => (a.column < b.column ? -1 : 1)));
  });

  test('allows in the database exactly the words of its enumerations', async () => {
    const checks = await database.acrossAccounts.query<{ text: string }>(
      `select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = $1::regclass and contype = 'c'`,
      [table.name],
    );
    for (const { name: field, values } of table.fields.values()) {
      if (!values) continue;
      const check = checks.find(({ text }) => text.startsWith(`CHECK ((${snakeCase(field)} = ANY`));
      const words = [...(check?.text ?? '').matchAll(/'([^']+)'/g)].map((match) => match[1]);
      expect({ field, words }).toEqual({ field, words: [...values.values] });
    }
  });

  test('has an index for every field that can be sorted by', async () => {
    const indexes = await database.acrossAccounts.query<{ indexdef: string }>(
      'select indexdef from pg_indexes where tablename = $1',
      [name],
    );
    for (const { name: field, sortable } of table.fields.values()) {
      if (!sortable) continue;
      const column = snakeCase(field);
      const wanted = ['id', 'number'].includes(column)
        ? `(account_id, ${column})`
        : `(account_id, ${column}, id)`;
      expect({ field, isIndexed: indexes.some(({ indexdef }) => indexdef.includes(wanted)) }).toEqual({
        field,
        isIndexed: true,
      });
    }
  });
});

test('every migration can be taken back and run again', async () => {
  const admin = new Client({ connectionString: await testDatabaseUrl() });
  const name = `migrations_${process.pid}`;
  const url = new URL(await testDatabaseUrl());
  url.pathname = `/${name}`;
  await admin.connect();
  await admin.query(`create database ${name}`);
  try {
    const scratch = await Database.open(url.href);
    const ran = await scratch.migrate();
    expect(await scratch.isReady()).toBe(true);
    for (const _ of ran) await scratch.dataSource.undoLastMigration();
    const left = await scratch.acrossAccounts.query(
      `select table_name from information_schema.tables where table_schema = 'public' and table_name <> 'migration'`,
      [],
    );
    expect(left).toEqual([]);
    expect(await scratch.isReady()).toBe(false);
    expect(await scratch.migrate()).toEqual(ran);
    await scratch.close();
  } finally {
    await admin.query(`drop database ${name}`);
    await admin.end();
  }
});

test('a migration sees the rows of all accounts, and may take longer than a request', async () => {
  const scratch = await Database.open(await ownDatabaseUrl(), { poolSize: 2 });
  const { across } = scratch as unknown as { across: DataSource };
  const settings = `select current_setting('switchboard.account_id') as reach, current_setting('statement_timeout') as longest`;
  const seen: unknown[] = [];
  across.migrations.push({
    name: 'Look4102444800000',
    up: async (runner) => {
      seen.push(...(await runner.query(settings)));
    },
    down: async () => {},
  });
  expect(await scratch.migrate()).toEqual(['Look4102444800000']);
  expect(seen).toEqual([{ reach: '*', longest: '0' }]);
  for (let one = 0; one < 2; one += 1)
    expect(await scratch.acrossAccounts.query(settings, [])).toEqual([{ reach: '*', longest: '30s' }]);
  await scratch.close();
});

test('two processes that migrate at once do not collide', async () => {
  const others = await Promise.all([1, 2].map(async () => Database.open(await testDatabaseUrl())));
  await expect(Promise.all(others.map((other) => other.migrate()))).resolves.toEqual([[], []]);
  await Promise.all(others.map((other) => other.close()));
});
