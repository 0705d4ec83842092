import { createPublicKey, verify } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { leads } from '../../src/domain/lead/lead.service';
import { standardFormat } from '../../src/domain/webhook/standard-format';
import { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { registerFormat } from '../../src/domain/webhook/webhook-formats';
import { WebhookMessage } from '../../src/domain/webhook/webhook-message.entity';
import { TestClock } from '../support/account';
import { openBench } from '../support/delivery';
import { freePort } from '../support/free-port';
import { Receiver, type Reply } from '../support/receiver';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function signaturesOf(header: unknown, version: string): string[] {
  return String(header)
    .split(' ')
    .filter((part) => part.startsWith(`${version},`))
    .map((part) => part.slice(version.length + 1));
}

function isSignedWith(publicKey: string, content: string, signature: string): boolean {
  const x = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(content), key, Buffer.from(signature, 'base64'));
}

test('an event arrives as Standard Webhooks has it: exact bytes, headers and signatures', async () => {
  const bench = await openBench({ clock: new TestClock(new Date()) });
  const receiver = await Receiver.start();
  const webhook = await bench.subscribe(receiver.url);
  const lead = await bench.createLead({ name: 'Zoë 😀' });
  await leads.update(bench.account.ctx, lead.id, { company: 'Acme' });
  await bench.run();

  const [created, updated] = await bench.deliveries();
  expect(receiver.received.map(({ body }) => JSON.parse(body))).toEqual([
    {
      type: 'lead.created',
      timestamp: lead.createdAt,
      data: expect.objectContaining({ id: lead.id, firstName: 'Zoë', lastName: '😀', company: null }),
      accountId: bench.account.ctx.account.id,
      cursor: created?.position,
      position: Number(created?.position),
      previousPosition: null,
      subject: 'lead',
      subjectId: lead.id,
      changes: {},
      actor: { kind: 'system', id: null, name: 'test' },
    },
    expect.objectContaining({
      type: 'lead.updated',
      previousPosition: Number(created?.position),
      changes: { company: { old: null, new: 'Acme' } },
    }),
  ]);
  const message = await bench.account.ctx.repo(WebhookMessage).get(created?.messageId as string);
  const [{ body, headers, path }] = receiver.received as [(typeof receiver.received)[0]];
  expect(body).toBe(message.body);
  expect(path).toBe('/hook');
  const seconds = Math.floor(bench.clock.at.getTime() / 1000);
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'user-agent': 'Switchboard-Webhooks/1',
    'webhook-id': `evt_${created?.position}_${message.id}`,
    'webhook-timestamp': String(seconds),
  });
  const own = headers as Record<string, string>;
  const verifier = new StandardWebhook(webhook.secret);
  expect(verifier.verify(body, own)).toEqual(JSON.parse(body));
  expect(() => verifier.verify(body.replace('Zoë', 'Zoe'), own)).toThrow('No matching signature found');
  expect(() => verifier.verify(body, { ...own, 'webhook-id': 'msg_1' })).toThrow(
    'No matching signature found',
  );
  const content = `evt_${created?.position}_${message.id}.${seconds}.${body}`;
  const [signature] = signaturesOf(headers['webhook-signature'], 'v1a') as [string];
  expect(isSignedWith(webhook.publicKey, content, signature)).toBe(true);
  expect(isSignedWith(webhook.publicKey, `${content} `, signature)).toBe(false);
  expect(updated).toMatchObject({ status: 'delivered', attemptCount: 1, nextAttemptAt: null });
  expect(bench.errors).toEqual([]);
});

test('every attempt is logged, with a fresh timestamp under the same id', async () => {
  const bench = await openBench();
  const replies: Reply[] = [
    { status: 500, headers: { 'x-why': 'late' }, body: `out of\u0000order ${'x'.repeat(2000)}` },
    { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    { status: 202, body: 'taken' },
  ];
  const receiver = await Receiver.start(() => replies.shift() ?? { status: 500 });
  await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.run();
  const times = [bench.clock.at.getTime()];
  for (const wait of [5_000, 5 * MINUTE]) {
    bench.clock.advance(wait - 1);
    await bench.run();
    bench.clock.advance(1);
    times.push(bench.clock.at.getTime());
    await bench.run();
  }
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  expect(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).toEqual(
    times.map((time) => String(Math.floor(time / 1000))),
  );
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  const [delivery] = await bench.deliveries();
  expect(delivery).toMatchObject({
    status: 'delivered',
    attemptCount: 3,
    deliveredAt: bench.clock.at.toISOString(),
  });
  const attempts = await bench.attempts(delivery?.id as string);
  expect(attempts).toMatchObject([
    { attempt: 1, statusCode: 500, responseHeaders: { 'x-why': 'late' }, error: null, durationMs: 0 },
    { attempt: 2, statusCode: 302, responseBody: '', error: null },
    {
      attempt: 3,
      statusCode: 202,
      responseBody: 'taken',
      error: null,
      createdAt: bench.clock.at.toISOString(),
    },
  ]);
  expect(attempts[0]?.responseBody).toBe(`out of\ufffdorder ${'x'.repeat(1000 - 13)}`);
});

test('a delivery is given up after the schedule: ten attempts in 75 hours', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start(() => ({ status: 400 }));
  await bench.subscribe(receiver.url);
  await bench.createLead();
  const waits: number[] = [];
  for (;;) {
    await bench.run();
    const [delivery] = await bench.deliveries();
    if (!delivery?.nextAttemptAt) break;
    const wait = new Date(delivery.nextAttemptAt).getTime() - bench.clock.at.getTime();
    waits.push(wait);
    bench.clock.advance(wait);
  }
  expect(waits).toEqual([
    5_000,
    5 * MINUTE,
    30 * MINUTE,
    ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
  ]);
  expect(receiver.received).toHaveLength(10);
  expect(await bench.deliveries()).toMatchObject([
    { status: 'failed', attemptCount: 10, nextAttemptAt: null },
  ]);
  expect(await bench.store.acrossAccounts.query('select * from webhook_lane', [])).toEqual([]);
});

