// An import of contacts over HTTP, beside a bare COPY of the same rows into the same table with its indexes.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { residentMemory, startContender } from '../stage/processes.mjs';

const require = createRequire(import.meta.url);
const ROWS = Number(process.env.ROWS ?? 1_000_000);
const POLL_MS = 500;
const CHUNK = 1_000;
const FIRST = ['Ada', 'Ben', 'Cleo', 'Dev', 'Elif', 'Finn', 'Gia', 'Hugo', 'Ines', 'Jon'];
const LAST = ['Moreno', 'Okafor', 'Petrov', 'Quist', 'Rossi', 'Sato', 'Tran', 'Ueda', 'Voss', 'Weber'];

const people = (at) => {
  const [first, last] = [FIRST[at % 10], LAST[Math.floor(at / 10) % 10]];
  return {
    first,
    last,
    email: `${first}.${last}.${at}@example.com`.toLowerCase(),
    phone: `+1202${5_000_000 + at}`,
  };
};

function* lines(head, lineOf) {
  yield head;
  for (let from = 0; from < ROWS; from += CHUNK) {
    const size = Math.min(CHUNK, ROWS - from);
    yield Array.from({ length: size }, (_, at) => lineOf(people(from + at), from + at)).join('');
  }
}

const csv = () =>
  lines(
    'First name,Last name,E-mail,Phone,Company\n',
    ({ first, last, email, phone }, at) => `${first},${last},${email},${phone},Company ${at % 5_000}\n`,
  );

async function ask({ url, key }, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function bareCopy(database, accountId, audienceId) {
  const { from: copyFrom } = require('pg-copy-streams');
  const { uuidv7 } = require('uuidv7');
  const columns =
    'id, account_id, audience_id, first_name, last_name, email, phone, phone_e164, company, created_at, updated_at';
  const now = new Date().toISOString();
  const rows = lines('', ({ first, last, email, phone }, at) => {
    const own = [uuidv7(), accountId, audienceId, first, last, email, phone, phone, `Company ${at % 5_000}`];
    return `${[...own, now, now].join('\t')}\n`;
  });
  const runner = database.dataSource.createQueryRunner();
  const client = await runner.connect();
  await client.query('set statement_timeout = 0');
  // COPY knows no row level security; the owner is free of it where it is not forced.
  await client.query('alter table contact no force row level security');
  await client.query("set switchboard.account_id = '*'");
  const started = performance.now();
  await pipeline(Readable.from(rows), client.query(copyFrom(`copy contact (${columns}) from stdin`)));
  const seconds = (performance.now() - started) / 1000;
  await client.query('alter table contact force row level security');
  await client.query('truncate contact, contact_group');
  await client.query('vacuum analyze');
  await runner.release();
  return seconds;
}

async function ours(server, audienceId) {
  const { open } = await ask(
    server,
    'mutation M($id: ID!) { open: importContacts(input: { audienceId: $id, mapping: { } }) { uploadPath importJob { id } } }',
    { id: audienceId },
  );
  const rssBefore = residentMemory(server.pid);
  let rssMost = rssBefore;
  const started = performance.now();
  const answer = await fetch(`${server.url}${open.uploadPath}`, {
    ...{ method: 'PUT', headers: { 'content-type': 'text/csv' }, body: Readable.from(csv()), duplex: 'half' },
  });
  if (answer.status !== 202) throw new Error(await answer.text());
  const uploaded = performance.now();
  for (;;) {
    const { importJob: job } = await ask(
      server,
      'query Q($id: ID!) { importJob(id: $id) { status imported failed error } }',
      { id: open.importJob.id },
    );
    rssMost = Math.max(rssMost, residentMemory(server.pid));
    if (job.status !== 'RUNNING') {
      if (job.imported !== ROWS) throw new Error(JSON.stringify(job));
      const ended = performance.now();
      return {
        uploadSeconds: (uploaded - started) / 1000,
        seconds: (ended - uploaded) / 1000,
        rssBefore,
        rssMost,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The import of a file of contacts, each with its change event. */
export async function importing() {
  const dataDir = mkdtempSync(join(tmpdir(), 'switchboard-bench-'));
  const env = { DATA_DIR: dataDir, NODE_ENV: 'development' };
  const server = await startContender('ours.mjs', env);
  try {
    require('reflect-metadata');
    const { connectTool } = require('../../dist/src/server/connection.js');
    const { loadConfig } = require('../../dist/src/config.js');
    const { database, close } = await connectTool(loadConfig({ ...process.env, ...env }));
    const made = await ask(server, 'mutation { made: createAudience(input: { name: "Bench" }) { id } }');
    const { id } = made.made;
    const [{ accountId }] = await database.acrossAccounts.query(
      'select account_id as "accountId" from audience where id = $1',
      [id],
    );
    const copySeconds = await bareCopy(database, accountId, id);
    const own = await ours(server, id);
    const [{ events }] = await database.acrossAccounts.query(
      `select count(*)::int as events from change_event where name = 'contact.created'`,
      [],
    );
    await close();
    const mb = (bytes) => Math.round(bytes / 1024 ** 2);
    return {
      tables: [
        [
          {
            ...{ rows: ROWS.toLocaleString('en'), events: events.toLocaleString('en') },
            'bare COPY rows/s': Math.round(ROWS / copySeconds),
            'import rows/s': Math.round(ROWS / own.seconds),
            ratio: (copySeconds / own.seconds).toFixed(2),
            'upload s': own.uploadSeconds.toFixed(1),
            'RSS before MB': mb(own.rssBefore),
            'RSS most MB': mb(own.rssMost),
          },
        ],
      ],
      targets: [{ about: 'rows per second, of a bare COPY', value: copySeconds / own.seconds, atLeast: 0.3 }],
    };
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
