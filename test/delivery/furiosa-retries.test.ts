import { createHmac } from 'node:crypto';
import { audiences } from '../../src/domain/audience/audience.service';
import { contacts } from '../../src/domain/contact/contact.service';
import { registerDialects } from '../../src/rest/dialects';
import { furiosaFormat } from '../../src/rest/dialects/furiosa/webhook-format';
import { localFetch, openBench } from '../support/delivery';
import { Receiver } from '../support/receiver';

const MINUTE = 60_000;
const CONTACTS = { format: 'furiosa', events: ['contact.*'] };

registerDialects();

test('a delivery is tried again after 1, 5, 30 minutes and 2 hours, then failed and in the log', async () => {
  // Whatever the dice say.
  const bench = await openBench({ random: () => 0.99 });
  const statuses = [500, 410, 302, 429, 503];
  const receiver = await Receiver.start(() => ({ status: statuses[receiver.received.length - 1] ?? 204 }));
  await bench.subscribe(receiver.url, CONTACTS);
  const { id: audienceId } = await audiences.create(bench.account.ctx, { name: 'News' });
  await contacts.create(bench.account.ctx, { audienceId, email: 'jane@example.com' });
  await bench.run();
  for (const minutes of [1, 5, 30, 120]) {
    const count = receiver.received.length;
    bench.clock.advance(minutes * MINUTE - 1);
    await bench.run();
    expect(receiver.received).toHaveLength(count);
    bench.clock.advance(1);
    await bench.run();
    expect(receiver.received).toHaveLength(count + 1);
  }
  bench.clock.advance(7 * 24 * 60 * MINUTE);
  await bench.run();
  expect(receiver.received).toHaveLength(5);
  const [{ body, headers }] = receiver.received as [(typeof receiver.received)[0]];
  for (const one of receiver.received) {
    expect([one.body, one.headers['x-furiosa-signature']]).toEqual([body, headers['x-furiosa-signature']]);
  }
  const [delivery] = await bench.deliveries();
  expect(delivery).toMatchObject({
    event: 'contact.created',
    status: 'failed',
    attemptCount: 5,
    nextAttemptAt: null,
  });
  const attempts = await bench.attempts(delivery?.id as string);
  expect(attempts.map(({ attempt, statusCode }) => [attempt, statusCode])).toEqual(
    statuses.map((status, at) => [at + 1, status]),
  );
});

test('any 2xx is taken, and ends the tries', async () => {
  const bench = await openBench();
  const statuses = [500, 299];
  const receiver = await Receiver.start(() => ({ status: statuses[receiver.received.length - 1] ?? 500 }));
  await bench.subscribe(receiver.url, CONTACTS);
  const { id: audienceId } = await audiences.create(bench.account.ctx, { name: 'News' });
  await contacts.create(bench.account.ctx, { audienceId, email: 'ann@example.com' });
  await bench.run();
  bench.clock.advance(MINUTE);
  await bench.run();
  expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', attemptCount: 2 }]);
});

test('without a secret nothing is signed', () => {
  const hmac = createHmac('sha256', 'a secret').update('{}').digest('hex');
  const message = { id: 'msg_1', event: 'contact.created', body: '{}', at: new Date() };
  expect(furiosaFormat.headers({ ...message, keys: [] })).toEqual({});
  const key = { secret: 'a secret', privateKey: '', until: null };
  expect(furiosaFormat.headers({ ...message, keys: [key] })).toEqual({
    'X-Furiosa-Signature': hmac,
  });
});

test('an endpoint that hangs is given up after ten seconds, and tried again', async () => {
  const http = localFetch();
  const asked: number[] = [];
  const bench = await openBench({
    http: {
      ...http,
      // The first time the same waiting, a hundredth as long.
      post: (request) => {
        asked.push(request.timeoutMs);
        return http.post({ ...request, timeoutMs: request.timeoutMs / (asked.length === 1 ? 100 : 1) });
      },
    },
  });
  const receiver = await Receiver.start(() => new Promise(() => {}));
  await bench.subscribe(receiver.url, CONTACTS);
  const { id: audienceId } = await audiences.create(bench.account.ctx, { name: 'News' });
  await contacts.create(bench.account.ctx, { audienceId, email: 'jane@example.com' });
  await bench.run();
  const [delivery] = await bench.deliveries();
  expect(delivery).toMatchObject({
    ...{ status: 'pending', attemptCount: 1 },
    nextAttemptAt: new Date(bench.clock.at.getTime() + MINUTE).toISOString(),
  });
  expect(await bench.attempts(String(delivery?.id))).toMatchObject([
    { statusCode: null, error: 'No complete answer came within 0.1 s.' },
  ]);
  receiver.answer = () => ({ status: 200 });
  bench.clock.advance(MINUTE);
  await bench.run();
  expect(asked).toEqual([10_000, 10_000]);
  expect(await bench.deliveries()).toMatchObject([{ status: 'delivered', attemptCount: 2 }]);
});
