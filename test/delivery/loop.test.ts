import { startLoop } from '../../src/delivery/loop';
import { startWebhooks } from '../../src/delivery/webhooks';
import { leads } from '../../src/domain/lead/lead.service';
import { testVault } from '../support/account';
import { openBench } from '../support/delivery';
import { Receiver } from '../support/receiver';

const NEVER_MS = 600_000;

test('a loop does its step at once, again when it is woken, and no more when it is stopped', async () => {
  let steps = 0;
  let hasStepped = () => {};
  const stepped = () =>
    new Promise<void>((resolve) => {
      hasStepped = resolve;
    });
  const first = stepped();
  const loop = startLoop({
    step: async () => {
      steps += 1;
      hasStepped();
      return NEVER_MS;
    },
    onError: (error) => {
      throw error;
    },
  });
  await first;
  const second = stepped();
  loop.wake();
  await second;
  expect(steps).toBe(2);
  await loop.stop();
  loop.wake();
  expect(steps).toBe(2);
});

test('a step that fails is reported, and the loop goes on', async () => {
  const errors: unknown[] = [];
  let isFailing = true;
  let hasGoneOn = () => {};
  const goneOn = new Promise<void>((resolve) => {
    hasGoneOn = resolve;
  });
  const loop = startLoop({
    step: async () => {
      if (isFailing) throw new Error('no database');
      hasGoneOn();
      return NEVER_MS;
    },
    onError: (error) => {
      errors.push(error);
      isFailing = false;
      setImmediate(() => loop.wake());
    },
  });
  await goneOn;
  await loop.stop();
  expect(errors).toEqual([new Error('no database')]);
});

test('woken, the loops deliver what was written; stopped, they finish what is under way', async () => {
  const bench = await openBench();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const receiver = await Receiver.start();
  await bench.subscribe(receiver.url);
  const errors: unknown[] = [];
  const sender = startWebhooks({
    ...{ store: bench.store, vault: testVault, now: bench.clock.now, random: Math.random },
    ...{ allow: ['127.0.0.1'], pollMs: NEVER_MS, onError: (error) => errors.push(error) },
  });
  for (let at = 0; at < 50; at += 1) {
    const { id } = await bench.createLead();
    await leads.update(bench.account.ctx, id, { company: 'Acme' });
  }
  sender.wake();
  await receiver.has(100);
  receiver.answer = () => released.then(() => ({ status: 200 }));
  await bench.createLead();
  sender.wake();
  await receiver.has(101);
  const stopping = sender.stop();
  release();
  await stopping;
  expect(errors).toEqual([]);
  expect(await bench.deliveries({ status: { ne: 'delivered' } })).toEqual([]);
  expect(await bench.deliveries()).toHaveLength(101);
});
