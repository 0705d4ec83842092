import { openTestAccount, type TestAccount, TestClock } from '../support/account';
import { cursorNow } from '../support/change-log';
import { signInAgent } from '../support/dialect-account';
import { JANE } from '../support/epixel-client';
import { type LiveServer, startLiveServer } from '../support/live-server';

const DAY_MS = 86_400_000;

let server: LiveServer;
let account: TestAccount;
let token: string;

beforeAll(async () => {
  account = await openTestAccount({ clock: new TestClock(new Date()) });
  ({ token } = await signInAgent(account));
  server = await startLiveServer();
});

afterAll(() => server.close());

async function send<Body>(path: string, body: object, headers: Record<string, string>): Promise<Body> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer as Body;
}

/** Lists over GraphQL. */
async function listed(field: string, fields: string): Promise<unknown[]> {
  const query = `{ list: ${field} { nodes { ${fields} } } }`;
  const headers = { authorization: `Bearer ${account.key}` };
  const { data } = await send<{ data: { list: { nodes: unknown[] } } }>('/graphql', { query }, headers);
  return data.list.nodes;
}

/** The first event that a subscriber over a WebSocket is told of. */
async function firstOf(field: string, subject: string, since: string): Promise<Record<string, unknown>> {
  const query = `subscription ($since: String) { told: ${field}(since: $since) { name ${subject} } }`;
  const results = server.client(account.key).iterate<{ told: Record<string, unknown> }>({
    ...{ query, variables: { since } },
  });
  const { value } = await results.next();
  return value.data.told;
}

test('an appointment of Epixel and an event of Fusion show up in GraphQL and at its subscribers', async () => {
  const since = await cursorNow(account.ctx);
  const made = firstOf('appointmentCreated', 'appointment { number note lead { name } }', since);
  const booked = firstOf('calendarEventCreated', 'calendarEvent { id title }', since);

  const agent = { apikey: account.key, authorization: `Bearer ${token}` };
  const lead = await send<{ data: { slug: string } }>('/api/v1/create/lead/', JANE, agent);
  const day = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
  const visit = { appointment_date: `${day} 10:00`, appointment_to: `${day} 10:30`, appointment_note: 'Hi' };
  const { data } = await send<{ data: { id: number } }>(
    '/api/v1/create/appointment/',
    { slug: lead.data.slug, ...visit },
    agent,
  );
  const appointment = { number: data.id, note: 'Hi', lead: { name: 'Jane Doe' } };
  expect(await made).toEqual({ name: 'appointment.created', appointment });
  expect(await listed('appointments', 'number note lead { name }')).toEqual([appointment]);

  const times = { start_time: `${day}T10:00:00Z`, end_time: `${day}T11:00:00Z` };
  const event = await send<{ data: { id: string } }>(
    '/api/calendar/external/v1/events',
    { title: 'Demo', ...times },
    { authorization: `Bearer ${account.key}` },
  );
  const calendarEvent = { id: event.data.id, title: 'Demo' };
  expect(await booked).toEqual({ name: 'calendar_event.created', calendarEvent });
  expect(await listed('calendarEvents', 'id title')).toEqual([calendarEvent]);
});
