import { LEASE_MS } from '../../src/delivery/worker';
import { leads } from '../../src/domain/lead/lead.service';
import { TestClock, testSecret } from '../support/account';
import { endChildren } from '../support/child';
import { testDatabaseUrl } from '../support/database';
import { openBench } from '../support/delivery';
import { startDeliveryProcess } from '../support/delivery-process';
import { Receiver } from '../support/receiver';

const KILLS = 20;
const WRITERS = 4;
const LEADS_PER_LIFE = 3;
const MOST_ARRIVALS = WRITERS * LEADS_PER_LIFE * 3;

afterAll(() => endChildren());

test(`a sender killed ${KILLS} times while leads are written: each event arrives, none is lost, each record in order`, async () => {
  const bench = await openBench({ clock: new TestClock(new Date()) });
  const { ctx } = bench.account;
  const receivers = [await Receiver.start(), await Receiver.start()] as const;
  for (const { url } of receivers) await bench.subscribe(url);
  const write = async () => {
    for (let at = 0; at < LEADS_PER_LIFE; at += 1) {
      const { id } = await bench.createLead();
      await leads.update(ctx, id, { company: 'Acme' });
      await leads.delete(ctx, id);
    }
  };
  const options = { databaseUrl: await testDatabaseUrl(), secret: testSecret };
  const [receiver] = receivers;
  // Every process is ahead of the one before by more than a lease, so what that one held is free at once.
  const prepare = (life: number) => startDeliveryProcess({ ...options, aheadMs: life * (LEASE_MS + 60_000) });
  let next = prepare(0);
  const writing: Promise<void>[] = [];
  for (let life = 1; life <= KILLS; life += 1) {
    const child = await next;
    const dies = receiver.has(receiver.received.length + 1 + Math.floor(Math.random() * MOST_ARRIVALS));
    for (let writer = 0; writer < WRITERS; writer += 1) writing.push(write());
    child.tell('go');
    next = prepare(life);
    await dies;
    await child.kill();
  }
  await Promise.all(writing);
  const last = await next;
  last.tell('go');
  const log = await ctx.query<{ position: number; subjectId: string }>(
    `select position::int, subject_id as "subjectId" from change_event where account_id = $1 and subject = 'lead' order by position`,
    [ctx.account.id],
  );
  const positions = log.map(({ position }) => position);
  for (const one of receivers) {
    while (new Set(one.events.map(({ position }) => position)).size < positions.length) {
      await one.has(one.received.length + 1);
    }
  }
  await last.kill();
  for (const { events } of receivers) {
    const firsts = [...new Set(events.map(({ position }) => position))];
    expect(firsts.toSorted((a, b) => a - b)).toEqual(positions);
    const lastByLead = new Map<string, number>();
    for (const { data, position, previousPosition } of events) {
      const seen = lastByLead.get(data.id) ?? null;
      // What arrives again was sent by a process that died before it wrote the answer down.
      if (position !== seen) expect(previousPosition).toBe(seen);
      lastByLead.set(data.id, position);
    }
  }
  const counts = await ctx.query<{ count: number }>(
    'select count(*)::int as count from webhook_delivery where account_id = $1 group by webhook_id, position',
    [ctx.account.id],
  );
  expect(counts.every(({ count }) => count === 1)).toBe(true);
  expect(counts).toHaveLength(2 * positions.length);
}, 600_000);
