import { agents } from '../../src/domain/agent/agent.service';
import type { Context } from '../../src/domain/context';
import { teamMembers, teams } from '../../src/domain/team/team.service';
import { openTestAccount, type TestAccount, TestClock } from '../support/account';
import { eventsOf } from '../support/account-state';
import { cursorNow } from '../support/change-log';
import { runGraphqlField } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { emptyQueues } from '../support/queues';
import { type Received, Receiver } from '../support/receiver';

const PHONE = '+14805550143';
const EVENT_ID = /^evt_(\d+)_[0-9a-f-]{36}$/;
const WATCHED = ['lead.created', 'call.created', 'call.updated', 'call.completed'];

let server: LiveServer;
let receiver: Receiver;
let account: TestAccount;
let ctx: Context;
let since: string;

beforeAll(async () => {
  await emptyQueues();
  receiver = await Receiver.start();
  account = await openTestAccount({ clock: new TestClock(new Date()) });
  ctx = account.ctx;
  server = await startLiveServer({ settings: { ROLE: 'all', WEBHOOK_ALLOW: '127.0.0.1' } });
});

afterAll(() => server.close());

async function send<Body>(method: string, path: string, body: object): Promise<Body> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer as Body;
}

const graphql = <Row>(query: string, variables: object) =>
  runGraphqlField<Row>(server, account.key, query, variables);

/** What a subscriber is told of an event. */
interface Told {
  cursor: string;
  name: string;
  lead?: { number: number };
  call?: { number: number; status: string };
}

/** A subscriber over a WebSocket, from the time before the story on. */
function subscribe(field: string, subject: string) {
  const query = `subscription ($since: String) { told: ${field}(since: $since) { cursor name ${subject} } }`;
  const results = server.client(account.key).iterate<{ told: Told }>({ query, variables: { since } });
  return async () => {
    const { value } = await results.next();
    if (!value?.data) throw new Error(`${field}: ${JSON.stringify(value)}`);
    return value.data.told;
  };
}

/** The id of the event that a delivery is of, as its header says. */
function eventIdOf({ headers }: Received): string | undefined {
  return EVENT_ID.exec(String(headers['webhook-id']))?.[1];
}

/** What came to an endpoint: the event's id, and the body. */
function cameTo(end: string) {
  return receiver.received
    .filter(({ path }) => path.endsWith(end))
    .map((received) => ({ id: eventIdOf(received), body: JSON.parse(received.body) }));
}

/** The ids of the account's events of a name, as the change log has them. */
async function idsOf(name: string): Promise<string[]> {
  const query = `query ($after: String, $names: [String!]) {
    changes(after: $after, names: $names, first: 100) { nodes { cursor name subjectId } } }`;
  const { nodes } = await graphql<{ nodes: { cursor: string }[] }>(query, { after: since, names: [name] });
  return nodes.map(({ cursor }) => cursor);
}

/** A team with an agent who can be rung, and endpoints that are told in the two forms. */
async function openOffice(): Promise<{ team: number; agentId: string }> {
  const team = await teams.create(ctx, { name: 'Main Team' });
  const agent = await agents.create(ctx, { firstName: 'Ann', phone: '+14805550199' });
  await teamMembers.create(ctx, { teamId: team.id, agentId: agent.id });
  const native = { name: 'Native', url: `${receiver.url}/native`, events: WATCHED };
  await graphql('mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }', {
    input: native,
  });
  for (const event of ['lead_created', 'call_completed'])
    await send('POST', '/v1/webhooks', { name: event, event, target_url: `${receiver.url}/${event}` });
  return { team: team.number, agentId: agent.id };
}

test('a lead of Fusion, called through Callingly and watched in GraphQL: each event is one, with one id', async () => {
  const { team, agentId } = await openOffice();
  since = await cursorNow(ctx);
  const leadCreated = subscribe('leadCreated', 'lead { number }');
  const callCreated = subscribe('callCreated', 'call { number status }');
  const callUpdated = subscribe('callUpdated', 'call { number status }');
  const callCompleted = subscribe('callCompleted', 'call { number status }');

  await send('POST', '/api/leads/external/v1/leads', { name: 'John Doe', phone: PHONE });
  const call = await send<{ id: number; lead_id: number; status: string }>('POST', '/v1/calls', {
    ...{ team_id: team, phone_number: '480-555-0143', source: 'HubSpot' },
  });
  expect(call).toMatchObject({ status: 'ringing', lead: { id: call.lead_id, name: 'John Doe' } });
  const { nodes } = await graphql<{ nodes: { calls: { id: string }[] }[] }>(
    'query ($phone: String!) { leads(filter: { phone: { eq: $phone } }) { nodes { calls { id } } } }',
    { phone: PHONE },
  );
  const id = nodes[0]?.calls[0]?.id;
  const progress = (input: object) =>
    graphql(
      'mutation ($id: ID!, $input: ProgressCallInput!) { progressCall(id: $id, input: $input) { id } }',
      {
        ...{ id, input },
      },
    );
  await progress({ status: 'IN_PROGRESS', agentId });
  await progress({ status: 'COMPLETED', result: 'CONTACTED', seconds: 37 });

  const lead = await leadCreated();
  const created = await callCreated();
  const taken = await callUpdated();
  const ended = await callUpdated();
  const completed = await callCompleted();
  expect([lead, created, taken, ended, completed]).toEqual([
    { cursor: lead.cursor, name: 'lead.created', lead: { number: call.lead_id } },
    { cursor: created.cursor, name: 'call.created', call: { number: call.id, status: 'RINGING' } },
    { cursor: taken.cursor, name: 'call.updated', call: { number: call.id, status: 'IN_PROGRESS' } },
    { cursor: ended.cursor, name: 'call.updated', call: { number: call.id, status: 'COMPLETED' } },
    { cursor: completed.cursor, name: 'call.completed', call: { number: call.id, status: 'COMPLETED' } },
  ]);

  expect(await idsOf('lead.created')).toEqual([lead.cursor]);
  expect(await idsOf('call.created')).toEqual([created.cursor]);
  expect(await idsOf('call.updated')).toEqual([taken.cursor, ended.cursor]);
  expect(await idsOf('call.completed')).toEqual([completed.cursor]);
  const logged = await eventsOf(account, 'call');
  expect(logged.filter(({ name }) => name === 'call.completed')).toHaveLength(1);

  // Five to the native endpoint, one to each of the vendor's.
  await receiver.has(7);
  const told = [lead, created, taken, ended, completed];
  const native = cameTo('/native').sort((a, b) => Number(a.id) - Number(b.id));
  expect(native.map(({ id: eventId, body }) => [eventId, body.cursor, body.type])).toEqual(
    told
      .toSorted((a, b) => Number(a.cursor) - Number(b.cursor))
      .map(({ cursor, name }) => [cursor, cursor, name]),
  );
  expect(cameTo('/lead_created')).toMatchObject([
    { id: lead.cursor, body: { id: call.lead_id, fname: 'John', lname: 'Doe', phone_number: PHONE } },
  ]);
  expect(cameTo('/call_completed')).toMatchObject([
    {
      id: completed.cursor,
      body: {
        id: call.id,
        status: 'completed',
        result: 'contacted',
        seconds: 37,
        lead: { id: call.lead_id },
      },
    },
  ]);
  expect(receiver.received).toHaveLength(7);
});
