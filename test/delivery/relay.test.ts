import { leads } from '../../src/domain/lead/lead.service';
import { standardFormat } from '../../src/domain/webhook/standard-format';
import { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import type { WebhookFormat } from '../../src/domain/webhook/webhook-format';
import { registerFormat } from '../../src/domain/webhook/webhook-formats';
import { cancelDeliveries } from '../../src/domain/webhook/webhook-off';
import { Database } from '../../src/server/database/database';
import { testDatabaseUrl } from '../support/database';
import { openBench } from '../support/delivery';
import { untilBlocked } from '../support/locks';
import { Receiver } from '../support/receiver';

const NOWHERE = 'http://127.0.0.1:9/';

async function withOwnPool<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open(await testDatabaseUrl(), { poolSize: 4 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

test('1,000 endpoints on one event: one message, a thousand deliveries, each of them arrives once', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  await ctx.transaction(async (tx) => {
    for (let at = 0; at < 1000; at += 1) {
      await webhooks.create(tx, {
        name: `endpoint ${at}`,
        url: `${receiver.url}/${at}`,
        events: ['lead.created'],
      });
    }
  });
  await bench.createLead();
  expect(await bench.relayAll()).toBe(1000);
  const [{ messages, bodies }] = (await ctx.query<{ messages: number; bodies: number }>(
    'select count(*)::int as messages, count(distinct body)::int as bodies from webhook_message where account_id = $1',
    [ctx.account.id],
  )) as [{ messages: number; bodies: number }];
  expect({ messages, bodies }).toEqual({ messages: 1, bodies: 1 });
  await bench.run();
  expect(new Set(receiver.received.map(({ path }) => path)).size).toBe(1000);
  expect(receiver.received).toHaveLength(1000);
  expect(new Set(receiver.received.map(({ headers }) => headers['webhook-signature'])).size).toBe(1000);
  expect(await bench.deliveries({ status: { eq: 'delivered' } })).toHaveLength(1000);
});

test('two relays and two workers of two processes at once: each event is queued once and sent once', async () => {
  const bench = await openBench();
  const receivers = await Promise.all([1, 2, 3].map(() => Receiver.start()));
  for (const { url } of receivers) await bench.subscribe(url);
  await withOwnPool(async (other) => {
    const workers = [bench.worker, bench.addWorker({ store: other })];
    let isWriting = true;
    const write = async () => {
      for (let at = 0; at < 30; at += 1) {
        const { id } = await bench.createLead();
        await leads.update(bench.account.ctx, id, { company: `company ${at}` });
      }
    };
    const work = async (store: Database, at: number) => {
      for (;;) {
        const wasWriting = isWriting;
        const { events } = await bench.relayOnce(store);
        const started = await (workers[at] as (typeof workers)[0]).runOnce();
        if (!wasWriting && events + started.started === 0) return;
      }
    };
    const writing = Promise.all([write(), write(), write(), write()]).then(() => {
      isWriting = false;
    });
    await Promise.all([writing, work(bench.store, 0), work(other, 1)]);
  });
  await bench.run();
  const log = await bench.account.ctx.query<{ position: number }>(
    `select position::int from change_event where account_id = $1 and subject = 'lead' order by position`,
    [bench.account.ctx.account.id],
  );
  expect(log).toHaveLength(240);
  const positions = log.map(({ position }) => position);
  for (const { events } of receivers) {
    expect(events.map(({ position }) => position).toSorted((a, b) => a - b)).toEqual(positions);
    const lastByLead = new Map<string, number | null>();
    for (const { data, position, previousPosition } of events) {
      expect(previousPosition).toBe(lastByLead.get(data.id) ?? null);
      lastByLead.set(data.id, position);
    }
  }
  expect(bench.errors).toEqual([]);
});

test('what no webhook of its account wants is passed over in stretches, and gaps at once', async () => {
  const bench = await openBench();
  await bench.relayAll();
  const { acrossAccounts } = bench.store;
  const { id } = bench.account.ctx.account;
  await acrossAccounts.query(
    `insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
     select $1, 'lead.created', 'lead', $1, '{}', '{}', '{}', 'many', now() from generate_series(1, 45000)`,
    [id],
  );
  await acrossAccounts.query(
    `select setval('change_event_position_seq', last_value + 100000000) from change_event_position_seq`,
    [],
  );
  await bench.createLead();
  const steps = [];
  do steps.push(await bench.relayOnce());
  while (steps.at(-1)?.isMore);
  expect(steps.map(({ events, isMore, isQueued }) => [events, isMore, isQueued])).toEqual([
    ...Array(2).fill([0, true, false]),
    [0, false, false],
  ]);
  await bench.subscribe(NOWHERE);
  await bench.createLead();
  expect(await bench.relayOnce()).toMatchObject({ events: 2, deliveries: 1, isMore: false, isQueued: true });
  expect(await bench.relayOnce()).toMatchObject({ events: 0, deliveries: 0, isMore: false, isQueued: true });
});

test('while one relay works, another does nothing', async () => {
  const bench = await openBench();
  await bench.subscribe(NOWHERE);
  await bench.createLead();
  await bench.store.acrossAccounts.transaction(async (runner) => {
    await bench.store.queryIn(runner, 'select from webhook_progress for update', []);
    const nothing = { events: 0, deliveries: 0, isMore: false, isQueued: true };
    expect(await bench.relayOnce()).toMatchObject(nothing);
  });
  expect(await bench.relayAll()).toBe(1);
});

test('an event that commits late, with a lower position, is not skipped', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  await bench.subscribe(receiver.url);
  await bench.relayAll();
  let late = '';
  const relayed = await bench.account.ctx.transaction(async (tx) => {
    late = (await leads.create(tx, { name: 'Late', phone: '+12025559001' })).id;
    await bench.createLead({ name: 'Early' });
    return bench.relayOnce();
  });
  expect(relayed).toMatchObject({ deliveries: 0, isUnsettled: true });
  await bench.run();
  expect(receiver.events.map(({ data }) => data.id)).toContain(late);
  expect(receiver.events).toHaveLength(2);
});

test('a webhook is locked before its lanes, so that one that is switched off meanwhile stops nobody', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const webhook = await bench.subscribe('https://hooks.example.com/in');
  const lead = await bench.createLead();
  await bench.relayAll();
  await leads.update(ctx, lead.id, { company: 'Acme' });
  const relaying = await ctx.transaction(async (tx) => {
    await tx.repo(Webhook).lock(webhook.id);
    const step = bench.relayOnce();
    await untilBlocked(bench.store);
    await cancelDeliveries(tx, webhook.id);
    return { step };
  });
  expect(await relaying.step).toMatchObject({ deliveries: 1 });
  const statuses = (await bench.deliveries()).map(({ status }) => status);
  expect(statuses).toEqual(['cancelled', 'pending']);
});

