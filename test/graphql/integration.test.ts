import { Integration } from '../../src/domain/integration/integration.entity';
import { issueKey } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { type CalendarBench, openCalendarBench } from '../support/calendar-bench';
import { GOOGLE_APP } from '../support/google-stand-in';
import { ZOOM_APP } from '../support/zoom-stand-in';
import { Door } from './door';

const FIELDS = 'id provider status lastError lastErrorAt calendarId';
const CONNECT = `mutation M($input: ConnectIntegrationInput!) { connectIntegration(input: $input) { ${FIELDS} } }`;
const DISCONNECT = `mutation M($provider: IntegrationProvider!) { disconnectIntegration(provider: $provider) { ${FIELDS} } }`;
const LIST = `{ integrations { totalCount nodes { ${FIELDS} } } }`;

const ZOOM = { provider: 'ZOOM', ...ZOOM_APP };
const GOOGLE = { provider: 'GOOGLE_CALENDAR', ...GOOGLE_APP };
const SECRETS = [ZOOM_APP.clientSecret, GOOGLE_APP.clientSecret, GOOGLE_APP.refreshToken];

type Row = Record<string, unknown>;

let bench: CalendarBench;
let door: Door;
let key: string;

beforeEach(async () => {
  bench = await openCalendarBench();
  door = await Door.open({ providers: bench.providers });
  key = bench.account.key;
});

afterEach(() => door.close());

const connect = (input: object) =>
  door
    .run<{ connectIntegration: Row }, object>(key, CONNECT, { input })
    .then((data) => data.connectIntegration);

test('providers are connected, listed with their status, and disconnected', async () => {
  const zoom = await connect(ZOOM);
  expect(zoom).toEqual({
    ...{ id: expect.any(String), provider: 'ZOOM', status: 'CONNECTED' },
    ...{ lastError: null, lastErrorAt: null, calendarId: null },
  });
  const google = await connect(GOOGLE);
  expect(google).toMatchObject({ provider: 'GOOGLE_CALENDAR', calendarId: 'primary' });
  expect(await door.run(key, LIST)).toEqual({ integrations: { totalCount: 2, nodes: [google, zoom] } });
  expect(await connect(ZOOM)).toEqual(zoom);
  expect(await door.run(key, DISCONNECT, { provider: 'ZOOM' })).toEqual({ disconnectIntegration: zoom });
  expect(await door.run(key, LIST)).toEqual({ integrations: { totalCount: 1, nodes: [google] } });
  expect((await door.fail(key, DISCONNECT, { provider: 'ZOOM' })).extensions?.code).toBe('NOT_FOUND');
  const log = await eventsOf(bench.account, 'integration');
  expect(log.map(({ name, subjectId }) => [name, subjectId])).toEqual([
    ['integration.connected', zoom.id],
    ['integration.connected', google.id],
    ['integration.connected', zoom.id],
    ['integration.disconnected', zoom.id],
  ]);
});

describe('nothing is stored when', () => {
  const missing = 'Google Calendar answered 404: notFound';
  test.each([
    [
      'Zoom refuses',
      { ...ZOOM, clientSecret: 'wrong' },
      'clientId',
      'Zoom refused the credentials (invalid_client).',
    ],
    [
      'Google refuses the app',
      { ...GOOGLE, clientSecret: 'wrong' },
      'clientId',
      'Google Calendar refused the credentials (invalid_client).',
    ],
    [
      'Google refuses the grant',
      { ...GOOGLE, refreshToken: 'wrong' },
      'clientId',
      'Google Calendar refused the credentials (invalid_grant).',
    ],
    ['there is no such calendar', { ...GOOGLE, calendarId: 'nobody@example.com' }, 'calendarId', missing],
    [
      'something is missing',
      { provider: 'ZOOM', clientId: 'a', clientSecret: 'b' },
      'accountId',
      'Account id is required for zoom.',
    ],
    [
      'something is too much',
      { ...ZOOM, refreshToken: 'x' },
      'refreshToken',
      'Refresh token is not for zoom.',
    ],
    [
      'something is empty',
      { ...ZOOM, clientId: '' },
      'clientId',
      'Client id must be at least 1 characters long.',
    ],
  ])('%s', async (_, input, field, message) => {
    await withoutChange(bench.account, async () => {
      const error = await door.fail(key, CONNECT, { input });
      expect(error).toMatchObject({
        message,
        extensions: { code: 'INVALID', fields: { [field]: [message] } },
      });
    });
  });

  test.each(['fail', 'drop', 'hang'] as const)('the provider does not answer (%s)', async (how) => {
    bench.zoom.interfere(/token$/, how);
    const connect = () => door.fail(key, CONNECT, { input: ZOOM });
    await withoutChange(bench.account, async () => {
      expect(await (how === 'hang' ? bench.inASecond(connect) : connect())).toMatchObject({
        extensions: { code: 'UNAVAILABLE' },
      });
    });
  });
});

