import { openTestAccount, type TestAccount } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { Door } from './door';
import { openTeam, SET_AGENTS } from './team';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  door = await Door.open();
});

beforeEach(async () => {
  account = await openTestAccount({ clock: door.clock });
});

afterAll(() => door.close());

const run = <Made>(text: string, variables: object) => door.field<Made>(account.key, text, variables);

describe('the agents of a team', () => {
  test('are replaced as a set; those who stay keep their places', async () => {
    const { team, agentIds } = await openTeam(door, account.key, {}, ['Ann', 'Bo', 'Cy']);
    const [ann, bo, cy] = agentIds as [string, string, string];
    const [place] = await run<{ id: string }[]>(SET_AGENTS, { teamId: team.id, agentIds: [ann, bo] });
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
    const { team, agentIds } = await openTeam(door, account.key, {}, ['Ann', 'Bo']);
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
    const { team, agentIds } = await openTeam(door, account.key, {}, ['Ann', 'Bo', 'Cy']);
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
    const id = await door.make(account.key, 'team', { name: 'T' });
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
    const id = await door.make(account.key, 'team', { name: 'T' });
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
    const id = await door.make(account.key, 'agent', { firstName: 'Ann' });
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
    const id = await door.make(account.key, 'agent', { firstName: 'Ann' });
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
