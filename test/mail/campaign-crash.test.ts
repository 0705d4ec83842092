import { setImmediate as nextTurn } from 'node:timers/promises';
import { SENDING_LEASE_MS } from '../../src/domain/campaign/recipient-queue';
import { TestClock, testSecret } from '../support/account';
import { eventNamesOf } from '../support/account-state';
import { type CampaignBench, openCampaignBench } from '../support/campaigns';
import { endChildren } from '../support/child';
import { testDatabaseUrl } from '../support/database';
import { startMailingProcess } from '../support/mailing-process';

const COUNT = 10_000;
const KILLS = 3;

const FILL = `
insert into contact (id, account_id, audience_id, first_name, email, created_at, updated_at)
select gen_random_uuid(), $1, $2, 'R' || at, 'r' || at || '@example.com', $3, $3 from generate_series(1, $4) as at`;

let bench: CampaignBench;

afterAll(async () => {
  await endChildren();
  await bench.close();
});

/** Settles when the campaign has ended. */
async function ended(id: string): Promise<void> {
  while ((await bench.read(id)).status === 'sending') await nextTurn();
}

async function countsByStatus(id: string): Promise<Record<string, number>> {
  const { ctx } = bench;
  const rows = await ctx.query<{ status: string; count: number }>(
    'select status, count(*)::int as count from campaign_recipient where account_id = $1 and campaign_id = $2 group by 1',
    [ctx.account.id, id],
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

test(`a campaign to ${COUNT} contacts whose sender is killed ${KILLS} times: nobody gets two, and every one is accounted for`, async () => {
  bench = await openCampaignBench(
    {
      refuseRecipient: (address) => (/^r\d*77@/.test(address) ? 550 : undefined),
      die: (address) => (/^r\d*555@/.test(address) ? 'after keeping' : undefined),
    },
    { clock: new TestClock(new Date()) },
  );
  const { ctx, server, audienceId } = bench;
  await ctx.query(FILL, [ctx.account.id, audienceId, ctx.instant(), COUNT]);
  const options = { databaseUrl: await testDatabaseUrl(), secret: testSecret, smtpUrl: server.url };
  // Each process is ahead of the one before by more than a lease, so what that one left is free at once.
  const prepare = (life: number) =>
    startMailingProcess({ ...options, aheadMs: life * (SENDING_LEASE_MS + 60_000) });
  const { id } = await bench.begin();
  let next = prepare(0);
  for (let life = 1; life <= KILLS; life += 1) {
    const child = await next;
    next = prepare(life);
    child.tell('go');
    await server.has(server.taken.length + 500 + Math.floor(Math.random() * 2000));
    await child.kill();
  }
  // Two go on together.
  const [last, other] = [await next, await prepare(KILLS)];
  for (const child of [last, other]) child.tell('go');
  await ended(id);
  for (const child of [last, other]) await child.kill();

  const received = server.addresses;
  expect(new Set(received).size).toBe(received.length);
  const counts = await countsByStatus(id);
  const { sent = 0, unknown = 0, failed = 0, ...others } = counts;
  expect(others).toEqual({});
  expect(sent + unknown + failed).toBe(COUNT);
  const all = await bench.recipients(id);
  // Who is refused is failed, or unknown when a kill came between the refusal and its record; nobody else is failed.
  const refused = all.filter(({ address }) => /^r\d*77@/.test(address));
  expect(refused).toHaveLength(COUNT / 100);
  expect(refused.filter(({ status }) => status === 'failed')).toHaveLength(failed);
  expect(refused.filter(({ status }) => status !== 'failed' && status !== 'unknown')).toEqual([]);
  // Ten addresses whose server dies, and at most what was in flight at a kill.
  expect(unknown).toBeGreaterThanOrEqual(COUNT / 1000);
  expect(unknown).toBeLessThanOrEqual(COUNT / 1000 + KILLS * 10 + KILLS * 10);
  const statusByAddress = new Map(all.map(({ address, status }) => [address, status]));
  for (const address of received) expect(['sent', 'unknown']).toContain(statusByAddress.get(address));
  const got = new Set(received);
  for (const [address, status] of statusByAddress) if (status === 'sent') expect(got.has(address)).toBe(true);
  const names = await eventNamesOf(bench.account, 'campaign');
  expect(names.filter((name) => name === 'campaign.sent')).toHaveLength(1);
}, 900_000);
