import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { importJobs } from '../../src/domain/import-job/import-job.service';
import { testSecret } from '../support/account';
import { testDatabaseUrl } from '../support/database';
import { type ImportBench, openImportBench } from '../support/imports';

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
  const { ctx } = bench.account;
  await ctx.query('update account set slug = $2 where id = $1', [ctx.account.id, `a${ctx.account.number}`]);
});

afterEach(() => bench.close());

/** The command line as it is started, with the file’s content; `onTold` hears what it writes while it runs. */
async function run(
  content: string,
  args: string[],
  onTold: (kill: (signal: 'SIGINT') => void) => Promise<void> = async () => {},
) {
  const path = join(bench.dataDir, 'people.csv');
  await writeFile(path, content);
  const [kind = '', ...options] = args;
  const account = ['--account', `a${bench.account.ctx.account.number}`];
  const child = spawn(
    process.execPath,
    [
      '--require',
      './test/support/typescript.cjs',
      'src/cli.ts',
      'import',
      kind,
      path,
      ...account,
      ...options,
    ],
    {
      env: {
        ...{ ...process.env, DATABASE_URL: await testDatabaseUrl() },
        ...{ SECRET: testSecret, DATA_DIR: bench.dataDir },
      },
    },
  );
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
    onTold((signal) => child.kill(signal)),
  ]);
  return { output, errors, code: code as number | null };
}

test('the command imports a file, says what became of it, and leaves the results', async () => {
  const csv = 'Mail,first name\na@example.com,A\nb@example.com,B\nA@example.com,C\nx,\n';
  const options = ['--audience', 'News', '--map', 'Mail=email', '--on-duplicate', 'reject'];
  const { output, code } = await run(csv, ['contacts', ...options]);
  const [file = ''] = (await readdir(join(bench.dataDir, 'imports'))).filter((name) => name.endsWith('.csv'));
  const results = join(bench.dataDir, 'imports', file);
  expect(output).toBe(
    `The import is done: 2 imported, 0 updated, 0 skipped, 2 failed.\nWhat became of each row: ${results}\n`,
  );
  expect(code).toBe(0);
  expect((await readFile(results, 'utf8')).trimEnd().split('\n')).toHaveLength(5);
  const { rows } = await importJobs.page(bench.account.ctx, {});
  expect(rows).toMatchObject([{ status: 'done', fileName: 'people.csv', total: 4, onDuplicate: 'reject' }]);
});

test('interrupted, it ends behind a batch, and says how far it came', async () => {
  const csv = `phone\n${Array.from({ length: 100_000 }, (_, at) => `+120255${String(at).padStart(5, '0')}\n`).join('')}`;
  const { ctx } = bench.account;
  const { output, code } = await run(csv, ['leads', '--feed', 'Web'], async (kill) => {
    for (;;) {
      const { rows } = await importJobs.page(ctx, {});
      if (rows[0] && rows[0].total > 0) return kill('SIGINT');
    }
  });
  const { rows } = await importJobs.page(ctx, {});
  const [job] = rows;
  const [counted] = await ctx.query<{ count: number }>(
    'select count(*)::int as count from lead where account_id = $1',
    [ctx.account.id],
  );
  expect(job).toMatchObject({ status: 'cancelled', imported: counted?.count, total: counted?.count });
  expect(job?.total).toBeLessThan(100_000);
  expect(output).toContain(
    `The import is cancelled: ${counted?.count} imported, 0 updated, 0 skipped, 0 failed.`,
  );
  expect(code).toBe(0);
});

test.each([
  [['contacts'], 'Name the audience that the contacts come into: --audience NAME.'],
  [['contacts', '--audience', 'Nobody'], 'There is no audience Nobody.'],
  [['contacts', '--audience', 'News', '--map', 'Mail'], '--map must be TITLE=FIELD, not Mail.'],
  [['leads', '--on-duplicate', 'merge'], 'On duplicate must be one of skip, update, reject.'],
  [['people'], 'Say what to import and from where: '],
])('%j is refused with a sentence', async (args, message) => {
  const { errors, code } = await run('phone\n', args);
  expect(errors).toContain(message);
  expect(code).toBe(1);
  expect((await importJobs.page(bench.account.ctx, {})).rows).toEqual([]);
});
