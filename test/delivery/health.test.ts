import { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { eventsOf } from '../support/account-state';
import { openBench } from '../support/delivery';
import { Receiver } from '../support/receiver';

const DAY = 86_400_000;

test('an endpoint that is gone (410) is disabled at once, and what was on its way is cancelled', async () => {
  const bench = await openBench({ perWebhook: 1 });
  const receiver = await Receiver.start(() => ({ status: 410 }));
  const { id } = await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.createLead();
  await bench.run();
  const disabledAt = bench.clock.at.toISOString();
  const { ctx } = bench.account;
  expect(await ctx.repo(Webhook).get(id)).toMatchObject({
    isActive: false,
    disabledAt,
    disabledReason: 'The endpoint answered 410 Gone.',
  });
  expect(receiver.received).toHaveLength(1);
  const deliveries = await bench.deliveries();
  // They are due at the same time, so either may have been sent.
  expect(deliveries.toSorted((a, b) => b.attemptCount - a.attemptCount)).toMatchObject([
    { status: 'failed', attemptCount: 1 },
    { status: 'cancelled', attemptCount: 0 },
  ]);
  expect((await eventsOf(bench.account, 'webhook')).map(({ name, changes }) => [name, changes])).toEqual([
    ['webhook.created', {}],
    [
      'webhook.disabled',
      {
        isActive: { old: true, new: false },
        disabledAt: { old: null, new: disabledAt },
        disabledReason: { old: null, new: 'The endpoint answered 410 Gone.' },
      },
    ],
  ]);
  await bench.createLead();
  expect(await bench.relayAll()).toBe(0);
  receiver.answer = () => ({ status: 200 });
  expect(await webhooks.update(ctx, id, { isActive: true })).toMatchObject({
    disabledAt: null,
    disabledReason: null,
  });
  await bench.createLead();
  await bench.run();
  expect((await bench.deliveries()).at(-1)).toMatchObject({ status: 'delivered' });
});

test('an endpoint that only fails is disabled after five days, and one success starts the count anew', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start(() => ({ status: 503 }));
  const { id } = await bench.subscribe(receiver.url);
  const state = () => bench.account.ctx.repo(Webhook).get(id);
  const fail = async () => {
    await bench.createLead();
    await bench.run();
  };
  await fail();
  const since = bench.clock.at.toISOString();
  expect(await state()).toMatchObject({ failingSince: since, isActive: true });
  bench.clock.advance(5 * DAY - 1);
  await fail();
  expect(await state()).toMatchObject({ failingSince: since, isActive: true });
  receiver.answer = () => ({ status: 200 });
  await fail();
  expect(await state()).toMatchObject({ failingSince: null, isActive: true });
  receiver.answer = () => ({ status: 503 });
  await fail();
  const anew = bench.clock.at.toISOString();
  bench.clock.advance(5 * DAY);
  await fail();
  expect(await state()).toMatchObject({
    isActive: false,
    disabledReason: `Every attempt since ${anew} has failed.`,
  });
  expect(await bench.deliveries({ status: { eq: 'pending' } })).toEqual([]);
  expect((await eventsOf(bench.account, 'webhook')).at(-1)?.name).toBe('webhook.disabled');
});
