import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { Door } from './door';

interface Row {
  id: string;
  [field: string]: unknown;
}

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  door = await Door.open();
});
beforeEach(async () => {
  account = await openTestAccount({ clock: door.clock });
});
afterAll(() => door.close());

const START = `mutation M($input: StartCallInput!) { made: startCall(input: $input) {
  id status direction attempts source scheduledAt scheduleReason startedAt whisperText
  lead { id name phone company dialStatus callAttempts team { name } }
  team { name } phoneNumber { phone } rings { turn rungAt agent { firstName } } } }`;
const PROGRESS = `mutation M($id: ID!, $input: ProgressCallInput!) { made: progressCall(id: $id, input: $input) {
  id status result seconds answeredAt endedAt recordingUrl transcript agent { firstName }
  lead { dialStatus status result scheduledCallAt owner { firstName } calls { status scheduleReason agentRetry } } } }`;
const SEND = `mutation M($input: SendSmsInput!) { made: sendSms(input: $input) {
  id phone body direction status sentAt errorMessage lead { id phone } phoneNumber { name } } }`;
const SET_AGENTS = `mutation M($teamId: ID!, $agentIds: [ID!]!) {
  made: setTeamAgents(teamId: $teamId, agentIds: $agentIds) { id priority cap agent { firstName } } }`;

const run = async <Made = Row>(text: string, variables: object, key = account.key) =>
  (await door.run<{ made: Made }, object>(key, text, variables)).made;
const make = (noun: string, input: object) =>
  run(`mutation M($input: Create${noun}Input!) { made: create${noun}(input: $input) { id } }`, { input });

async function openTeam(settings: object, names: string[]) {
  const team = await make('Team', { name: 'Sales', ...settings });
  const agentIds: string[] = [];
  for (const firstName of names) agentIds.push((await make('Agent', { firstName })).id);
  await run(SET_AGENTS, { teamId: team.id, agentIds });
  return { team, agentIds };
}

