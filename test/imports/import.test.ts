import { audiences } from '../../src/domain/audience/audience.service';
import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { importJobs } from '../../src/domain/import-job/import-job.service';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { type ImportBench, openImportBench } from '../support/imports';

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

test('titles say what columns are, the mapping says what titles do not, and each contact has its event', async () => {
  const group = await audienceGroups.create(bench.account.ctx, { audienceId: bench.audienceId, name: 'VIP' });
  const outcome = await bench.contacts(
    `\ufeffName;E-mail;phone;Mail zwei;Plan;Junk;group ids\r\n"Ada ""A"" Moreno";ADA@example.com;(202) 555-0143;;gold;x;${group.id}\r\n\r\nBen;;'+1 202 555 0144;ben2@example.com;;y;\r\n`,
    { mapping: { 'Mail zwei': 'email2', Plan: 'customFields.plan', phone: 'phone' } },
  );
  expect(outcome.counts).toBe('done 2/0/0/0 of 2');
  expect(outcome.lines).toEqual(['1 imported', '2 imported']);
  const rows = await bench.stored();
  expect(rows).toMatchObject([
    {
      ...{ firstName: 'Ada', lastName: '"A" Moreno', name: 'Ada "A" Moreno', email: 'ADA@example.com' },
      ...{ phone: '(202) 555-0143', phoneE164: '+12025550143', customFields: { plan: 'gold' }, email2: null },
      ...{ audienceId: bench.audienceId, status: 'subscribed' },
    },
    { firstName: 'Ben', lastName: '', email: null, phone: '+1 202 555 0144', email2: 'ben2@example.com' },
  ]);
  const visible = ({ accountId, searchText, emailFolded, ...row }: Record<string, unknown>) => row;
  expect((await eventsOf(bench.account, 'contact')).map(({ payload }) => payload)).toEqual(
    rows.map((row, at) => ({ ...visible(row), groupIds: at === 0 ? [group.id] : [] })),
  );
  expect(await bench.audience()).toMatchObject({ contactCount: 2, emailCount: 1, phoneCount: 2 });
  expect(outcome.job).toMatchObject({ bytesDone: outcome.job.fileBytes, error: null });
});

test('leads are imported into a feed, with their tags, and known by their phone numbers', async () => {
  const { ctx } = bench.account;
  const csv =
    'phone,name,tag names,is stopped,custom fields\n202-555-0143,Ada Moreno,hot;new,yes,"{""a"":1}"\n';
  expect((await bench.leads(csv)).counts).toBe('done 1/0/0/0 of 1');
  const change =
    'phone,company,tagNames,customFields.b\n+12025550143,Acme,hot,2\n+12025550143,Acme,,\nx,,,\n';
  const outcome = await bench.leads(change, { onDuplicate: 'update' });
  expect(outcome.counts).toBe('done 0/1/1/1 of 3');
  expect(outcome.lines[2]).toBe(
    '3 failed "Phone must be a phone number, best in E.164 form like +12025550143."',
  );
  const { records } = await leads.recordsOfFeed(ctx, { feedId: bench.feedId, limit: 10, offset: 0 });
  expect(records).toMatchObject([
    {
      ...{ firstName: 'Ada', lastName: 'Moreno', phone: '+12025550143', company: 'Acme' },
      ...{ tagNames: ['hot'], customFields: { a: 1, b: '2' } },
    },
  ]);
  expect((await leads.page(ctx, { first: 10 })).rows).toMatchObject([{ isStopped: true }]);
  expect(
    (await eventsOf(bench.account, 'lead')).map(({ name, payload }) => [name, payload.tagNames]),
  ).toEqual([
    ['lead.created', ['hot', 'new']],
    ['lead.updated', ['hot']],
  ]);
});

test('bad rows fail one by one and the good ones are imported', async () => {
  const long = 'x'.repeat(300_000);
  const csv = Buffer.concat([
    Buffer.from(
      'email,firstName\nno address,A\na@example.com,B\n,\u0000\nb@example.com,\u0000\nc@example.com,',
    ),
    Buffer.from([0xe9, 0x0a]),
    Buffer.from(
      `d@example.com,${long}\n"e@example.com","${long.replaceAll('x', '\n""')}"\nf@example.com,F,extra\n`,
    ),
    Buffer.from('g@example.com\nh@example.com,H,\n'),
    Buffer.from(`${Array(10_000).fill('z').join(',')}\ni@example.com,"I ""said"""\r\n`),
  ]);
  const { counts, lines } = await bench.contacts(csv);
  expect(lines).toEqual([
    '1 failed "Email must be an e-mail address."',
    '2 imported',
    '3 failed "First name must not contain NUL bytes or unpaired surrogates."',
    '4 failed "First name must not contain NUL bytes or unpaired surrogates."',
    '5 failed "The row is not UTF-8."',
    '6 failed "The row is longer than 262144 bytes."',
    '7 failed "The row is longer than 262144 bytes."',
    '8 failed "The row has 3 cells, and the file 2 columns."',
    '9 imported',
    '10 imported',
    '11 failed "The row has 10000 cells, and the file 2 columns."',
    '12 imported',
  ]);
  expect(counts).toBe('done 4/0/0/8 of 12');
  expect((await bench.stored()).map(({ email, firstName }) => [email, firstName])).toEqual([
    ['a@example.com', 'B'],
    ['g@example.com', ''],
    ['h@example.com', 'H'],
    ['i@example.com', 'I "said"'],
  ]);
});

