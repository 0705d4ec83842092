import { agents } from '../../../src/domain/agent/agent.service';
import { calls } from '../../../src/domain/call/call.service';
import { feeds } from '../../../src/domain/feed/feed.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import { teamMembers, teams } from '../../../src/domain/team/team.service';
import { openTestAccount } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { type CallBench, freshPhone, HOUR, openCallBench } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
});

const NOW = '2026-03-02T10:00:00.000Z';

describe('a started call', () => {
  test('makes a lead of the number, rings at the agents, and says so in the log', async () => {
    const { ctx, account } = bench;
    const { team, crew } = await bench.openTeam({
      whisperText: 'Press 1 for {first_name} {last_name} from {company}, {{ team.name }}.',
      postWhisperText: "Over: {{ lead.category | default: 'no category' }}",
    });
    const number = await phoneNumbers.create(ctx, { phone: '+12025550100', teamId: team.id });
    const person = { firstName: 'John', lastName: 'Doe', email: 'john@doe.com', company: 'John’s Pools' };
    const call = await bench.start(team, {
      ...person,
      phone: '(202) 555-0143',
      source: 'HubSpot',
      crmId: '123',
    });
    expect(call).toEqual({
      ...{
        id: call.id,
        number: call.number,
        accountId: ctx.account.id,
        leadId: call.leadId,
        teamId: team.id,
      },
      ...{ agentId: null, phoneNumberId: number.id, direction: 'outbound', status: 'ringing', result: null },
      ...{ seconds: 0, attempts: 1, agentRetry: 0, leadRetry: 0, source: 'HubSpot', recordingUrl: null },
      ...{
        whisperText: 'Press 1 for John Doe from John’s Pools, Sales.',
        postWhisperText: 'Over: no category',
      },
      ...{ transcript: null, errorMessage: null, scheduledAt: null, scheduleReason: null, startedAt: NOW },
      ...{ answeredAt: null, endedAt: null, isPlaced: true, dialAt: NOW, deletedAt: null },
      ...{ createdAt: NOW, updatedAt: NOW },
    });
    expect(await bench.lead(call.leadId)).toMatchObject({
      ...person,
      ...{ phone: '+12025550143', source: 'HubSpot', crmId: '123', teamId: team.id, ownerId: null },
      ...{
        dialStatus: 'in_progress',
        callAttempts: 1,
        lastCalledAt: NOW,
        scheduledCallAt: null,
        status: null,
      },
    });
    expect(await bench.rung(call)).toEqual(['A']);
    const [created, ...more] = await eventsOf(account, 'call');
    expect(more).toEqual([]);
    expect(created).toMatchObject({
      name: 'call.created',
      subjectId: call.id,
      payload: { status: 'ringing' },
    });
    expect(Object.keys(created?.payload ?? {})).not.toContain('dialAt');
    expect((await eventsOf(account, 'lead')).map(({ name }) => name)).toEqual([
      'lead.created',
      'lead.updated',
    ]);
    expect(crew).toHaveLength(1);
  });

  test('finds the newest lead of the number in whatever feed, and adds only what the lead lacks', async () => {
    const { ctx } = bench;
    const { team } = await bench.openTeam();
    const phone = freshPhone();
    const { id: feedId } = await feeds.create(ctx, { name: 'Spring' });
    await leads.create(ctx, { phone, firstName: 'Old' });
    const newest = await leads.create(ctx, { phone, feedId, firstName: 'Ann' });
    const call = await bench.start(team, { phone, firstName: 'Bo', lastName: 'Lee', company: 'Acme' });
    expect(call.leadId).toBe(newest.id);
    expect(await bench.lead(newest.id)).toMatchObject({
      firstName: 'Ann',
      lastName: 'Lee',
      company: 'Acme',
      teamId: team.id,
    });
    const again = await calls.start(ctx, { teamId: team.number, leadId: newest.number });
    expect(again.id).toBe(call.id);
  });

  test('is offline and over when nobody can be rung', async () => {
    const { team } = await bench.openTeam({}, [
      { agent: { isDoNotDisturb: true } },
      { agent: { isActive: false } },
      {
        agent: {
          schedule: [
            { day: 1, isAvailable: true, isAllDay: false, windows: [{ start: '10:00:01', end: '11:00' }] },
          ],
        },
      },
      { agent: { doNotDisturbUntil: '2026-03-02T10:00:00.001Z' } },
      { cap: 0 },
    ]);
    const call = await bench.start(team);
    expect(call).toMatchObject({
      status: 'offline',
      attempts: 0,
      startedAt: NOW,
      endedAt: NOW,
      dialAt: null,
    });
    expect(await bench.rung(call)).toEqual([]);
    expect(await bench.lead(call.leadId)).toMatchObject({
      ...{ dialStatus: 'failed', status: 'missed', result: null, callAttempts: 0, lastCalledAt: null },
    });
    const names = (await eventsOf(bench.account, 'call')).map(({ name }) => name);
    expect(names).toEqual(['call.created', 'call.completed']);
  });

  test('rings nobody who was taken out of the team or deleted', async () => {
    const { ctx } = bench;
    const { team, crew } = await bench.openTeam({}, [{}, {}, {}]);
    const [ann, bob] = crew;
    await agents.delete(ctx, ann?.id as string);
    await teams.removeAgent(ctx, team.id, bob?.id as string);
    expect(await bench.rung(await bench.start(team))).toEqual(['C']);
  });
});