describe('a call', () => {
  test('is started, rings in turn, is taken and ends, and its lead follows', async () => {
    const { team, agentIds } = await openTeam(
      { callMode: 'ROUND_ROBIN', whisperText: 'Call for {first_name} of {company}.' },
      ['Ann', 'Bo'],
    );
    await make('PhoneNumber', { phone: '+12025550100', teamId: team.id });
    const now = door.clock.at.toISOString();
    const input = {
      teamId: team.id,
      phone: '202-555-0143',
      firstName: 'John',
      lastName: 'Doe',
      company: 'Acme',
      source: 'Form',
    };
    const call = await run(START, { input });
    expect(call).toEqual({
      ...{
        id: call.id,
        status: 'RINGING',
        direction: 'OUTBOUND',
        attempts: 1,
        source: 'Form',
        startedAt: now,
      },
      ...{
        scheduledAt: null,
        scheduleReason: null,
        whisperText: 'Call for John of Acme.',
        team: { name: 'Sales' },
      },
      lead: {
        ...{ id: expect.any(String), name: 'John Doe', phone: '+12025550143', company: 'Acme' },
        ...{ dialStatus: 'IN_PROGRESS', callAttempts: 1, team: { name: 'Sales' } },
      },
      phoneNumber: { phone: '+12025550100' },
      rings: [
        { turn: 1, rungAt: null, agent: { firstName: 'Bo' } },
        { turn: 0, rungAt: now, agent: { firstName: 'Ann' } },
      ],
    });
    const { id } = call;
    const NEXT =
      'mutation M($id: ID!) { made: ringNextAgents(id: $id) { id status attempts rings { rungAt } } }';
    expect(await run(NEXT, { id })).toEqual({
      id,
      status: 'RINGING',
      attempts: 2,
      rings: [{ rungAt: now }, { rungAt: now }],
    });
    await run(PROGRESS, { id, input: { status: 'IN_PROGRESS', agentId: agentIds[1] } });
    door.clock.advance(42_000);
    const recordingUrl = 'https://cdn.example.com/r.mp3';
    const end = { status: 'COMPLETED', result: 'CONTACTED', recordingUrl, transcript: 'Hello.' };
    expect(await run(PROGRESS, { id, input: end })).toEqual({
      ...{
        id,
        ...end,
        seconds: 42,
        answeredAt: now,
        endedAt: door.clock.at.toISOString(),
        agent: { firstName: 'Bo' },
      },
      lead: {
        ...{ dialStatus: 'COMPLETED', status: 'contacted', result: 'contacted', scheduledCallAt: null },
        ...{
          owner: { firstName: 'Bo' },
          calls: [{ status: 'COMPLETED', scheduleReason: null, agentRetry: 0 }],
        },
      },
    });
    const completed = (await eventsOf(account, 'call')).filter(({ name }) => name === 'call.completed');
    expect(completed.map(({ subjectId, payload }) => [subjectId, payload.result])).toEqual([
      [id, 'contacted'],
    ]);
  });

  test('that reaches nobody is made again by the schedule of the team', async () => {
    const { team } = await openTeam({ isRetrying: true, retries: 3, retrySchedule: [15, 60, 120] }, ['Ann']);
    const { id } = await run(START, { input: { teamId: team.id, phone: '+12025550143' } });
    const next = new Date(door.clock.at.getTime() + 15 * 60_000).toISOString();
    expect(await run(PROGRESS, { id, input: { status: 'MISSED' } })).toMatchObject({
      ...{ status: 'MISSED', seconds: 0, answeredAt: null, agent: null },
      lead: {
        ...{ dialStatus: 'RETRY', status: 'missed', result: null, scheduledCallAt: next },
        calls: [
          { status: 'SCHEDULED', scheduleReason: 'AGENT_RETRY', agentRetry: 1 },
          { status: 'MISSED', scheduleReason: null, agentRetry: 0 },
        ],
      },
    });
    const filter =
      '{ made: calls(filter: { scheduleReason: { eq: AGENT_RETRY } }) { totalCount nodes { scheduledAt } } }';
    expect(await run(filter, {})).toEqual({ totalCount: 1, nodes: [{ scheduledAt: next }] });
  });

  test('is offline without agents, and waits for a time that is asked for', async () => {
    const team = await make('Team', { name: 'Empty' });
    expect(await run(START, { input: { teamId: team.id, phone: '+12025550143' } })).toMatchObject({
      status: 'OFFLINE',
      rings: [],
    });
    const lead = await make('Lead', { phone: '+12025550144' });
    const scheduledAt = '2030-01-01T09:00:00+01:00';
    expect(await run(START, { input: { teamId: team.id, leadId: lead.id, scheduledAt } })).toMatchObject({
      ...{
        status: 'SCHEDULED',
        scheduledAt: '2030-01-01T08:00:00.000Z',
        scheduleReason: 'REQUESTED',
        startedAt: null,
      },
      lead: { id: lead.id, dialStatus: 'PENDING' },
    });
  });

  test('is refused with the field and both states, and nothing changes', async () => {
    const { team } = await openTeam({}, ['Ann']);
    const { id } = await run(START, { input: { teamId: team.id, phone: '+12025550143' } });
    await run(PROGRESS, { id, input: { status: 'COMPLETED' } });
    await withoutChange(account, async () => {
      const error = await door.fail(account.key, PROGRESS, { id, input: { status: 'RINGING' } });
      expect(error).toMatchObject({
        message: 'A call that is completed cannot become ringing: it is over.',
        extensions: { code: 'INVALID', fields: { status: [error.message] } },
      });
      for (const [input, code] of [
        [{ phone: '+12025550143', teamId: id }, 'NOT_FOUND'],
        [{ phone: 'x', teamId: team.id }, 'INVALID'],
        [{ teamId: team.id }, 'INVALID'],
      ] as const) {
        expect((await door.fail(account.key, START, { input })).extensions?.code).toBe(code);
      }
    });
  });

  test('of another account is missing, and needs the scope', async () => {
    const { team } = await openTeam({}, ['Ann']);
    const { id } = await run(START, { input: { teamId: team.id, phone: '+12025550143' } });
    const stranger = await openTestAccount({ clock: door.clock });
    const reader = await issueKey(account, ['calls:read', 'leads:read']);
    await withoutChange(account, async () => {
      for (const [text, variables] of [
        [PROGRESS, { id, input: { status: 'MISSED' } }],
        [START, { input: { teamId: team.id, phone: '+12025550143' } }],
        ['mutation M($id: ID!) { ringNextAgents(id: $id) { id } }', { id }],
        [SET_AGENTS, { teamId: team.id, agentIds: [] }],
      ] as const) {
        expect((await door.fail(stranger.key, text, variables)).extensions?.code).toBe('NOT_FOUND');
        expect((await door.fail(reader, text, variables)).extensions?.code).toBe('FORBIDDEN');
      }
    });
  });
});

