import { agents } from '../../src/domain/agent/agent.service';
import { pageStatement } from '../../src/domain/page';
import { type CaseQuery, caseFilter } from '../../src/domain/support-case/case-search';
import { SupportCase } from '../../src/domain/support-case/support-case.entity';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { tableOf } from '../../src/domain/table';
import { teams } from '../../src/domain/team/team.service';
import { Database } from '../../src/server/database/database';
import { openTestAccount, type TestAccount } from '../support/account';
import { ownDatabaseUrl } from '../support/database';
import { areSearchesMarked } from '../support/marked-searches';

/** How many cases there are; the measured number of the README is of 200,000. */
const CASES = Number(process.env.SEARCH_CASES ?? 20_000);

const STEP = 10_000;

let store: Database;
let account: TestAccount;
let areMarked: boolean;

// Five words of 5,000, the first ones far more often than the last ones.
const WORDS = `(select string_agg('word' || floor(5000 * power(random(), 3))::int, ' ') from generate_series(1, 5 + at % 5))`;

const FILL = `
insert into support_case (id, account_id, case_number, summary, details, opened_by, team_id, agent_id, opened_at, assigned_at, created_at, updated_at)
select gen_random_uuid(), $1, 'CASE' || lpad(at::text, 7, '0'), ${WORDS}, ${WORDS} || case when at % 10000 = 7 then ' needle word1' else '' end,
  'somebody', $2, $3, now, now, now, now
from (select at, timestamptz '2026-01-01' + at * interval '1 minute' as now from generate_series($4::int, $5::int) at) one`;

beforeAll(async () => {
  store = await Database.open(await ownDatabaseUrl());
  account = await openTestAccount({ store });
  areMarked = await areSearchesMarked(store);
  const { ctx } = account;
  const agent = await agents.create(ctx, { firstName: 'Ann' });
  const team = await teams.create(ctx, { name: 'Help', isForAllAgents: true });
  // In steps that stay below the longest time of a statement.
  for (let at = 1; at <= CASES; at += STEP) {
    await store.acrossAccounts.query(FILL, [ctx.account.id, team.id, agent.id, at, at + STEP - 1]);
  }
  await store.acrossAccounts.query('vacuum analyze support_case', []);
  await store.acrossAccounts.query('vacuum analyze case_search', []);
}, 600_000);

afterAll(() => store.close());

async function planOf(query: CaseQuery) {
  const filter = await caseFilter(account.ctx, query);
  const { text, values } = pageStatement(tableOf(SupportCase), account.ctx.view, { filter, first: 50 });
  const [row] = await account.ctx.query<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  const plan = row?.['QUERY PLAN'][0];
  return { text: JSON.stringify(plan), ms: plan?.['Execution Time'] ?? Number.NaN };
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

test.each([
  ['needle', CASES / 10_000],
  ['needle word1', undefined],
  ['word4999', undefined],
])('a search for %j reads the index of words and no table from end to end', async (text, count) => {
  const times: number[] = [];
  for (let at = 0; at < 5; at += 1) {
    const startedAt = performance.now();
    const found = await supportCases.search(account.ctx, { text });
    times.push(performance.now() - startedAt);
    if (count !== undefined) expect(found).toHaveLength(count);
    expect(found.length).toBeGreaterThan(0);
  }
  const plan = await planOf({ text });
  if (process.env.SEARCH_CASES)
    process.stderr.write(`${text}: ${median(times)?.toFixed(1)} ms, plan ${plan.ms} ms\n`);
  // Without the marks of a superuser the words of each case of the account are looked at.
  expect(plan.text.includes('"case_search_by_word"')).toBe(areMarked);
  if (areMarked) expect(plan.text).not.toContain('"Seq Scan"');
});

test('words that most cases have are found without looking at all of them', async () => {
  const plan = await planOf({ text: 'word' });
  if (process.env.SEARCH_CASES) process.stderr.write(`word: plan ${plan.ms} ms\n`);
  expect(plan.text).not.toContain('"Seq Scan"');
});

test.each<[string, CaseQuery, RegExp]>([
  ['the newest', {}, /support_case_pkey/],
  [
    'an order by time',
    { sort: [{ field: 'lastResponseAt', direction: 'asc' }] },
    /support_case_by_last_response/,
  ],
])('%s are read by an index', async (_, query, index) => {
  const filter = await caseFilter(account.ctx, query);
  const [sort] = query.sort ?? [];
  const { text, values } = pageStatement(tableOf(SupportCase), account.ctx.view, {
    ...{ filter, first: 50 },
    ...(sort && { sort }),
  });
  const rows = await account.ctx.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(index);
});