describe('a time', () => {
  test('in the future schedules the call, one that is past starts it', async () => {
    const { team } = await bench.openTeam();
    const call = await bench.start(team, { phone: freshPhone(), scheduledAt: '2026-03-02T13:00:00+02:00' });
    expect(call).toMatchObject({
      ...{ status: 'scheduled', scheduledAt: '2026-03-02T11:00:00.000Z', scheduleReason: 'requested' },
      ...{ startedAt: null, attempts: 0, dialAt: null },
    });
    expect(await bench.lead(call.leadId)).toMatchObject({
      ...{ dialStatus: 'pending', scheduledCallAt: '2026-03-02T11:00:00.000Z', callAttempts: 0 },
    });
    expect(await bench.start(team, { phone: freshPhone(), scheduledAt: NOW })).toMatchObject({
      status: 'ringing',
    });
  });

  test('asked for again is the same call; another time takes its place', async () => {
    const { team } = await bench.openTeam();
    const phone = freshPhone();
    const at = (scheduledAt: string) => bench.start(team, { phone, scheduledAt });
    const first = await at('2026-03-02T11:00:00.000Z');
    expect((await at('2026-03-02T11:00:00.000Z')).id).toBe(first.id);
    const second = await at('2026-03-02T12:00:00.000Z');
    const statuses = (await bench.callsOf(first.leadId)).map(({ id, status }) => [id, status]);
    expect(statuses).toEqual([
      [first.id, 'cancelled'],
      [second.id, 'scheduled'],
    ]);
    expect((await bench.lead(first.leadId)).scheduledCallAt).toBe('2026-03-02T12:00:00.000Z');
    const now = await bench.start(team, { phone });
    expect(now.status).toBe('ringing');
    expect((await bench.callsOf(first.leadId)).map(({ status }) => status)).toEqual([
      'cancelled',
      'cancelled',
      'ringing',
    ]);
    expect((await bench.lead(first.leadId)).scheduledCallAt).toBeNull();
    const completed = (await eventsOf(bench.account, 'call')).filter(({ name }) => name === 'call.completed');
    expect(completed).toEqual([]);
  });

  test('of another team at the same moment is another call, and the lead still knows when', async () => {
    const [{ team }, other] = [await bench.openTeam(), await bench.openTeam()];
    const input = { phone: freshPhone(), scheduledAt: '2026-03-02T11:00:00.000Z' };
    const first = await bench.start(team, input);
    const second = await bench.start(other.team, input);
    expect((await bench.callsOf(first.leadId)).map(({ id, status }) => [id, status])).toEqual([
      [first.id, 'cancelled'],
      [second.id, 'scheduled'],
    ]);
    expect((await bench.lead(first.leadId)).scheduledCallAt).toBe(input.scheduledAt);
  });

  test('is the delay of the team for a new lead, and now for one who is known', async () => {
    const { ctx } = bench;
    const { team } = await bench.openTeam({ delaySeconds: 90 });
    const phone = freshPhone();
    const call = await bench.start(team, { phone });
    expect(call).toMatchObject({
      status: 'scheduled',
      scheduledAt: '2026-03-02T10:01:30.000Z',
      scheduleReason: 'delay',
    });
    expect((await bench.start(team, { phone })).id).toBe(call.id);
    const known = await leads.create(ctx, { phone: freshPhone() });
    expect(await bench.start(team, { leadId: known.id })).toMatchObject({ status: 'ringing' });
  });
});