test('a step that fails moves nothing: the mark and the deliveries are one transaction', async () => {
  const bench = await openBench();
  await bench.subscribe(NOWHERE);
  await bench.createLead();
  await bench.store.acrossAccounts.query('alter table webhook_lane rename to hidden_lane', []);
  await expect(bench.relayOnce()).rejects.toThrow();
  await bench.store.acrossAccounts.query('alter table hidden_lane rename to webhook_lane', []);
  expect(await bench.deliveries()).toEqual([]);
  expect(await bench.relayAll()).toBe(1);
  expect(await bench.relayAll()).toBe(0);
});

test('endpoints get what they subscribe to, in their format, and only of their account', async () => {
  const plain: WebhookFormat = {
    ...standardFormat,
    name: 'plain',
    contentType: 'text/plain',
    body: async (event, context) => `${event.name} in ${(await context()).account.timeZone}`,
    headers: ({ event }) => ({ 'x-event': event }),
  };
  registerFormat(plain);
  const bench = await openBench();
  const other = await openBench();
  const [standard, plainly, foreign] = await Promise.all([1, 2, 3].map(() => Receiver.start()));
  if (!standard || !plainly || !foreign) throw new Error('three receivers were started');
  const { ctx } = bench.account;
  for (const [receiver, input] of [
    [standard, { events: ['lead.created', 'tag.*'] }],
    [plainly, { events: ['*'], filters: { field: 'company', value: 'Acme' }, format: 'plain' }],
  ] as const) {
    await webhooks.create(ctx, { name: 'test', url: receiver.url, ...input });
  }
  await other.subscribe(foreign.url, { events: ['*'] });
  const lead = await bench.createLead({ tagNames: ['vip'] });
  await leads.update(ctx, lead.id, { company: 'Acme' });
  await leads.update(ctx, lead.id, { company: 'Other' });
  await bench.run();
  expect(standard.events.map(({ type }) => type).toSorted()).toEqual(['lead.created', 'tag.created']);
  expect(plainly.received).toMatchObject([
    { body: 'lead.updated in UTC', headers: { 'content-type': 'text/plain', 'x-event': 'lead.updated' } },
  ]);
  expect(foreign.received.map(({ body }) => JSON.parse(body).accountId)).not.toContain(ctx.account.id);
});

test('an event whose body cannot be made fails alone, and says why', async () => {
  registerFormat({
    ...standardFormat,
    name: 'brittle',
    body: (event) => {
      if (event.payload.company === 'bad') throw new Error('no such company');
      return 'fine';
    },
  });
  const bench = await openBench();
  const receiver = await Receiver.start();
  await bench.subscribe(receiver.url, { format: 'brittle' });
  const bad = await bench.createLead({ company: 'bad' });
  const good = await bench.createLead();
  await bench.run();
  expect(await bench.deliveries()).toMatchObject([
    { subjectId: bad.id, status: 'failed', attemptCount: 0 },
    { subjectId: good.id, status: 'delivered' },
  ]);
  const messages = await bench.store.acrossAccounts.query<{ error: string }>(
    'select error from webhook_message where account_id = $1 and error is not null',
    [bench.account.ctx.account.id],
  );
  expect(messages).toEqual([{ error: 'The body could not be made: no such company' }]);
});
