import { execFileSync } from 'node:child_process';
import { leads } from '../../src/domain/lead/lead.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { openTestAccount, type TestAccount } from '../support/account';
import { endChildren } from '../support/child';
import { startGateway } from '../support/gateway';
import { emptyQueues } from '../support/queues';
import { Receiver } from '../support/receiver';

interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  attributes: { key: string; value: Record<string, unknown> }[];
}

let account: TestAccount;
let collector: Receiver;

beforeAll(async () => {
  await emptyQueues();
  account = await openTestAccount();
  // A collector of OTLP over HTTP, as far as its protocol goes for who sends.
  collector = await Receiver.start(() => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }));
});
afterAll(() => endChildren());

const start = (settings: NodeJS.ProcessEnv = {}) =>
  startGateway({
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: new URL('/', collector.url).href, OTEL_BSP_SCHEDULE_DELAY: '50' },
    ...{ ROLE: 'all', WEBHOOK_ALLOW: '127.0.0.1/32', ...settings },
  });

function spans(): (OtlpSpan & { facts: Record<string, unknown>; service: unknown })[] {
  return collector.received.flatMap(({ body }) =>
    JSON.parse(body).resourceSpans.flatMap((of: never) => {
      const { resource, scopeSpans } = of as {
        resource: Pick<OtlpSpan, 'attributes'>;
        scopeSpans: { spans: OtlpSpan[] }[];
      };
      const service = factsOf(resource.attributes)['service.name'];
      return scopeSpans.flatMap((scope) =>
        scope.spans.map((span) => ({ ...span, service, facts: factsOf(span.attributes) })),
      );
    }),
  );
}

const factsOf = (attributes: OtlpSpan['attributes']) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Waits for further batches until one has what is looked for. */
async function spanOf(isIt: (span: ReturnType<typeof spans>[number]) => boolean) {
  for (;;) {
    const found = spans().find(isIt);
    if (found) return found;
    await collector.has(collector.received.length + 1);
  }
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER_SPAN = '00f067aa0ba902b7';

test('a request, its operation and its statements are spans of the trace of the caller; deliveries take theirs along', async () => {
  const receiver = await Receiver.start();
  await webhooks.create(account.ctx, { name: 'test', url: receiver.url, events: ['lead.created'] });
  const gateway = await start();
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
      ...{ traceparent: `00-${TRACE_ID}-${CALLER_SPAN}-01`, 'x-request-id': 'traced' },
    },
    body: JSON.stringify({
      query: '{ leads(filter: { firstName: { eq: "a-secret-value" } }) { totalCount } }',
    }),
  });
  expect(response.status).toBe(200);

  const request = await spanOf(({ name }) => name === 'POST /graphql');
  expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER_SPAN, service: 'switchboard' });
  expect(request.facts).toMatchObject({
    ...{ 'http.request.method': 'POST', 'http.route': '/graphql', 'switchboard.door': 'graphql' },
    'switchboard.request_id': 'traced',
  });
  const operation = await spanOf(({ name, traceId }) => name === 'GraphQL operation' && traceId === TRACE_ID);
  expect(operation.parentSpanId).toBe(request.spanId);
  expect(operation.facts).toMatchObject({ 'graphql.operation.type': 'query', 'switchboard.code': 'OK' });
  const statement = await spanOf(({ parentSpanId }) => parentSpanId === operation.spanId);
  expect(statement.facts).toMatchObject({ 'db.system.name': 'postgresql' });
  expect(statement.facts['db.query.text']).toMatch(/from "?lead"?/);

  await leads.create(account.ctx, { name: 'John Doe', phone: '+12025550151' });
  await receiver.has(1);
  const delivery = await spanOf(
    ({ name, facts }) => name === 'webhook delivery' && facts['switchboard.delivery.status'] === 'delivered',
  );
  expect(delivery.facts).toMatchObject({ 'switchboard.event': 'lead.created' });
  expect(receiver.received[0]?.headers.traceparent).toBe(`00-${delivery.traceId}-${delivery.spanId}-01`);

  const sent = collector.received.map(({ body }) => body).join('\n');
  for (const value of ['a-secret-value', account.key, '12025550151']) expect(sent).not.toContain(value);
  await gateway.kill();
});

test('without the setting nothing is loaded for it', () => {
  const script = `require('./src/app'); process.stdout.write(Object.keys(require.cache).join('\\n'));`;
  const loaded = execFileSync(
    process.execPath,
    ['--require', 'reflect-metadata', '--require', './test/support/typescript.cjs', '--eval', script],
    { encoding: 'utf8' },
  );
  expect(loaded).toContain('tracing.ts');
  // The client for metrics brings the interface along, which does nothing by itself.
  expect(loaded).not.toMatch(/@opentelemetry\/(?!api\/)/);
});

test('without the setting nothing goes along with webhooks', async () => {
  const receiver = await Receiver.start();
  await webhooks.create(account.ctx, { name: 'test', url: receiver.url, events: ['lead.created'] });
  const before = collector.received.length;
  const gateway = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
  await leads.create(account.ctx, { name: 'John Doe', phone: '+12025550152' });
  await receiver.has(1);
  expect(receiver.received[0]?.headers).not.toHaveProperty('traceparent');
  expect(collector.received.length).toBe(before);
  await gateway.kill();
});