describe('a call mode', () => {
  const phones = [{}, {}, {}];

  test('simultaneous rings all at once', async () => {
    const { team } = await bench.openTeam({ callMode: 'simultaneous' }, phones);
    const call = await bench.start(team);
    expect(await bench.rung(call)).toEqual(['A B C']);
    expect(await calls.ringNext(bench.ctx, call.id)).toMatchObject({
      status: 'missed',
      attempts: 1,
      endedAt: NOW,
    });
  });

  test('round robin rings one after the other, the one rung longest ago first', async () => {
    const { team } = await bench.openTeam({ callMode: 'round_robin' }, phones);
    const orders = [];
    for (let at = 0; at < 4; at++) orders.push(await bench.rung(await bench.start(team)));
    expect(orders).toEqual([
      ['A', '-B', '-C'],
      ['B', '-C', '-A'],
      ['C', '-A', '-B'],
      ['A', '-B', '-C'],
    ]);
    const call = await bench.start(team);
    expect(await bench.rung(call)).toEqual(['B', '-C', '-A']);
    expect(await calls.ringNext(bench.ctx, call.id)).toMatchObject({ status: 'ringing', attempts: 2 });
    expect(await bench.rung(call)).toEqual(['B', 'C', '-A']);
    // C had a turn out of turn, so A is next and B before C.
    expect(await bench.rung(await bench.start(team))).toEqual(['A', '-B', '-C']);
  });

  test('priority rings the highest first, equals at once, the member’s before the agent’s own', async () => {
    const { team, crew } = await bench.openTeam({ callMode: 'priority' }, [
      { priority: 1 },
      { priority: 5, agent: { priority: 1 } },
      { priority: 5, agent: { priority: 2 } },
      { priority: 1 },
    ]);
    const call = await bench.start(team);
    expect(await bench.rung(call)).toEqual(['C', '-B', '-A -D']);
    await calls.ringNext(bench.ctx, call.id);
    // A goes into do-not-disturb before their turn comes.
    await agents.update(bench.ctx, crew[0]?.id as string, { isDoNotDisturb: true });
    await calls.ringNext(bench.ctx, call.id);
    expect(await bench.rung(call)).toEqual(['C', 'B', '-A D']);
    expect(await calls.ringNext(bench.ctx, call.id)).toMatchObject({ status: 'missed', attempts: 3 });
  });

  test('rings at the next agents only while it rings', async () => {
    const { ctx, account } = bench;
    const { team } = await bench.openTeam();
    const { id } = await bench.start(team);
    await calls.progress(ctx, id, { status: 'in_progress' });
    await withoutChange(account, async () => {
      await expect(calls.ringNext(ctx, id)).rejects.toMatchObject({
        ...{
          code: 'INVALID',
          message: 'Only a call that is ringing rings at the next agents; it is in_progress.',
        },
      });
    });
  });
});

