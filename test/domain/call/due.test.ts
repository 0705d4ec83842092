import type { Loop } from '../../../src/delivery/loop';
import { accounts } from '../../../src/domain/account/account.service';
import { calls } from '../../../src/domain/call/call.service';
import { attendCalls, manualDialer } from '../../../src/domain/call/dialer';
import { endSilentCalls, startDueCalls } from '../../../src/domain/call/due-calls';
import { simulatedDialer } from '../../../src/domain/call/simulated-dialer';
import { leads } from '../../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import type { OutboundText } from '../../../src/domain/sms-message/messenger';
import { smsMessages } from '../../../src/domain/sms-message/sms-message.service';
import { teams } from '../../../src/domain/team/team.service';
import { startCalling } from '../../../src/server/calling';
import { openTestAccount, testVault } from '../../support/account';
import { eventNamesOf, eventsOf } from '../../support/account-state';
import { type CallBench, freshPhone, HOUR, MINUTE, NotingDialer, openCallBench } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
});
afterEach(() => expect(bench.errors).toEqual([]));

const AT = '2026-03-02T11:00:00.000Z';

describe('a call whose time has come', () => {
  test('is made, in whatever account, and not before', async () => {
    const { clock } = bench;
    const { team } = await bench.openTeam();
    const { id, leadId } = await bench.start(team, { phone: freshPhone(), scheduledAt: AT });
    clock.advance(HOUR - 1);
    expect(await bench.startDue()).toBe(0);
    clock.advance(1);
    expect(await bench.startDue()).toBe(1);
    expect(await bench.startDue()).toBe(0);
    const call = await calls.get(bench.ctx, id);
    expect(call).toMatchObject({
      status: 'ringing',
      startedAt: AT,
      attempts: 1,
      scheduledAt: AT,
      dialAt: AT,
    });
    expect(await bench.lead(leadId)).toMatchObject({
      ...{ dialStatus: 'in_progress', callAttempts: 1, lastCalledAt: AT, scheduledCallAt: null },
    });
    const [created, updated] = await eventsOf(bench.account, 'call');
    expect([created?.name, updated?.name]).toEqual(['call.created', 'call.updated']);
    expect(updated?.changes.status).toEqual({ old: 'scheduled', new: 'ringing' });
  });

  test('is made once by many processes at once', async () => {
    const { clock, due } = bench;
    const { team } = await bench.openTeam({ callMode: 'round_robin' }, [{}, {}]);
    for (let at = 0; at < 12; at++) await bench.start(team, { phone: freshPhone(), scheduledAt: AT });
    clock.advance(HOUR);
    const started = await Promise.all([1, 2, 3, 4].map(() => startDueCalls(due)));
    expect(started.reduce((sum, one) => sum + one)).toBe(12);
    const { rows } = await calls.page(bench.ctx, { first: 100 });
    expect(rows.map(({ status, attempts }) => [status, attempts])).toEqual(Array(12).fill(['ringing', 1]));
    const rung = await Promise.all(rows.map(async (call) => (await bench.rung(call))[0]));
    expect(rung.toSorted()).toEqual([...Array(6).fill('A'), ...Array(6).fill('B')]);
  });

  test('and that is started by hand at that moment is one call', async () => {
    const { clock } = bench;
    const { team } = await bench.openTeam();
    const { leadId } = await bench.start(team, { phone: freshPhone(), scheduledAt: AT });
    clock.advance(HOUR);
    await Promise.all([bench.startDue(), bench.start(team, { leadId }), bench.startDue()]);
    const statuses = (await bench.callsOf(leadId)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'ringing')).toHaveLength(1);
    expect((await bench.lead(leadId)).callAttempts).toBe(1);
  });

  test('is called off when its lead or team does not want it, or when it comes a day late', async () => {
    const { ctx, clock } = bench;
    const { team } = await bench.openTeam();
    const schedule = () => bench.start(team, { phone: freshPhone(), scheduledAt: AT });
    const [stopped, blocked, deleted] = [await schedule(), await schedule(), await schedule()];
    await leads.update(ctx, stopped.leadId, { isStopped: true });
    await leads.update(ctx, blocked.leadId, { isBlocked: true });
    await leads.delete(ctx, deleted.leadId);
    const { team: goneTeam } = await bench.openTeam();
    const gone = await bench.start(goneTeam, { phone: freshPhone(), scheduledAt: AT });
    await teams.delete(ctx, goneTeam.id);
    clock.advance(HOUR);
    expect(await bench.startDue()).toBe(4);
    const late = await bench.start(team, { phone: freshPhone(), scheduledAt: '2026-03-02T12:00:00.000Z' });
    clock.advance(25 * HOUR + 1);
    expect(await bench.startDue()).toBe(1);
    const messages = await Promise.all(
      [stopped, blocked, deleted, gone, late].map(async ({ id }) => {
        const { status, errorMessage } = await calls.get(ctx, id);
        return [status, errorMessage];
      }),
    );
    expect(messages).toEqual([
      ['cancelled', 'Calls to the lead were stopped.'],
      ['cancelled', 'Calls to the lead were stopped.'],
      ['cancelled', 'The lead or the team was deleted.'],
      ['cancelled', 'The lead or the team was deleted.'],
      ['cancelled', 'It could not be made for 24 hours.'],
    ]);
    expect(await eventNamesOf(bench.account, 'call')).not.toContain('call.completed');
  });

  test('is called off when its account is switched off', async () => {
    const agency = await openTestAccount({ kind: 'agency', clock: bench.clock });
    const client = await accounts.createClient(agency.ctx, { name: 'Client' });
    const ctx = agency.ctx.actingFor(await accounts.clientScope(agency.ctx, client.id));
    const team = await teams.create(ctx, { name: 'T' });
    const { id } = await calls.start(ctx, { teamId: team.id, phone: freshPhone(), scheduledAt: AT });
    await accounts.setClientActive(agency.ctx, client.id, false);
    bench.clock.advance(HOUR);
    expect(await bench.startDue()).toBe(1);
    expect(await calls.get(ctx, id)).toMatchObject({
      ...{ status: 'cancelled', errorMessage: 'The account was switched off.' },
    });
  });
});

