import { randomUUID } from 'node:crypto';
import { claimLanes, headsOf, type LaneHead } from '../../src/delivery/lanes';
import { type LaneOutcome, outcomeStatements, writeOutcomes } from '../../src/delivery/outcomes';
import { Database } from '../../src/server/database/database';
import { ownDatabaseUrl } from '../support/database';
import { type DeliveryBench, openBench } from '../support/delivery';

const DUE = '2026-03-02T10:00:00.000Z';
const LATER = '2026-03-02T10:05:00.000Z';

/** As many deliveries of an endpoint, each of a lane that is leased, in the order of their events. */
async function claimed(bench: DeliveryBench, count: number): Promise<LaneHead[]> {
  await bench.subscribe('https://hooks.example.com/in');
  for (let made = 0; made < count; made += 1) await bench.createLead();
  await bench.relayAll();
  const start = '00000000-0000-0000-0000-000000000000';
  const lanes = await claimLanes(bench.store, {
    ...{ now: bench.clock.now(), leaseId: randomUUID(), leaseMs: 90_000, limit: count, perWebhook: count },
    ...{ roomByWebhookId: new Map(), isFailing: false, after: { accountId: start, webhookId: start } },
  });
  const heads = await headsOf(bench.store, lanes);
  return heads.toSorted((a, b) => Number(a.position) - Number(b.position));
}

function outcomeOf(head: LaneHead, status: string): LaneOutcome {
  return {
    lane: head.lane,
    delivery: {
      ...{ id: head.deliveryId, status: status as 'failed', retryStep: 1 },
      nextAttemptAt: status === 'pending' ? LATER : null,
      deliveredAt: status === 'delivered' ? DUE : null,
    },
    attempt: {
      ...{ attempt: 1, at: DUE, durationMs: 3, statusCode: 200, responseHeaders: {} },
      ...{ responseBody: '', error: null },
    },
  };
}

const LANES = `
select due_at as "dueAt", lease_id as "leaseId" from webhook_lane lane
where account_id = $1 order by (
  select min(position) from webhook_delivery d
  where d.account_id = lane.account_id and d.subject_id = lane.subject_id)`;

async function stateOf({ account, store, deliveries }: DeliveryBench) {
  return {
    deliveries: (await deliveries()).map(({ status, attemptCount }) => [status, attemptCount]),
    lanes: await store.acrossAccounts.query<{ dueAt: string; leaseId: string | null }>(LANES, [
      account.ctx.account.id,
    ]),
  };
}

test('of one batch, who holds the lease decides what comes next; that something arrived counts anyhow', async () => {
  const bench = await openBench();
  const heads = await claimed(bench, 6);
  const [taken, failed, put, lostTaken, lostFailed, idle] = heads as [
    ...[LaneHead, LaneHead, LaneHead, LaneHead, LaneHead, LaneHead],
  ];
  const thief = randomUUID();
  await bench.store.acrossAccounts.query(
    'update webhook_lane set lease_id = $1 where account_id = $2 and subject_id = any($3)',
    [thief, bench.account.ctx.account.id, [lostTaken, lostFailed].map(({ lane }) => lane.subjectId)],
  );
  await writeOutcomes(bench.store, [
    ...[outcomeOf(taken, 'delivered'), outcomeOf(failed, 'failed'), outcomeOf(put, 'pending')],
    ...[outcomeOf(lostTaken, 'delivered'), outcomeOf(lostFailed, 'failed'), { lane: idle.lane }],
  ]);
  expect(await stateOf(bench)).toEqual({
    deliveries: [
      ...[
        ['delivered', 1],
        ['failed', 1],
        ['pending', 1],
      ],
      ...[
        ['delivered', 1],
        ['pending', 1],
        ['pending', 0],
      ],
    ],
    lanes: [
      { dueAt: LATER, leaseId: null },
      { dueAt: expect.any(String), leaseId: thief },
      { dueAt: expect.any(String), leaseId: thief },
      { dueAt: DUE, leaseId: null },
    ],
  });
});

test('a batch that is refused half way writes nothing, keeps its leases, and holds up no other', async () => {
  const bench = await openBench();
  const [first, second, third] = (await claimed(bench, 3)) as [LaneHead, LaneHead, LaneHead];
  // Every connection has prepared the statements, so that a batch goes in one trip.
  await Promise.all(Array.from({ length: 8 }, () => writeOutcomes(bench.store, [])));
  const before = await stateOf(bench);
  const refused = [outcomeOf(first, 'delivered'), outcomeOf(second, 'exploded')];
  for (let times = 0; times < 8; times += 1) {
    await expect(writeOutcomes(bench.store, refused)).rejects.toThrow();
    expect(await stateOf(bench)).toEqual(before);
  }
  expect(await bench.attempts(first.deliveryId)).toEqual([]);
  await writeOutcomes(bench.store, [outcomeOf(third, 'delivered')]);
  await writeOutcomes(bench.store, [outcomeOf(first, 'delivered')]);
  const { deliveries, lanes } = await stateOf(bench);
  expect(deliveries).toEqual([
    ['delivered', 1],
    ['pending', 0],
    ['delivered', 1],
  ]);
  expect(lanes).toEqual([before.lanes[1]]);
});

test('lanes are found by their key in the primary key, however little the planner knows of the queue', async () => {
  // A database that no other test has filled.
  const store = await Database.open(await ownDatabaseUrl());
  const id = '00000000-0000-0000-0000-000000000000';
  const lane = { accountId: id, webhookId: id, subjectId: id, leaseId: id };
  for (const { text, values, name } of outcomeStatements([{ lane }])) {
    const rows = await store.acrossAccounts.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect([name, plan]).toEqual([name, expect.stringContaining('webhook_lane_pkey')]);
    expect(plan).not.toMatch(/Seq Scan on webhook_lane|hashed SubPlan|webhook_lane_due/);
  }
  await store.close();
});