describe('a cap', () => {
  const take = async (call: { id: string }, agentId: string) => {
    await calls.progress(bench.ctx, call.id, { status: 'in_progress', agentId });
    await calls.progress(bench.ctx, call.id, { status: 'completed', result: 'contacted' });
  };

  test('counts the leads of a day in the agent’s zone, in this team alone', async () => {
    const { ctx, clock } = bench;
    // In Auckland (UTC+13) a new day begins at 11:00 UTC.
    const { team, crew } = await bench.openTeam({}, [{ cap: 2, agent: { timeZone: 'Pacific/Auckland' } }]);
    const other = await teams.create(ctx, { name: 'Other' });
    const agentId = crew[0]?.id as string;
    await teamMembers.create(ctx, { teamId: other.id, agentId });
    await take(await bench.start(other), agentId);
    const first = await bench.start(team);
    await take(first, agentId);
    // The same lead again takes no further place.
    await take(await bench.start(team, { leadId: first.leadId }), agentId);
    await take(await bench.start(team), agentId);
    expect(await bench.start(team)).toMatchObject({ status: 'offline' });
    expect(await bench.start(team, { leadId: first.leadId })).toMatchObject({ status: 'ringing' });
    clock.advance(HOUR - 1);
    expect(await bench.start(team)).toMatchObject({ status: 'offline' });
    clock.advance(1);
    expect(await bench.start(team)).toMatchObject({ status: 'ringing' });
  });

  test('counts calls that ring, so that it holds whoever answers, and gives the place back', async () => {
    const { team } = await bench.openTeam({}, [{ cap: 1 }]);
    const ringing = await bench.start(team);
    expect(await bench.start(team)).toMatchObject({ status: 'offline' });
    await calls.progress(bench.ctx, ringing.id, { status: 'missed' });
    expect(await bench.start(team)).toMatchObject({ status: 'ringing' });
  });

  test('is not passed by many at once', async () => {
    const { team } = await bench.openTeam({ callMode: 'round_robin' }, [{ cap: 2 }, { cap: 1 }]);
    const made = await Promise.all(Array.from({ length: 8 }, () => bench.start(team)));
    expect(made.map(({ status }) => status).toSorted()).toEqual([
      ...Array(5).fill('offline'),
      ...Array(3).fill('ringing'),
    ]);
    const rung = await Promise.all(made.map(async (call) => (await bench.rung(call))[0]));
    expect(rung.filter(Boolean).toSorted()).toEqual(['A', 'A', 'B']);
  });
});