test('a call that nothing is heard of ends by itself, and is no more in the way', async () => {
  const { clock, due } = bench;
  const { team } = await bench.openTeam({ isRetrying: true, retries: 1, retrySchedule: [5] }, [{ cap: 2 }]);
  const [ringing, taken] = [await bench.start(team), await bench.start(team)];
  await calls.progress(bench.ctx, taken.id, { status: 'in_progress' });
  clock.advance(HOUR - 1);
  expect(await endSilentCalls(due)).toBe(0);
  clock.advance(1);
  expect(await endSilentCalls(due)).toBe(1);
  expect(await bench.callsOf(ringing.leadId)).toMatchObject([
    { status: 'error', errorMessage: 'Nothing was heard of it for 1 h.' },
    { status: 'scheduled', agentRetry: 1 },
  ]);
  clock.advance(5 * HOUR);
  expect(await endSilentCalls(due)).toBe(1);
  expect(await bench.callsOf(taken.leadId)).toMatchObject([{ status: 'completed', result: null }]);
});

describe('the dialer', () => {
  test('is told of a call when it is committed, not when it is rolled back, and of each turn', async () => {
    const { ctx } = bench;
    const { team, crew } = await bench.openTeam({ callMode: 'round_robin' }, [{}, {}]);
    const dialer = new NotingDialer(async (_, { call }) => {
      const [seen] = await bench.store.acrossAccounts.query<{ status: string }>(
        'select status from call where id = $1',
        [call.id],
      );
      expect(seen?.status).toBe('ringing');
      return null;
    });
    await expect(
      ctx.transaction(async (tx) => {
        await calls.start(tx, { teamId: team.id, phone: freshPhone() });
        expect(await dialer.attendAll(bench)).toBe(0);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await dialer.attendAll(bench)).toBe(0);
    const { id } = await bench.start(team);
    expect(await dialer.attendAll(bench)).toBe(1);
    expect(await dialer.attendAll(bench)).toBe(0);
    await calls.ringNext(ctx, id);
    expect(await dialer.attendAll(bench)).toBe(1);
    const told = dialer.orders.map(({ call, rings }) => [call.id, rings.map(({ agentId }) => agentId)]);
    expect(told).toEqual([
      [id, [crew[0]?.id]],
      [id, [crew[1]?.id]],
    ]);
    await calls.ringNext(ctx, id);
    expect(await dialer.attendAll(bench)).toBe(0);
  });

  test('is told again when it asks for it, and after a minute when it fails', async () => {
    const { clock } = bench;
    const { team } = await bench.openTeam();
    await bench.start(team);
    const answers = ['2026-03-02T10:00:05.000Z', undefined, null];
    const dialer = new NotingDialer(async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('no line');
      return answer;
    });
    expect(await dialer.attendAll(bench)).toBe(1);
    clock.advance(4_999);
    expect(await dialer.attendAll(bench)).toBe(0);
    clock.advance(1);
    expect(await dialer.attendAll(bench)).toBe(1);
    expect(bench.errors.splice(0)).toEqual([new Error('no line')]);
    clock.advance(MINUTE - 1);
    expect(await dialer.attendAll(bench)).toBe(0);
    clock.advance(1);
    expect(await dialer.attendAll(bench)).toBe(1);
    clock.advance(HOUR);
    expect(await dialer.attendAll(bench)).toBe(0);
  });

  test('manual leaves a call as it is', async () => {
    const { team } = await bench.openTeam();
    const call = await bench.start(team);
    expect(await attendCalls(manualDialer, bench.due)).toBe(1);
    expect(await attendCalls(manualDialer, bench.due)).toBe(0);
    expect(await calls.get(bench.ctx, call.id)).toEqual({ ...call, dialAt: null });
  });

  test('tells each of many calls to one process', async () => {
    const { team } = await bench.openTeam();
    const made = await Promise.all(Array.from({ length: 20 }, () => bench.start(team)));
    const dialers = [new NotingDialer(), new NotingDialer(), new NotingDialer()];
    await Promise.all(dialers.map((dialer) => dialer.attendAll(bench)));
    const told = dialers.flatMap(({ orders }) => orders.map(({ call }) => call.id));
    expect(told.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
  });
});

describe('the simulated dialer', () => {
  /** Plays until nothing is left to do, a second at a time; answers what became of the calls, by phone number. */
  async function play(seed: string, phones: string[]): Promise<unknown[]> {
    const { team } = await bench.openTeam(
      {
        ...{ callMode: 'round_robin', isRetrying: true, retries: 1, retrySchedule: [1] },
        ...{ isRetryingLeads: true, leadRetries: 1, leadRetrySchedule: [2] },
      },
      [{}, {}, {}],
    );
    const dialer = simulatedDialer(seed);
    const made = [];
    for (const phone of phones) made.push(await bench.start(team, { phone }));
    for (let second = 0; second < 1200; second++) {
      await bench.startDue();
      while ((await attendCalls(dialer, bench.due)) > 0);
      bench.clock.advance(1000);
    }
    const played = [];
    for (const { leadId } of made) {
      const lead = await bench.lead(leadId);
      const all = await bench.callsOf(leadId);
      const told = all.map(({ status, result, seconds, attempts }) => [status, result, seconds, attempts]);
      played.push([lead.dialStatus, lead.status, lead.callAttempts, told]);
      expect(['completed', 'failed']).toContain(lead.dialStatus);
      expect(all.every(({ status }) => status === 'completed' || status === 'missed')).toBe(true);
      await leads.delete(bench.ctx, leadId);
    }
    return played;
  }

  test('plays every call to its end, and the same calls the same way again', async () => {
    const phones = Array.from({ length: 6 }, freshPhone);
    const first = await play('seed', phones);
    bench = await openCallBench();
    expect(await play('seed', phones)).toEqual(first);
    expect(new Set(first.map((one) => JSON.stringify(one))).size).toBeGreaterThan(2);
    const completed = (await eventsOf(bench.account, 'call')).filter(({ name }) => name === 'call.completed');
    const ids = completed.map(({ subjectId }) => subjectId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test('a running server makes what is due, hands texts over, and stops', async () => {
  const { ctx, store, clock, due } = bench;
  const { team } = await bench.openTeam();
  const call = await bench.start(team, { phone: freshPhone(), scheduledAt: AT });
  await phoneNumbers.create(ctx, { phone: '+12025550100' });
  const sms = { phone: '+12025550143', from: '+12025550100', message: 'Hi.' };
  const { id } = await smsMessages.send(ctx, sms);
  clock.advance(HOUR);
  const texts: OutboundText[] = [];
  let calling: Loop | undefined;
  await new Promise<void>((resolve) => {
    calling = startCalling({
      ...{ store, vault: testVault, now: clock.now, dialer: 'manual', onError: due.onError },
      logText: (text) => texts.push(text),
      // Once for the call, once for the text.
      onChange: () => texts.length > 0 && resolve(),
    });
  });
  await calling?.stop();
  expect(await calls.get(ctx, call.id)).toMatchObject({ status: 'ringing', dialAt: null });
  expect(await smsMessages.get(ctx, id)).toMatchObject({ status: 'sent' });
  expect(texts).toEqual([{ id, from: sms.from, to: sms.phone, body: 'Hi.' }]);
});
