import { purgeDeliveries } from '../../src/delivery/purge';
import { leads } from '../../src/domain/lead/lead.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { openTestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { openBench } from '../support/delivery';
import { Receiver } from '../support/receiver';

const INPUT = { name: 'hook', url: 'https://example.com/hook', events: ['lead.*'] };

describe('a replay', () => {
  test('sends again what the webhook wants of a stretch, by cursors or by time, under the same ids', async () => {
    const bench = await openBench();
    const { ctx } = bench.account;
    const receiver = await Receiver.start();
    const { id } = await bench.subscribe(receiver.url, { events: ['lead.created'] });
    const instants: string[] = [];
    for (let at = 0; at < 4; at += 1) {
      instants.push(bench.clock.at.toISOString());
      const lead = await bench.createLead();
      await leads.update(ctx, lead.id, { company: 'x' });
      bench.clock.advance(60_000);
    }
    await bench.run();
    // Of different leads, so they came in any order.
    const live = receiver.events.toSorted((a, b) => a.position - b.position);
    const sent = async () => {
      const before = receiver.received.length;
      await bench.run();
      return receiver.events
        .slice(before)
        .map(({ position }) => live.findIndex((one) => one.position === position));
    };
    const byTime = await webhooks.replay(ctx, id, {
      since: instants[1] as string,
      until: instants[3] as string,
    });
    expect(byTime).toMatchObject({ deliveryCount: 2, isComplete: true });
    expect((await sent()).toSorted()).toEqual([1, 2]);
    const cursors = { since: String(live[0]?.position), until: String(live[2]?.position) };
    expect(await webhooks.replay(ctx, id, cursors)).toMatchObject({
      deliveryCount: 2,
      endCursor: cursors.until,
    });
    expect((await sent()).toSorted()).toEqual([1, 2]);
    expect(await webhooks.replay(ctx, id, { since: '0' })).toMatchObject({ deliveryCount: 4 });
    expect((await sent()).toSorted()).toEqual([0, 1, 2, 3]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    expect(await bench.deliveries({ isReplay: { eq: true } })).toHaveLength(8);
    const messages = await ctx.query('select 1 from webhook_message where account_id = $1', [ctx.account.id]);
    expect(messages).toHaveLength(4);
    expect(
      (await eventsOf(bench.account, 'webhook')).filter(({ name }) => name === 'webhook.replayed'),
    ).toHaveLength(3);
  });

  test('is bounded, and goes on from where it ended', async () => {
    const bench = await openBench();
    const { ctx } = bench.account;
    const leadInputs = Array.from({ length: 1000 }, (_, at) => ({
      name: 'x',
      phone: `+1202556${String(at).padStart(4, '0')}`,
    }));
    await leads.createMany(ctx, leadInputs, 'all_or_nothing');
    await bench.createLead();
    const { id } = await bench.subscribe('http://127.0.0.1:9/');
    const first = await webhooks.replay(ctx, id, { since: '0' });
    expect(first).toMatchObject({ deliveryCount: 1000, isComplete: false });
    const rest = await webhooks.replay(ctx, id, { since: first.endCursor });
    expect(rest).toMatchObject({ deliveryCount: 1, isComplete: true });
  });

  test.each([
    [
      { since: 'yesterday' },
      'INVALID',
      'since must be a point in time like 2026-01-31T14:30:00Z or a cursor of the change log.',
    ],
    [
      { since: '0', until: '-1' },
      'INVALID',
      'until must be a point in time like 2026-01-31T14:30:00Z or a cursor of the change log.',
    ],
  ])('of %j is refused', async (range, code, message) => {
    const account = await openTestAccount();
    const { webhook } = await webhooks.create(account.ctx, INPUT);
    await withoutChange(account, () =>
      expect(webhooks.replay(account.ctx, webhook.id, range)).rejects.toMatchObject({ code, message }),
    );
  });

  test('of a webhook that is switched off is refused', async () => {
    const { ctx } = await openTestAccount();
    const { webhook } = await webhooks.create(ctx, { ...INPUT, isActive: false });
    await expect(webhooks.replay(ctx, webhook.id, { since: '0' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
  });
});

test('finished deliveries go with their attempts and messages when they are old, others stay', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.run();
  receiver.answer = () => ({ status: 500 });
  await bench.createLead();
  await bench.run();
  bench.clock.advance(3 * 86_400_000);
  await bench.createLead();
  await bench.run();
  await purgeDeliveries(bench.store, 2, bench.clock.at);
  const count = (table: string) =>
    bench.account.ctx.query(`select 1 from ${table} where account_id = $1`, [bench.account.ctx.account.id]);
  expect(await bench.deliveries()).toMatchObject([{ status: 'pending' }, { status: 'pending' }]);
  expect(await count('webhook_message')).toHaveLength(2);
  expect(await count('webhook_attempt')).toHaveLength(3);
});
