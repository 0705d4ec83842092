import { calls } from '../../../src/domain/call/call.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import { smsMessages } from '../../../src/domain/sms-message/sms-message.service';
import { NOW } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { type CallBench, freshPhone, MINUTE, openCallBench, RETRIES } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
});

const completedIds = async () =>
  (await eventsOf(bench.account, 'call'))
    .filter(({ name }) => name === 'call.completed')
    .map(({ subjectId }) => subjectId);

describe('a call that an agent takes', () => {
  test('goes from ringing over in progress to completed, and its lead with it', async () => {
    const { account, clock } = bench;
    const { team, crew } = await bench.openTeam(RETRIES, [{}, {}]);
    const { id, leadId } = await bench.start(team);
    clock.advance(7_000);
    const agentId = crew[1]?.id as string;
    expect(await bench.report(id, { status: 'in_progress', agentId })).toMatchObject({
      ...{
        status: 'in_progress',
        agentId,
        answeredAt: '2026-03-02T10:00:07.000Z',
        endedAt: null,
        seconds: 0,
      },
    });
    expect(await bench.lead(leadId)).toMatchObject({ dialStatus: 'in_progress', ownerId: agentId });
    expect(await completedIds()).toEqual([]);
    clock.advance(65_400);
    const done = await bench.report(id, {
      ...{ status: 'completed', result: 'contacted', transcript: 'Hello.' },
      recordingUrl: 'https://cdn.example.com/r.mp3',
    });
    expect(done).toMatchObject({
      ...{ status: 'completed', result: 'contacted', agentId, seconds: 65, transcript: 'Hello.' },
      ...{ recordingUrl: 'https://cdn.example.com/r.mp3', endedAt: '2026-03-02T10:01:12.400Z', dialAt: null },
    });
    expect(await bench.lead(leadId)).toMatchObject({
      ...{ dialStatus: 'completed', status: 'contacted', result: 'contacted', callAttempts: 1 },
      ...{ lastCalledAt: NOW, scheduledCallAt: null, ownerId: agentId },
    });
    expect(await completedIds()).toEqual([id]);
    const log = (await eventsOf(account, 'call')).map(({ name, changes }) => [
      name,
      Object.keys(changes).toSorted(),
    ]);
    expect(log).toEqual([
      ['call.created', []],
      ['call.updated', ['agentId', 'answeredAt', 'status']],
      ['call.updated', ['endedAt', 'recordingUrl', 'result', 'seconds', 'status', 'transcript']],
      ['call.completed', []],
    ]);
    expect(await bench.callsOf(leadId)).toHaveLength(1);
  });

  test('knows its agent when one alone is rung, and leaves an owner who is there', async () => {
    const { ctx } = bench;
    const { team, crew } = await bench.openTeam({ callMode: 'round_robin' }, [{}, {}]);
    const owned = await leads.create(ctx, { phone: freshPhone(), ownerId: crew[1]?.id });
    const { id } = await bench.start(team, { leadId: owned.id });
    expect(await bench.report(id, { status: 'in_progress' })).toMatchObject({ agentId: crew[0]?.id });
    expect(await bench.lead(owned.id)).toMatchObject({ ownerId: crew[1]?.id });
  });

  test('may be reported at once, with its seconds, and the result later', async () => {
    const { team } = await bench.openTeam(RETRIES);
    const { id, leadId } = await bench.start(team);
    await bench.report(id, { status: 'completed', seconds: 12 });
    expect(await bench.lead(leadId)).toMatchObject({
      dialStatus: 'completed',
      status: 'called',
      result: null,
    });
    expect(await bench.report(id, { result: 'voicemail' })).toMatchObject({
      seconds: 12,
      result: 'voicemail',
    });
    expect(await bench.lead(leadId)).toMatchObject({
      ...{ dialStatus: 'retry', status: 'voicemail', result: 'voicemail' },
      scheduledCallAt: '2026-03-02T10:30:00.000Z',
    });
    await bench.report(id, { result: 'missed', transcript: 'Nobody there.' });
    expect(await bench.callsOf(leadId)).toHaveLength(2);
    expect(await completedIds()).toEqual([id]);
  });

  test('that turns out to be the last one its lead wants removes the lead, and the next call is not made', async () => {
    const { team } = await bench.openTeam(RETRIES);
    const { id, leadId } = await bench.start(team);
    await bench.report(id, { status: 'completed', result: 'voicemail' });
    expect(await bench.lead(leadId)).toMatchObject({ isStopped: false, dialStatus: 'retry' });
    await bench.report(id, { result: 'removed' });
    expect(await bench.lead(leadId)).toMatchObject({ isStopped: true, status: 'removed', result: 'removed' });
    bench.clock.advance(30 * MINUTE);
    await bench.startDue();
    expect((await bench.callsOf(leadId)).map(({ status, result }) => [status, result])).toEqual([
      ['completed', 'removed'],
      ['cancelled', null],
    ]);
    expect(await bench.lead(leadId)).toMatchObject({ scheduledCallAt: null });
    await leads.update(bench.ctx, leadId, { isStopped: false });
    await bench.report(id, { result: 'removed', transcript: 'Please stop.' });
    expect(await bench.lead(leadId)).toMatchObject({ isStopped: false });
    expect(await completedIds()).toEqual([id]);
  });

  test('removes a lead who wants no more calls from all that is to come', async () => {
    const { team } = await bench.openTeam(RETRIES);
    const { id, leadId } = await bench.start(team);
    await bench.report(id, { status: 'in_progress' });
    await bench.report(id, { status: 'completed', result: 'removed' });
    expect(await bench.lead(leadId)).toMatchObject({
      ...{
        isStopped: true,
        dialStatus: 'completed',
        status: 'removed',
        result: 'removed',
        scheduledCallAt: null,
      },
    });
    await expect(bench.start(team, { leadId })).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a call that reaches nobody', () => {
  test('is made again by the schedule for agents, then given up', async () => {
    const { ctx, clock } = bench;
    const { team } = await bench.openTeam(RETRIES);
    const number = await phoneNumbers.create(ctx, { phone: '+12025550100' });
    const first = await bench.start(team, { phone: freshPhone(), source: 'Form' });
    await bench.report(first.id, { status: 'missed' });
    const [, second] = await bench.callsOf(first.leadId);
    expect(second).toMatchObject({
      ...{ status: 'scheduled', scheduledAt: '2026-03-02T10:15:00.000Z', scheduleReason: 'agent_retry' },
      ...{ agentRetry: 1, leadRetry: 0, teamId: team.id, phoneNumberId: number.id, source: 'Form' },
    });
    expect(await bench.lead(first.leadId)).toMatchObject({
      ...{ dialStatus: 'retry', status: 'missed', result: null, scheduledCallAt: '2026-03-02T10:15:00.000Z' },
    });
    for (const [status, minutes] of [
      ['ignored', 15],
      ['busy', 60],
    ] as const) {
      clock.advance(minutes * MINUTE);
      const again = await bench.startDue();
      expect(again).toBe(1);
      const [call] = (await bench.callsOf(first.leadId)).filter((one) => one.status === 'ringing');
      await bench.report(call?.id as string, { status });
    }
    const all = await bench.callsOf(first.leadId);
    expect(all.map(({ status, agentRetry }) => [status, agentRetry])).toEqual([
      ['missed', 0],
      ['ignored', 1],
      ['busy', 2],
    ]);
    expect(await bench.lead(first.leadId)).toMatchObject({
      ...{ dialStatus: 'failed', status: 'missed', scheduledCallAt: null, callAttempts: 3 },
    });
    expect(await completedIds()).toEqual(all.map(({ id }) => id));
  });

  test('is made again by the schedule for leads when an agent took it', async () => {
    const { clock } = bench;
    const { team } = await bench.openTeam(RETRIES);
    const first = await bench.start(team);
    await bench.report(first.id, { status: 'in_progress' });
    await bench.report(first.id, { status: 'completed', result: 'missed' });
    const [, second] = await bench.callsOf(first.leadId);
    expect(second).toMatchObject({
      ...{ status: 'scheduled', scheduledAt: '2026-03-02T10:30:00.000Z', scheduleReason: 'lead_retry' },
      ...{ agentRetry: 0, leadRetry: 1 },
    });
    clock.advance(30 * MINUTE);
    await bench.startDue();
    await bench.report(second?.id as string, { status: 'in_progress' });
    await bench.report(second?.id as string, { status: 'error', errorMessage: 'Line broke.' });
    expect(await bench.lead(first.leadId)).toMatchObject({
      dialStatus: 'failed',
      status: 'missed',
      result: 'missed',
    });
    expect(await bench.callsOf(first.leadId)).toHaveLength(2);
  });

  test('of a lead who was stopped meanwhile is not made again', async () => {
    const { team } = await bench.openTeam(RETRIES);
    const { id, leadId } = await bench.start(team);
    await leads.update(bench.ctx, leadId, { isStopped: true });
    await bench.report(id, { status: 'missed' });
    expect(await bench.callsOf(leadId)).toHaveLength(1);
    expect(await bench.lead(leadId)).toMatchObject({ dialStatus: 'failed', scheduledCallAt: null });
  });

  test('of a lead who was deleted is written down all the same', async () => {
    const { team } = await bench.openTeam(RETRIES);
    const { id, leadId } = await bench.start(team);
    await leads.delete(bench.ctx, leadId);
    expect(await bench.report(id, { status: 'missed' })).toMatchObject({ status: 'missed' });
    expect(await bench.callsOf(leadId)).toHaveLength(1);
    expect(await completedIds()).toEqual([id]);
  });

  test('because nobody is at work waits until somebody is, when the team puts calls off', async () => {
    const { clock } = bench;
    const hours = [
      { day: 2, isAvailable: true, isAllDay: false, windows: [{ start: '09:00', end: '17:00' }] },
    ];
    const agent = { schedule: hours, timeZone: 'America/New_York' };
    const { team } = await bench.openTeam({ isRescheduling: true }, [{ agent }]);
    const first = await bench.start(team);
    expect(first.status).toBe('offline');
    const [, second] = await bench.callsOf(first.leadId);
    const workAt = '2026-03-03T14:00:00.000Z';
    expect(second).toMatchObject({
      status: 'scheduled',
      scheduledAt: workAt,
      scheduleReason: 'offline',
      agentRetry: 0,
    });
    expect(await bench.lead(first.leadId)).toMatchObject({ dialStatus: 'retry', scheduledCallAt: workAt });
    clock.at = new Date(workAt);
    await bench.startDue();
    expect(await bench.callsOf(first.leadId)).toMatchObject([{ status: 'offline' }, { status: 'ringing' }]);
  });

  test('is followed by the team’s text, once', async () => {
    const { ctx, clock } = bench;
    const smsBody = "Hi {{ lead.first_name | default: 'there' }}, {{ from.company }} tried to call you.";
    const { team } = await bench.openTeam({ ...RETRIES, isSmsEnabled: true, smsBody });
    const texts = () => smsMessages.page(ctx, {}).then(({ rows }) => rows);
    const silent = await bench.start(team);
    await bench.report(silent.id, { status: 'missed' });
    expect(await texts()).toEqual([]);
    const number = await phoneNumbers.create(ctx, { phone: '+12025550100' });
    const phone = freshPhone();
    const { id, leadId } = await bench.start(team, { phone });
    await bench.report(id, { status: 'missed' });
    expect(await texts()).toMatchObject([
      {
        ...{ leadId, phone, phoneNumberId: number.id, direction: 'outbound', status: 'queued' },
        body: 'Hi there, Test account tried to call you.',
      },
    ]);
    clock.advance(15 * MINUTE);
    await bench.startDue();
    const [, retry] = await bench.callsOf(leadId);
    await bench.report(retry?.id as string, { status: 'missed' });
    const reached = await bench.start(team);
    await bench.report(reached.id, { status: 'completed', result: 'contacted' });
    expect(await texts()).toHaveLength(1);
  });
});

describe('a call that is only written down', () => {
  test('moves nothing but itself when it is changed, and its lead when progress is reported', async () => {
    const { ctx, account } = bench;
    const { team } = await bench.openTeam(RETRIES);
    const lead = await leads.create(ctx, { phone: freshPhone() });
    const changed = await calls.create(ctx, { leadId: lead.id, teamId: team.id });
    await calls.update(ctx, changed.id, { status: 'missed' });
    expect(await bench.lead(lead.id)).toMatchObject({ dialStatus: 'pending', status: null });
    const reported = await calls.create(ctx, { leadId: lead.id, teamId: team.id });
    await bench.report(reported.id, { status: 'completed', result: 'contacted' });
    expect(await bench.lead(lead.id)).toMatchObject({ dialStatus: 'completed', status: 'contacted' });
    const over = await calls.create(ctx, { leadId: lead.id, status: 'completed' });
    expect(await completedIds()).toEqual([changed.id, reported.id, over.id]);
    await withoutChange(account, async () => {
      for (const status of ['scheduled', 'cancelled'])
        await expect(calls.create(ctx, { leadId: lead.id, status })).rejects.toMatchObject({
          message: `A call that is ${status} cannot be written down: start it with a time.`,
        });
    });
  });
});

describe('a scheduled call', () => {
  test('is moved, called off, or deleted, and its lead knows', async () => {
    const { ctx } = bench;
    const { team } = await bench.openTeam();
    const scheduledAt = '2026-03-02T12:00:00.000Z';
    const { id, leadId } = await bench.start(team, { phone: freshPhone(), scheduledAt });
    await calls.update(ctx, id, { scheduledAt: '2026-03-02T13:00:00Z' });
    expect((await bench.lead(leadId)).scheduledCallAt).toBe('2026-03-02T13:00:00.000Z');
    await expect(calls.update(ctx, id, { scheduledAt: null })).rejects.toMatchObject({ code: 'INVALID' });
    await bench.report(id, { status: 'cancelled' });
    expect(await bench.lead(leadId)).toMatchObject({ scheduledCallAt: null, dialStatus: 'pending' });
    const second = await bench.start(team, { leadId, scheduledAt });
    await calls.delete(ctx, second.id);
    expect(await bench.lead(leadId)).toMatchObject({ scheduledCallAt: null, dialStatus: 'pending' });
    expect(await completedIds()).toEqual([]);
  });

  test('that was a retry and is called off leaves the lead given up', async () => {
    const { team } = await bench.openTeam(RETRIES);
    const { id, leadId } = await bench.start(team);
    await bench.report(id, { status: 'missed' });
    const [, retry] = await bench.callsOf(leadId);
    await bench.report(retry?.id as string, { status: 'cancelled' });
    expect(await bench.lead(leadId)).toMatchObject({ scheduledCallAt: null, dialStatus: 'failed' });
  });
});

test('ten reports of the end at once end it once, and are followed by one retry', async () => {
  const { team } = await bench.openTeam(RETRIES);
  const { id, leadId } = await bench.start(team);
  await Promise.all(Array.from({ length: 10 }, () => bench.report(id, { status: 'missed' })));
  expect(await completedIds()).toEqual([id]);
  expect(await bench.callsOf(leadId)).toHaveLength(2);
});