describe('at the same moment', () => {
  test('ten starts for one number are one lead and one call', async () => {
    const { team } = await bench.openTeam();
    const phone = freshPhone();
    const made = await Promise.all(Array.from({ length: 10 }, () => bench.start(team, { phone })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(
      await leads.page(bench.ctx, { filter: { phone: { eq: phone } } }).then(({ rows }) => rows.length),
    ).toBe(1);
    expect((await bench.lead(made[0]?.leadId as string)).callAttempts).toBe(1);
    const names = (await eventsOf(bench.account, 'call')).map(({ name }) => name);
    expect(names).toEqual(['call.created']);
  });

  test('ten starts for one number and one time, or with a delay, are one call', async () => {
    const { team } = await bench.openTeam({ delaySeconds: 60 });
    for (const input of [{ scheduledAt: '2026-03-03T10:00:00Z' }, {}]) {
      const phone = freshPhone();
      const made = await Promise.all(
        Array.from({ length: 10 }, () => bench.start(team, { phone, ...input })),
      );
      expect(new Set(made.map(({ id, status }) => `${id} ${status}`)).size).toBe(1);
      expect(await bench.callsOf(made[0]?.leadId as string)).toHaveLength(1);
    }
  });

  test('thirty calls in turn ring first at each of three agents ten times', async () => {
    const { team } = await bench.openTeam({ callMode: 'round_robin' }, [{}, {}, {}]);
    const made = await Promise.all(Array.from({ length: 30 }, () => bench.start(team)));
    const firsts = await Promise.all(made.map(async (call) => (await bench.rung(call))[0]));
    const counts = ['A', 'B', 'C'].map((name) => firsts.filter((first) => first === name).length);
    expect(counts).toEqual([10, 10, 10]);
  });
});

describe('is refused and changes nothing:', () => {
  const NOBODY = '0190a000-0000-7000-8000-000000000000';

  test.each([
    [
      'neither number nor lead',
      () => ({}),
      'INVALID',
      'Give the phone number or the leadId, one of the two.',
    ],
    [
      'both',
      () => ({ phone: '+12025550143', leadId: NOBODY }),
      'INVALID',
      'Give the phone number or the leadId, one of the two.',
    ],
    [
      'no phone number',
      () => ({ phone: 'call me' }),
      'INVALID',
      'Phone must be a phone number, best in E.164 form like +12025550143.',
    ],
    [
      'no time',
      () => ({ phone: '+12025550143', scheduledAt: 'soon' }),
      'INVALID',
      'Scheduled at must be a point in time like 2026-01-31T14:30:00Z.',
    ],
    ['an unknown team', () => ({ phone: '+12025550143', teamId: NOBODY }), 'NOT_FOUND', 'Team not found'],
    [
      'an unknown number of a team',
      () => ({ phone: '+12025550143', teamId: 2_000_000_000 }),
      'NOT_FOUND',
      'Team not found',
    ],
    ['an unknown lead', () => ({ leadId: NOBODY }), 'NOT_FOUND', 'Lead not found'],
    [
      'an e-mail that is none',
      () => ({ phone: '+12025550143', email: 'x' }),
      'INVALID',
      'Email must be an e-mail address.',
    ],
    [
      'an unknown field',
      () => ({ phone: '+12025550143', agentId: NOBODY }),
      'INVALID',
      'Agent id cannot be set.',
    ],
  ])('%s', async (_, input, code, message) => {
    const { team } = await bench.openTeam();
    await withoutChange(bench.account, () =>
      expect(calls.start(bench.ctx, { teamId: team.id, ...input() })).rejects.toMatchObject({
        code,
        message,
      }),
    );
  });

  test('a lead who is blocked or stopped', async () => {
    const { ctx, account } = bench;
    const { team } = await bench.openTeam();
    const blocked = await leads.create(ctx, { phone: freshPhone(), isBlocked: true });
    const stopped = await leads.create(ctx, { phone: freshPhone(), isStopped: true });
    await withoutChange(account, async () => {
      await expect(bench.start(team, { phone: blocked.phone, firstName: 'New' })).rejects.toMatchObject({
        ...{ code: 'CONFLICT', message: 'The lead is blocked and must not be contacted.' },
      });
      await expect(bench.start(team, { leadId: stopped.id })).rejects.toMatchObject({
        ...{
          code: 'CONFLICT',
          message: 'Calls to the lead were stopped: set isStopped to false to call again.',
        },
      });
    });
  });

  test('what belongs to another account', async () => {
    const { team } = await bench.openTeam();
    const call = await bench.start(team);
    const stranger = await openTestAccount();
    const phone = freshPhone();
    const refused = { code: 'NOT_FOUND' };
    await withoutChange(bench.account, () =>
      withoutChange(stranger, async () => {
        for (const teamId of [team.id, team.number])
          await expect(calls.start(stranger.ctx, { teamId, phone })).rejects.toMatchObject(refused);
        for (const id of [call.id, call.number]) {
          await expect(calls.progress(stranger.ctx, id, { status: 'missed' })).rejects.toMatchObject(refused);
          await expect(calls.ringNext(stranger.ctx, id)).rejects.toMatchObject(refused);
          await expect(calls.record(stranger.ctx, id)).rejects.toMatchObject(refused);
        }
      }),
    );
    const own = await teams.create(stranger.ctx, { name: 'Own' });
    await expect(calls.start(stranger.ctx, { teamId: own.id, leadId: call.leadId })).rejects.toMatchObject(
      refused,
    );
  });
});