test('Retry-After is waited for, in seconds and as a date', async () => {
  const bench = await openBench();
  const at = bench.clock.at.getTime();
  const headers = ['120', new Date(at + 120_000 + HOUR).toUTCString()];
  const receiver = await Receiver.start(() => ({
    status: 429,
    headers: { 'retry-after': headers.shift() ?? '' },
  }));
  await bench.subscribe(receiver.url);
  await bench.createLead();
  await bench.run();
  expect(await bench.deliveries()).toMatchObject([{ nextAttemptAt: new Date(at + 120_000).toISOString() }]);
  bench.clock.advance(120_000);
  await bench.run();
  expect(await bench.deliveries()).toMatchObject([
    { attemptCount: 2, nextAttemptAt: new Date(at + 120_000 + HOUR).toISOString() },
  ]);
});

test('an endpoint that cannot be reached: the attempt says why', async () => {
  const bench = await openBench();
  await bench.subscribe(`http://127.0.0.1:${await freePort()}/`);
  await bench.subscribe('http://10.1.2.3/');
  await bench.createLead();
  await bench.run();
  const errors = [];
  for (const { id } of await bench.deliveries()) {
    errors.push(...(await bench.attempts(id)).map(({ statusCode, error }) => [statusCode, error]));
  }
  expect(errors.toSorted()).toEqual([
    [null, '10.1.2.3 is refused: 10.1.2.3 is not a public address (private).'],
    [null, 'The connection was refused.'],
  ]);
});

test('an attempt takes as long as its request, however long it took to sign', async () => {
  const bench = await openBench();
  registerFormat({
    ...standardFormat,
    name: 'slowly signed',
    headers: async () => {
      bench.clock.advance(700);
      return {};
    },
  });
  const receiver = await Receiver.start(() => {
    bench.clock.advance(30);
    return { status: 200 };
  });
  await bench.subscribe(receiver.url, { format: 'slowly signed' });
  await bench.createLead();
  await bench.run();
  const [delivery] = await bench.deliveries();
  expect(await bench.attempts(delivery?.id as string)).toMatchObject([{ statusCode: 200, durationMs: 30 }]);
});

test('after a rotation both secrets sign while they overlap, then the new one alone', async () => {
  const bench = await openBench({ clock: new TestClock(new Date()) });
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  const old = await bench.subscribe(receiver.url);
  const { webhook, secret } = await webhooks.rotateSecret(ctx, old.id);
  const until = new Date(bench.clock.at.getTime() + DAY).toISOString();
  expect(webhook).toMatchObject({ previousSecretUntil: until });
  expect(webhook.publicKey).not.toBe(old.publicKey);
  await bench.createLead();
  await bench.run();
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
  for (const one of [old.secret, secret]) {
    expect(new StandardWebhook(one).verify(body, headers as Record<string, string>)).toBeTruthy();
  }
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signatures = signaturesOf(headers['webhook-signature'], 'v1a');
  expect(
    signatures.map((one, at) => isSignedWith([webhook, old][at]?.publicKey as string, content, one)),
  ).toEqual([true, true]);
  bench.clock.advance(DAY);
  await bench.createLead();
  await bench.run();
  expect(signaturesOf(receiver.received[1]?.headers['webhook-signature'], 'v1')).toHaveLength(1);
  const { webhook: last } = await webhooks.rotateSecret(ctx, old.id, { overlapHours: 0 });
  expect(last.previousSecretUntil).toBeNull();
});

test('a test is sent at once and tried once, also to a webhook that is switched off', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  const { id } = await bench.subscribe(receiver.url, { isActive: false });
  const delivery = await webhooks.test(bench.account.ctx, id);
  expect(delivery).toMatchObject({ isTest: true, status: 'pending', position: null, event: 'webhook.test' });
  receiver.answer = () => ({ status: 500 });
  await bench.run();
  expect(receiver.events).toMatchObject([
    { type: 'webhook.test', position: null, data: { webhookId: id, message: 'This is a test.' } },
  ]);
  expect(await bench.deliveries()).toMatchObject([{ status: 'failed', attemptCount: 1 }]);
  expect(await bench.account.ctx.repo(Webhook).get(id)).toMatchObject({ failingSince: null });
});