describe('a text', () => {
  test('is queued, filled in, and listed with its lead', async () => {
    await make('PhoneNumber', { phone: '+12025550100', name: 'Main' });
    const input = {
      phone: '202-555-0143',
      from: '(202) 555-0100',
      message: "Hi {{ lead.first_name | default: 'there' }}.",
    };
    const sent = await run(SEND, { input });
    expect(sent).toEqual({
      ...{
        id: sent.id,
        phone: '+12025550143',
        body: 'Hi there.',
        direction: 'OUTBOUND',
        status: 'QUEUED',
        sentAt: null,
      },
      ...{
        errorMessage: null,
        lead: { id: expect.any(String), phone: '+12025550143' },
        phoneNumber: { name: 'Main' },
      },
    });
    const list = '{ made: smsMessages { nodes { id lead { smsMessages { body } } } } }';
    expect(await run(list, {})).toEqual({
      nodes: [{ id: sent.id, lead: { smsMessages: [{ body: 'Hi there.' }] } }],
    });
    const get = 'query Q($id: ID!) { made: smsMessage(id: $id) { status } }';
    expect(await run(get, { id: sent.id })).toEqual({ status: 'QUEUED' });
    const stranger = await openTestAccount({ clock: door.clock });
    expect((await door.fail(stranger.key, get, { id: sent.id })).extensions?.code).toBe('NOT_FOUND');
  });

  test('from a number that is not the account’s is refused, and makes no lead', async () => {
    await withoutChange(account, async () => {
      const input = { phone: '+12025550143', from: '+12025550100', message: 'Hi.' };
      expect(await door.fail(account.key, SEND, { input })).toMatchObject({
        message: 'From must be a phone number of the account that is in use.',
        extensions: {
          code: 'INVALID',
          fields: { from: ['From must be a phone number of the account that is in use.'] },
        },
      });
    });
  });
});

describe('the agents of a team', () => {
  test('are replaced as a set; those who stay keep their places', async () => {
    const { team, agentIds } = await openTeam({}, ['Ann', 'Bo', 'Cy']);
    const [ann, bo, cy] = agentIds as [string, string, string];
    const [place] = await run<Row[]>(SET_AGENTS, { teamId: team.id, agentIds: [ann, bo] });
    const update =
      'mutation M($id: ID!) { made: updateTeamMember(id: $id, input: { priority: 3, cap: 7 }) { id } }';
    await run(update, { id: place?.id });
    expect(await run(SET_AGENTS, { teamId: team.id, agentIds: [cy, ann, cy] })).toEqual([
      { id: place?.id, priority: 3, cap: 7, agent: { firstName: 'Ann' } },
      { id: expect.any(String), priority: 0, cap: null, agent: { firstName: 'Cy' } },
    ]);
    const log = (await eventsOf(account, 'team_member')).map(({ name, payload }) => [name, payload.agentId]);
    expect(log).toEqual([
      ...[ann, bo, cy].map((id) => ['team_member.created', id]),
      ['team_member.deleted', cy],
      ['team_member.updated', ann],
      ['team_member.deleted', bo],
      ['team_member.created', cy],
    ]);
    expect(await run(SET_AGENTS, { teamId: team.id, agentIds: [] })).toEqual([]);
  });

  test('are refused as a whole when one is unknown', async () => {
    const { team, agentIds } = await openTeam({}, ['Ann', 'Bo']);
    const unknown = '0190a000-0000-7000-8000-000000000000';
    await withoutChange(account, async () => {
      const variables = { teamId: team.id, agentIds: [agentIds[1], unknown, 'x'] };
      expect(await door.fail(account.key, SET_AGENTS, variables)).toMatchObject({
        message: `Agent ${unknown} not found`,
        extensions: {
          ...{
            code: 'NOT_FOUND',
            fields: { 'agentIds.1': [`Agent ${unknown} not found`], 'agentIds.2': ['Agent x not found'] },
          },
        },
      });
      const many = { teamId: team.id, agentIds: Array(501).fill(agentIds[0]) };
      expect((await door.fail(account.key, SET_AGENTS, many)).message).toBe(
        'A team is given at most 500 agents, not 501.',
      );
    });
  });

  test('set by many at once are one of the sets', async () => {
    const { team, agentIds } = await openTeam({}, ['Ann', 'Bo', 'Cy']);
    await Promise.all(agentIds.map((id) => run(SET_AGENTS, { teamId: team.id, agentIds: [id] })));
    const list = 'query Q($id: ID!) { made: team(id: $id) { members { agent { id } } } }';
    const { members } = await run<{ members: unknown[] }>(list, { id: team.id });
    expect(members).toHaveLength(1);
  });
});