test('a quote that is never closed costs its row and what follows, not the rows before', async () => {
  const { counts, lines } = await bench.contacts(
    `email\na@example.com\n"${'b@example.com\n'.repeat(500_000)}`,
  );
  expect(counts).toBe('done 1/0/0/1 of 2');
  expect(lines[1]).toBe('2 failed "A quote in the row is never closed: what follows it could not be read."');
});

test.each([
  ['', 'The file is empty: its first row must hold the titles of its columns.'],
  [
    'a,b\n1,2\n',
    'No column of the file is a field: its first row must hold titles such as firstName, email and phone, or the mapping must say what they are.',
  ],
  ['email,E-Mail\n', 'Two columns of the file are the field email: map one of them to nothing.'],
  [
    `${Array.from({ length: 10_000 }, (_, at) => `c${at}`).join()}\n`,
    'The file has 10000 columns; at most 1000 can be read.',
  ],
  [Buffer.from('\ufeffemail\n', 'utf16le'), 'The file is UTF-16: save it as CSV in UTF-8.'],
])('a file that cannot be read fails with a sentence: %#', async (csv, error) => {
  const { job } = await bench.contacts(csv);
  expect(job).toMatchObject({ status: 'failed', error, total: 0 });
});

test('a mapping to what is no field, and targets of another account, are refused', async () => {
  const { account, audienceId, feedId } = bench;
  const stranger = await openTestAccount();
  const refusals: [() => Promise<unknown>, string][] = [
    [
      () => importJobs.importContacts(account.ctx, { audienceId, mapping: { A: 'nothing' } }),
      'The mapping says that “A” is "nothing", which is no field of contacts.',
    ],
    [
      () => importJobs.importContacts(account.ctx, { audienceId, mapping: { A: 'audienceId' } }),
      'The mapping says that “A” is "audienceId", which is no field of contacts.',
    ],
    [() => importJobs.importContacts(stranger.ctx, { audienceId }), 'Audience not found'],
    [() => importJobs.importLeads(stranger.ctx, { feedId }), 'Feed not found'],
  ];
  for (const [work, message] of refusals) {
    await withoutChange(account, () =>
      withoutChange(stranger, () => expect(work()).rejects.toThrow(message)),
    );
  }
});

test('cancelled, no row is written any more, and what was imported stays', async () => {
  const csv = `email\n${Array.from({ length: 12_000 }, (_, at) => `c${at}@example.com\n`).join('')}`;
  const job = await bench.begin(csv);
  let cancelling: Promise<unknown> | undefined;
  let [told, toldWhenCancelled] = [0, 0];
  const outcome = await bench.work(job, {
    onProgress: ({ total }) => {
      told = total;
      cancelling ??= importJobs.cancel(bench.account.ctx, job.id).then(() => {
        toldWhenCancelled = told;
      });
    },
  });
  await cancelling;
  const after = await importJobs.get(bench.account.ctx, job.id);
  expect(after.status).toBe('cancelled');
  expect([toldWhenCancelled, toldWhenCancelled + 2_000]).toContain(after.total);
  expect(await bench.audience()).toMatchObject({ contactCount: after.total });
  expect(outcome.lines).toHaveLength(after.total);
  await expect(importJobs.cancel(bench.account.ctx, job.id)).rejects.toMatchObject({
    ...{ code: 'CONFLICT', message: 'The import is over: it is cancelled already.' },
  });
});

test('the audience that goes in the middle ends the import', async () => {
  const job = await bench.begin('email\na@example.com\n');
  await audiences.delete(bench.account.ctx, bench.audienceId);
  expect((await bench.work(job)).job).toMatchObject({ status: 'failed', error: 'The audience was deleted.' });
});

test('two imports of the same rows at once: every contact once', async () => {
  const rows = Array.from({ length: 3_000 }, (_, at) =>
    at % 3 ? `c${at}@example.com,\n` : `,+1202555${String(at).padStart(4, '0')}\n`,
  );
  const jobs = [
    await bench.begin(`email,phone\n${rows.join('')}`),
    await bench.begin(`email,phone\n${rows.reverse().join('')}`),
  ];
  const outcomes = await Promise.all(jobs.map((job) => bench.work(job)));
  const sum = (key: 'imported' | 'skipped') => outcomes.reduce((all, { job }) => all + job[key], 0);
  expect([sum('imported'), sum('skipped')]).toEqual([3_000, 3_000]);
  expect(await bench.audience()).toMatchObject({ contactCount: 3_000, emailCount: 2_000, phoneCount: 1_000 });
  expect(await eventsOf(bench.account, 'contact')).toHaveLength(3_000);
});
