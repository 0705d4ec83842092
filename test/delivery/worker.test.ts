import { type Loop, startLoop } from '../../src/delivery/loop';
import { LEASE_MS } from '../../src/delivery/worker';
import { leads } from '../../src/domain/lead/lead.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { webhookDeliveries } from '../../src/domain/webhook/webhook-delivery.service';
import { openBench } from '../support/delivery';
import { Receiver, type Reply } from '../support/receiver';

/** An answer that waits until it is released. */
function held(reply: Reply = { status: 200 }) {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { answer: () => released.then(() => reply), release };
}

test('what a worker that died had taken is sent by another when its lease has run out', async () => {
  const bench = await openBench();
  const silence = held();
  const receiver = await Receiver.start(silence.answer);
  await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.relayAll();
  const dead = bench.addWorker();
  expect(await dead.start()).toMatchObject({ started: 1 });
  await receiver.has(1);
  receiver.answer = () => ({ status: 200 });
  bench.clock.advance(LEASE_MS - 1);
  expect(await bench.worker.runOnce()).toMatchObject({ started: 0 });
  bench.clock.advance(1);
  expect(await bench.worker.runOnce()).toMatchObject({ started: 1 });
  expect(receiver.received).toHaveLength(2);
  expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', attemptCount: 1 }]);
  silence.release();
  await dead.drain();
});

test('who comes back after his lease may add his attempt, and undoes nothing', async () => {
  const bench = await openBench();
  const slow = held({ status: 500 });
  const receiver = await Receiver.start(slow.answer);
  await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.relayAll();
  const late = bench.addWorker();
  await late.start();
  await receiver.has(1);
  bench.clock.advance(LEASE_MS);
  receiver.answer = () => ({ status: 200 });
  await bench.worker.runOnce();
  slow.release();
  await late.drain();
  const [delivery] = await bench.deliveries();
  expect(delivery).toMatchObject({ status: 'delivered', nextAttemptAt: null });
  expect(
    (await bench.attempts(delivery?.id as string)).map(({ statusCode }) => statusCode).toSorted(),
  ).toEqual([200, 500]);
  expect(bench.errors).toEqual([]);
});

test('the events of one record wait for one another, those of others do not', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  await bench.subscribe(receiver.url);
  const first = await bench.createLead();
  for (const company of ['a', 'b', 'c']) await leads.update(bench.account.ctx, first.id, { company });
  const second = await bench.createLead();
  receiver.answer = ({ body }) => ({ status: JSON.parse(body).data.id === first.id ? 500 : 200 });
  await bench.run();
  expect(receiver.events.map(({ type, data }) => [type, data.id]).toSorted()).toEqual(
    [
      ['lead.created', first.id],
      ['lead.created', second.id],
    ].toSorted(),
  );
  receiver.answer = () => ({ status: 200 });
  bench.clock.advance(5_000);
  await bench.run();
  const events = receiver.events.filter(({ data }) => data.id === first.id);
  expect(events.map(({ type }) => type)).toEqual([
    'lead.created',
    ...['lead.created', 'lead.updated', 'lead.updated', 'lead.updated'],
  ]);
  expect(events.slice(2).map(({ previousPosition }) => previousPosition)).toEqual(
    events.slice(1, -1).map(({ position }) => position),
  );
});

test('two workers that claim at the same moment share the work, and send nothing twice', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  for (let at = 0; at < 10; at += 1) await bench.subscribe(`${receiver.url}/${at}`);
  for (let round = 0; round < 5; round += 1) {
    for (let at = 0; at < 12; at += 1) await bench.createLead();
    await bench.relayAll();
    const workers = [bench.addWorker(), bench.addWorker(), bench.addWorker()];
    const started = await Promise.all(workers.map((worker) => worker.start()));
    expect(started.reduce((sum, one) => sum + one.started, 0)).toBe(120);
    await Promise.all(workers.map((worker) => worker.drain()));
    expect(receiver.received).toHaveLength(120 * (round + 1));
  }
});

test('an endpoint that hangs holds up nobody but itself', async () => {
  const bench = await openBench();
  const worker = bench.addWorker({ concurrency: 16, perWebhook: 4, onFree: () => loop.wake() });
  const loop: Loop = startLoop({
    step: async () => ((await worker.start()).isMore ? 0 : 60_000),
    onError: (error) => bench.errors.push(error),
  });
  const slow = held();
  const [hanging, fast] = await Promise.all([Receiver.start(slow.answer), Receiver.start()]);
  await bench.subscribe(hanging.url);
  for (let at = 0; at < 20; at += 1) await bench.createLead();
  await bench.relayAll();
  loop.wake();
  await hanging.has(4);
  await bench.subscribe(fast.url);
  for (let at = 0; at < 20; at += 1) await bench.createLead();
  await bench.relayAll();
  loop.wake();
  await fast.has(20);
  expect(hanging.received).toHaveLength(4);
  slow.release();
  await hanging.has(40);
  await loop.stop();
  await worker.drain();
  expect(new Set(hanging.events.map(({ position }) => position)).size).toBe(40);
  expect(hanging.received).toHaveLength(40);
});