describe('the settings of a team', () => {
  const UPDATE = `mutation M($id: ID!, $input: UpdateTeamInput!) { made: updateTeam(id: $id, input: $input) {
    isRetrying retries retrySchedule isRescheduling isRetryingLeads leadRetries leadRetrySchedule whisperVoice callbackUrl } }`;

  test('are kept as they are given', async () => {
    const { id } = await make('Team', { name: 'T' });
    const input = {
      ...{
        isRetrying: true,
        retries: 3,
        retrySchedule: [15, 60, 120],
        isRescheduling: true,
        isRetryingLeads: true,
      },
      ...{
        leadRetries: 2,
        leadRetrySchedule: [0, 43_200],
        whisperVoice: 'alice',
        callbackUrl: 'https://example.com/cb',
      },
    };
    expect(await run(UPDATE, { id, input })).toEqual(input);
    expect(await run(UPDATE, { id, input: { callbackUrl: null, retrySchedule: [] } })).toEqual({
      ...{ ...input, callbackUrl: null, retrySchedule: [] },
    });
  });

  test.each([
    [{ retrySchedule: [15, -1] }, 'Retry schedule has a bad item: it must be from 0 to 43200.'],
    [{ leadRetrySchedule: Array(101).fill(1) }, 'Lead retry schedule must have at most 100 items, not 101.'],
    [{ retries: 101 }, 'Retries must be from 0 to 100.'],
    [{ callbackUrl: 'ftp://example.com' }, 'Callback url must be an http or https address.'],
    [
      { whisperText: 'Hi {{ lead.name' },
      'Whisper text is no template: output "{{ lead.name" not closed, line:1, col:4.',
    ],
    [
      { smsBody: '{% for i in (1..9) %}{% endfor %}' },
      'Sms body is no template: tag "for" not found, line:1, col:1.',
    ],
  ])('are refused when they are wrong (%#)', async (input, message) => {
    const { id } = await make('Team', { name: 'T' });
    await withoutChange(account, async () => {
      const [field] = Object.keys(input) as [string];
      expect(await door.fail(account.key, UPDATE, { id, input })).toMatchObject({
        ...{ message, extensions: { code: 'INVALID', fields: { [field]: [message] } } },
      });
    });
  });
});

describe('the schedule of an agent', () => {
  const GET = `query Q($id: ID!) { made: agentSchedule(id: $id) { day isAvailable isAllDay windows { start end } } }`;
  const SET = `mutation M($id: ID!, $schedule: [ScheduleDayInput!]!) {
    made: setAgentSchedule(id: $id, schedule: $schedule) { isAvailable schedule { day } } }`;
  const free = (day: number) => ({ day, isAvailable: false, isAllDay: false, windows: [] });

  test('is read and set as a week', async () => {
    const { id } = await make('Agent', { firstName: 'Ann' });
    const allDay = (day: number) => ({ day, isAvailable: true, isAllDay: true, windows: [] });
    expect(await run(GET, { id })).toEqual([0, 1, 2, 3, 4, 5, 6].map(allDay));
    const windows = [
      { start: '06:00:00', end: '12:00:00' },
      { start: '12:00:00', end: '23:45:00' },
    ];
    const tuesday = { day: 2, isAvailable: true, isAllDay: false, windows };
    // The clock of this test stands on a Monday.
    expect(await run(SET, { id, schedule: [tuesday] })).toEqual({
      isAvailable: false,
      schedule: [{ day: 2 }],
    });
    expect(await run(GET, { id })).toEqual([free(0), free(1), tuesday, free(3), free(4), free(5), free(6)]);
  });

  test('is refused when it is none, and another account’s agent is missing', async () => {
    const { id } = await make('Agent', { firstName: 'Ann' });
    const stranger = await openTestAccount({ clock: door.clock });
    await withoutChange(account, async () => {
      const schedule = [{ ...free(1), isAvailable: true, windows: [{ start: '18:00:00', end: '09:00:00' }] }];
      expect(await door.fail(account.key, SET, { id, schedule })).toMatchObject({
        message: 'Schedule: 18:00:00–09:00:00 must end after it starts.',
        extensions: { code: 'INVALID' },
      });
      expect((await door.fail(stranger.key, SET, { id, schedule: [] })).extensions?.code).toBe('NOT_FOUND');
      expect((await door.fail(stranger.key, GET, { id })).extensions?.code).toBe('NOT_FOUND');
    });
  });
});
