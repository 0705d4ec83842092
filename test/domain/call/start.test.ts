import { agents } from '../../../src/domain/agent/agent.service';
import { calls } from '../../../src/domain/call/call.service';
import { feeds } from '../../../src/domain/feed/feed.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import { teams } from '../../../src/domain/team/team.service';
import { NOW, openTestAccount } from '../../support/account';
import { eventNamesOf, eventsOf, withoutChange } from '../../support/account-state';
import { type CallBench, freshPhone, openCallBench } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
});

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
    expect(await eventNamesOf(account, 'lead')).toEqual(['lead.created', 'lead.updated']);
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
    const names = await eventNamesOf(bench.account, 'call');
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