test('endpoints that are known to fail share a quarter of the places, one each', async () => {
  const bench = await openBench({ concurrency: 8 });
  const receiver = await Receiver.start(() => ({ status: 500 }));
  for (let at = 0; at < 4; at += 1) await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.run();
  expect(receiver.received).toHaveLength(4);
  const slow = held();
  receiver.answer = slow.answer;
  for (let at = 0; at < 4; at += 1) await bench.createLead();
  await bench.relayAll();
  const fast = await Receiver.start();
  await bench.subscribe(fast.url);
  await bench.createLead();
  await bench.relayAll();
  expect(await bench.worker.start()).toMatchObject({ started: 3 });
  await receiver.has(6);
  await fast.has(1);
  expect(receiver.received).toHaveLength(6);
  slow.release();
  await bench.worker.drain();
});

test('a failed delivery is sent again when asked, with its schedule begun anew, and in front of later ones', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start(() => ({ status: 500 }));
  await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.run();
  for (
    let [delivery] = await bench.deliveries();
    delivery?.nextAttemptAt;
    [delivery] = await bench.deliveries()
  ) {
    bench.clock.at = new Date(delivery.nextAttemptAt);
    await bench.run();
  }
  const [failed] = await bench.deliveries();
  expect(failed).toMatchObject({ status: 'failed', attemptCount: 10 });
  const retried = await webhookDeliveries.retry(ctx, failed?.id as string);
  expect(retried).toMatchObject({ status: 'pending', nextAttemptAt: bench.clock.at.toISOString() });
  await bench.run();
  expect(await bench.deliveries()).toMatchObject([
    {
      status: 'pending',
      attemptCount: 11,
      nextAttemptAt: new Date(bench.clock.at.getTime() + 5_000).toISOString(),
    },
  ]);
  // It waits for its next try; asked again, it is sent now.
  receiver.answer = () => ({ status: 200 });
  await webhookDeliveries.retry(ctx, failed?.id as string);
  await bench.run();
  expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', attemptCount: 12 }]);
});

test('what is on its way to a webhook that is switched off or deleted is cancelled, also while it is being sent', async () => {
  const bench = await openBench({ perWebhook: 1 });
  const { ctx } = bench.account;
  const slow = held({ status: 500 });
  const receiver = await Receiver.start(slow.answer);
  const { id } = await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.createLead();
  await bench.relayAll();
  await bench.worker.start();
  await receiver.has(1);
  await webhooks.update(ctx, id, { isActive: false });
  slow.release();
  await bench.worker.drain();
  await bench.run();
  const cancelled = [{ status: 'cancelled' }, { status: 'cancelled' }];
  expect(await bench.deliveries()).toMatchObject(cancelled);
  await webhooks.update(ctx, id, { isActive: true });
  receiver.answer = () => ({ status: 500 });
  await bench.createLead();
  await bench.run();
  await webhooks.delete(ctx, id);
  expect(await bench.deliveries()).toMatchObject([...cancelled, { status: 'cancelled', attemptCount: 1 }]);
  expect(await bench.store.acrossAccounts.query('select * from webhook_lane', [])).toEqual([]);
  expect(receiver.received).toHaveLength(2);
});

test('a failure on this side is reported, and what it hit is tried again after the lease', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  const { id } = await bench.subscribe(receiver.url);
  const keys = await bench.store.acrossAccounts.query<{ keys: string }>(
    'select signing_keys as keys from webhook where id = $1',
    [id],
  );
  await bench.store.acrossAccounts.query(
    `update webhook set signing_keys = 'v1.unknown.AAAA.AAAA.AAAA' where id = $1`,
    [id],
  );
  await bench.createLead();
  await bench.run();
  expect(bench.errors).toEqual([
    new Error(
      'A stored secret was encrypted under another SECRET (key unknown): name it in SECRET_PREVIOUS.',
    ),
  ]);
  expect(await bench.deliveries()).toMatchObject([{ status: 'pending', attemptCount: 0 }]);
  await bench.store.acrossAccounts.query('update webhook set signing_keys = $2 where id = $1', [
    id,
    keys[0]?.keys,
  ]);
  bench.clock.advance(LEASE_MS);
  await bench.run();
  expect(receiver.received).toHaveLength(1);
});
