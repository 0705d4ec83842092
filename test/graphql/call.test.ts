import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { Door } from './door';
import { openTeam, SET_AGENTS } from './team';

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

const run = <Made = Row>(text: string, variables: object, key = account.key) =>
  door.field<Made>(key, text, variables);

describe('a call', () => {
  test('is started, rings in turn, is taken and ends, and its lead follows', async () => {
    const { team, agentIds } = await openTeam(
      door,
      account.key,
      { callMode: 'ROUND_ROBIN', whisperText: 'Call for {first_name} of {company}.' },
      ['Ann', 'Bo'],
    );
    await door.make(account.key, 'phoneNumber', { phone: '+12025550100', teamId: team.id });
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
    const { team } = await openTeam(
      door,
      account.key,
      { isRetrying: true, retries: 3, retrySchedule: [15, 60, 120] },
      ['Ann'],
    );
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
    const teamId = await door.make(account.key, 'team', { name: 'Empty' });
    expect(await run(START, { input: { teamId, phone: '+12025550143' } })).toMatchObject({
      status: 'OFFLINE',
      rings: [],
    });
    const leadId = await door.make(account.key, 'lead', { phone: '+12025550144' });
    const scheduledAt = '2030-01-01T09:00:00+01:00';
    expect(await run(START, { input: { teamId, leadId, scheduledAt } })).toMatchObject({
      ...{
        status: 'SCHEDULED',
        scheduledAt: '2030-01-01T08:00:00.000Z',
        scheduleReason: 'REQUESTED',
        startedAt: null,
      },
      lead: { id: leadId, dialStatus: 'PENDING' },
    });
  });

  test('is refused with the field and both states, and nothing changes', async () => {
    const { team } = await openTeam(door, account.key, {}, ['Ann']);
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
    const { team } = await openTeam(door, account.key, {}, ['Ann']);
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
    await door.make(account.key, 'phoneNumber', { phone: '+12025550100', name: 'Main' });
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