test('scopes', async () => {
  const reader = await issueKey(bench.account, ['integrations:read']);
  expect(await door.run(reader, LIST)).toEqual({ integrations: { totalCount: 0, nodes: [] } });
  for (const [text, variables] of [
    [CONNECT, { input: ZOOM }],
    [DISCONNECT, { provider: 'ZOOM' }],
  ] as const) {
    expect(await door.fail(reader, text, variables)).toMatchObject({
      message: 'This key lacks the scope integrations:write.',
    });
  }
  const other = await issueKey(bench.account, ['integrations:write']);
  expect((await door.fail(other, LIST)).message).toBe('This key lacks the scope integrations:read.');
});

test('another account sees nothing of it, and uses nothing of it', async () => {
  const { id } = await connect(ZOOM);
  const stranger = await openCalendarBench();
  expect(await door.run(stranger.account.key, LIST)).toEqual({ integrations: { totalCount: 0, nodes: [] } });
  const get = 'query Q($id: ID!) { integration(id: $id) { id } }';
  for (const [text, variables] of [
    [get, { id }],
    [DISCONNECT, { provider: 'ZOOM' }],
  ] as const) {
    expect((await door.fail(stranger.account.key, text, variables)).extensions?.code).toBe('NOT_FOUND');
  }
  expect(await stranger.create({ conferencing: 'zoom' })).toMatchObject({
    conferenceWarning: 'zoom_not_connected',
  });
  expect(bench.zoom.meetings.size).toBe(0);
});

test('an event over GraphQL has its link in the answer', async () => {
  await connect(ZOOM);
  const create = `mutation M($input: CreateCalendarEventInput!) {
    createCalendarEvent(input: $input) { conferencing conferenceUrl conferenceWarning } }`;
  const input = {
    ...{ title: 'Demo', startsAt: '2026-04-01T10:00:00Z', endsAt: '2026-04-01T11:00:00Z' },
    conferencing: 'ZOOM',
  };
  const data = await door.run<{ createCalendarEvent: Row }, object>(key, create, { input });
  const [meeting] = [...bench.zoom.meetings.values()];
  expect(data.createCalendarEvent).toEqual({
    ...{ conferencing: 'ZOOM', conferenceUrl: meeting?.join_url, conferenceWarning: null },
  });
});

test('credentials are in no answer, no table, no event and no log', async () => {
  const lines: string[] = [];
  const answers = [await connect(ZOOM), await connect(GOOGLE)];
  bench.zoom.interfere(/^POST \/v2/, 'fail');
  bench.google.interfere(/^POST \/calendar/, 'drop');
  await bench.create({ conferencing: 'zoom' });
  await bench.create({ conferencing: 'google_meet' });
  answers.push(await door.run<Row, object>(key, LIST));
  answers.push({ types: (await door.fail(key, '{ integrations { nodes { credentials } } }')).message });
  lines.push(JSON.stringify(answers), JSON.stringify(door.logged), JSON.stringify(bench.errors));
  lines.push(JSON.stringify(await eventsOf(bench.account, 'integration')));
  const tables = await bench.store.acrossAccounts.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
    [],
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const secret of SECRETS) {
    for (const line of lines) expect(line).not.toContain(secret);
    for (const { name } of tables) {
      const text = `select 1 from "${name}" one where strpos(one::text, $1) > 0`;
      expect({ name, rows: await bench.store.acrossAccounts.query(text, [secret]) }).toEqual({
        name,
        rows: [],
      });
    }
  }
  // They are there, and only the installation can read them.
  const [row] = await bench.ctx.repo(Integration).findMany(answers.slice(0, 1).map(({ id }) => String(id)));
  expect(row?.credentials).toMatch(/^v1\./);
});
