import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { testStore } from '../support/account';
import { eventsOf } from '../support/account-state';
import { type ImportBench, openImportBench } from '../support/imports';

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

const AGAIN =
  'email,phone,firstName\nada@example.com,,New\n,(202) 555-0143,Phone\nnew@example.com,,\nNEW@example.com,,Twice\n';

describe('rows that are there', () => {
  beforeEach(async () => {
    const first = await bench.contacts('email,phone,firstName\nAda@example.com,,Ada\n,+12025550143,Ben\n');
    expect(first.counts).toBe('done 2/0/0/0 of 2');
  });

  test('are passed over', async () => {
    const { counts, lines } = await bench.contacts(AGAIN);
    expect(counts).toBe('done 1/0/3/0 of 4');
    const why = '"A contact of the audience has this e-mail address or phone number."';
    expect(lines).toEqual([`1 skipped ${why}`, `2 skipped ${why}`, '3 imported', `4 skipped ${why}`]);
    expect((await bench.stored()).map(({ firstName }) => firstName)).toEqual(['Ada', 'Ben', '']);
  });

  test('are changed, by cells that are not empty, each once and with its event', async () => {
    const { counts, lines } = await bench.contacts(AGAIN, { onDuplicate: 'update' });
    expect(counts).toBe('done 1/3/0/0 of 4');
    expect(lines).toEqual(['1 updated', '2 updated', '3 imported', '4 updated']);
    expect((await bench.stored()).map(({ firstName, email }) => [firstName, email])).toEqual([
      ['New', 'Ada@example.com'],
      ['Phone', null],
      ['Twice', 'new@example.com'],
    ]);
    const updates = (await eventsOf(bench.account, 'contact')).filter(
      ({ name }) => name === 'contact.updated',
    );
    expect(updates.map(({ changes, payload }) => [changes, payload.name])).toEqual([
      [{ firstName: { old: 'Ada', new: 'New' } }, 'New'],
      [{ firstName: { old: 'Ben', new: 'Phone' } }, 'Phone'],
      [{ firstName: { old: '', new: 'Twice' } }, 'Twice'],
    ]);
    const again = await bench.contacts(AGAIN.split('\n').slice(0, 3).join('\n'), { onDuplicate: 'update' });
    expect(again.counts).toBe('done 0/0/2/0 of 2');
    expect(again.lines).toEqual(['1 unchanged', '2 unchanged']);
    expect(await bench.audience()).toMatchObject({ contactCount: 3, emailCount: 2, phoneCount: 1 });
  });

  test('are refused', async () => {
    expect((await bench.contacts(AGAIN, { onDuplicate: 'reject' })).counts).toBe('done 1/0/0/3 of 4');
  });
});

test('rows that are there are put into groups and tagged by no more statements than one row', async () => {
  const { ctx } = bench.account;
  const group = await audienceGroups.create(ctx, { audienceId: bench.audienceId, name: 'VIP' });
  const store = await testStore();
  const statementsOf = async (kind: 'contacts' | 'leads', count: number, list: string) => {
    const rows = Array.from({ length: count }, (_, at) => `+1202555${String(1000 + at)},${list}`);
    const job = await bench.begin(
      ['phone,list', ...rows].join('\n'),
      {
        ...{ onDuplicate: 'update' },
        mapping: { list: kind === 'contacts' ? 'groupIds' : 'tagNames' },
      },
      kind,
    );
    const asked = jest.spyOn(store, 'queryIn');
    try {
      const { counts } = await bench.work(job);
      return { counts, statements: asked.mock.calls.length };
    } finally {
      asked.mockRestore();
    }
  };
  for (const [kind, list] of [
    ['contacts', group.id],
    ['leads', 'hot'],
  ] as const) {
    expect((await statementsOf(kind, 40, '')).counts).toBe('done 40/0/0/0 of 40');
    const one = await statementsOf(kind, 1, list);
    expect(one.counts).toBe('done 0/1/0/0 of 1');
    const all = await statementsOf(kind, 40, list);
    expect(all.counts).toBe('done 0/39/1/0 of 40');
    expect(all.statements).toBeLessThanOrEqual(one.statements);
  }
  expect(await audienceGroups.get(ctx, group.id)).toMatchObject({ contactCount: 40 });
});

test('of many contacts, those that are there are found one by one', async () => {
  const { ctx } = bench.account;
  const store = await testStore();
  await ctx.query(
    `insert into contact (id, account_id, audience_id, email, phone, phone_e164, created_at, updated_at)
     select gen_random_uuid(), $1, $2, at || '@example.com', '+1202' || at, '+1202' || at, now(), now()
     from generate_series(5550000, 5569999) at`,
    [ctx.account.id, bench.audienceId],
  );
  await store.acrossAccounts.query('analyze contact', []);
  const rows = Array.from(
    { length: 500 },
    (_, at) => `${5_550_000 + at}@example.com,\n,+1202${5_560_000 + at}`,
  );
  const job = await bench.begin(['email,phone', ...rows].join('\n'), { onDuplicate: 'update' });
  const asked = jest.spyOn(store, 'queryIn');
  try {
    expect((await bench.work(job)).counts).toBe('done 0/0/1000/0 of 1000');
    const [, text, values] =
      asked.mock.calls.find(([, one]) => /from contact\b[^;]*for update$/.test(one)) ?? [];
    const plan = await ctx.query<{ 'QUERY PLAN': string }>(`explain analyze ${text}`, values ?? []);
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    for (const index of ['contact_email_once', 'contact_by_phone', 'contact_by_phone_e164'])
      expect(lines).toMatch(new RegExp(`Scan (using|on) ${index}\\b`));
    expect(lines).not.toMatch(/Rows Removed by Filter: \d{4}/);
  } finally {
    asked.mockRestore();
  }
});
