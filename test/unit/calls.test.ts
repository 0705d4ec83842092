import fc from 'fast-check';
import { type CallStatus, callResult, callStatus } from '../../src/domain/call/call.entity';
import { checkTransition, isLive, isOver } from '../../src/domain/call/call.rules';
import { leadAfter, nextCall, outcomeOf } from '../../src/domain/call/retry.rules';
import { answerOf, talkOf } from '../../src/domain/call/simulated.rules';
import type { Lead } from '../../src/domain/lead/lead.entity';

const NOW = new Date('2026-03-02T10:00:00.000Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

describe('transitions', () => {
  const statuses = callStatus.values;

  test('are these and no others', () => {
    const can = (from: CallStatus, to: CallStatus) => {
      try {
        checkTransition(from, to);
        return from !== to;
      } catch {
        return false;
      }
    };
    const table = Object.fromEntries(
      statuses.map((from) => [from, statuses.filter((to) => can(from, to)).join(' ')]),
    );
    expect(table).toEqual({
      scheduled: 'cancelled',
      ringing: 'in_progress offline missed completed ignored busy error',
      in_progress: 'missed completed busy error',
      ...{ offline: '', missed: '', completed: '', ignored: '', busy: '', error: '', cancelled: '' },
    });
  });

  test('a wrong one names both states and what is possible', () => {
    expect(() => checkTransition('in_progress', 'ringing')).toThrow(
      'A call that is in_progress cannot become ringing: it can become missed, completed, busy, error.',
    );
    expect(() => checkTransition('completed', 'missed')).toThrow(
      'A call that is completed cannot become missed: it is over.',
    );
  });

  test('however a call goes, it is over at most once, and never live afterwards', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<CallStatus>('scheduled', 'ringing'),
        fc.array(fc.constantFrom(...statuses)),
        (first, reports) => {
          let status = first;
          let ends = 0;
          for (const report of reports) {
            try {
              checkTransition(status, report);
            } catch {
              continue;
            }
            if (isOver(report) && !isOver(status)) ends += 1;
            if (isOver(status)) expect(report).toBe(status);
            status = report;
          }
          expect(ends).toBe(isOver(status) ? 1 : 0);
          expect(isOver(status) && isLive(status)).toBe(false);
        },
      ),
    );
  });
});

describe('what a call comes to', () => {
  test.each([
    ['completed', 'contacted', 'contacted'],
    ['completed', 'removed', 'removed'],
    ['completed', 'voicemail', 'lead_missed'],
    ['completed', 'missed', 'lead_missed'],
    ['completed', null, 'taken'],
    ['missed', null, 'agents_missed'],
    ['offline', null, 'agents_missed'],
    ['busy', null, 'agents_missed'],
    ['error', null, 'agents_missed'],
    ['ignored', null, 'agents_missed'],
  ] as const)('%s with result %s: %s', (status, result, outcome) => {
    expect(outcomeOf({ status, result, answeredAt: null })).toBe(outcome);
  });

  test('a call that an agent took and that was cut short has missed the lead', () => {
    for (const status of ['missed', 'busy', 'error'] as const)
      expect(outcomeOf({ status, result: null, answeredAt: NOW.toISOString() })).toBe('lead_missed');
  });
});

describe('the next call', () => {
  const TEAM = {
    ...{ isRetrying: true, retries: 3, retrySchedule: [15, 60], isRescheduling: false },
    ...{ isRetryingLeads: true, leadRetries: 2, leadRetrySchedule: [5, 120] },
  };
  const followingOf = (call: object, outcome: 'agents_missed' | 'lead_missed', team = TEAM, workAt?: Date) =>
    nextCall(team, {
      call: { status: 'missed', agentRetry: 0, leadRetry: 0, ...call },
      outcome,
      now: NOW,
      workAt,
    });

  test('to agents follows the schedule, whose last entry holds on, and ends after the retries', () => {
    const times = [0, 1, 2, 3].map((agentRetry) =>
      followingOf({ agentRetry, leadRetry: 1 }, 'agents_missed'),
    );
    const next = (at: number, agentRetry: number) => ({
      at: minutes(at),
      reason: 'agent_retry',
      agentRetry,
      leadRetry: 1,
    });
    expect(times).toEqual([next(15, 1), next(60, 2), next(60, 3), undefined]);
  });

  test('to the lead starts the tries to reach agents anew', () => {
    const times = [0, 1, 2].map((leadRetry) => followingOf({ agentRetry: 2, leadRetry }, 'lead_missed'));
    const next = (at: number, leadRetry: number) => ({
      at: minutes(at),
      reason: 'lead_retry',
      agentRetry: 0,
      leadRetry,
    });
    expect(times).toEqual([next(5, 1), next(120, 2), undefined]);
  });

  test('is not made when the team does not want it, or has no times for it', () => {
    expect(followingOf({}, 'agents_missed', { ...TEAM, isRetrying: false })).toBeUndefined();
    expect(followingOf({}, 'agents_missed', { ...TEAM, retrySchedule: [] })).toBeUndefined();
    expect(followingOf({}, 'lead_missed', { ...TEAM, isRetryingLeads: false })).toBeUndefined();
    for (const outcome of ['contacted', 'removed', 'taken'] as const)
      expect(
        nextCall(TEAM, { call: { status: 'completed', agentRetry: 0, leadRetry: 0 }, outcome, now: NOW }),
      ).toBeUndefined();
  });

  test('of a call that found nobody at work waits until somebody is, when the team puts such calls off', () => {
    const team = { ...TEAM, isRescheduling: true };
    const workAt = minutes(600);
    const next = { at: workAt, reason: 'offline', agentRetry: 1, leadRetry: 0 };
    expect(followingOf({ status: 'offline', agentRetry: 1 }, 'agents_missed', team, workAt)).toEqual(next);
    expect(followingOf({ status: 'missed', agentRetry: 1 }, 'agents_missed', team, workAt)).toMatchObject({
      reason: 'agent_retry',
    });
    expect(followingOf({ status: 'offline' }, 'agents_missed', team)).toMatchObject({
      at: minutes(15),
      reason: 'agent_retry',
    });
  });

  test('however the calls of a lead go, there are at most (retries + 1) × (lead retries + 1) of them', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.constantFrom('agents_missed', 'lead_missed')), (outcomes) => {
        let call = { status: 'missed' as const, agentRetry: 0, leadRetry: 0 };
        for (let made = 1; ; made++) {
          expect(made).toBeLessThanOrEqual(12);
          const next = followingOf(call, outcomes.next().value);
          if (!next) return;
          call = { ...call, ...next };
        }
      }),
    );
  });
});

test('the lead after a call', () => {
  const lead = { result: 'old' } as Lead;
  const next = { at: minutes(15), reason: 'agent_retry' as const, agentRetry: 1, leadRetry: 0 };
  expect(leadAfter(lead, { result: null }, 'agents_missed', next)).toEqual({
    ...{ status: 'missed', result: 'old', dialStatus: 'retry', scheduledCallAt: '2026-03-02T10:15:00.000Z' },
  });
  expect(leadAfter(lead, { result: null }, 'agents_missed', undefined)).toMatchObject({
    dialStatus: 'failed',
    scheduledCallAt: null,
  });
  expect(leadAfter(lead, { result: 'voicemail' }, 'lead_missed', undefined)).toMatchObject({
    status: 'voicemail',
    result: 'voicemail',
    dialStatus: 'failed',
  });
  expect(leadAfter(lead, { result: 'contacted' }, 'contacted', undefined)).toMatchObject({
    status: 'contacted',
    dialStatus: 'completed',
  });
  expect(leadAfter(lead, { result: null }, 'taken', undefined)).toMatchObject({
    status: 'called',
    dialStatus: 'completed',
  });
  expect(leadAfter(lead, { result: 'removed' }, 'removed', undefined)).toMatchObject({
    dialStatus: 'completed',
    isStopped: true,
  });
});

describe('a simulated call', () => {
  test('goes the same way for the same seed, and every way for some', () => {
    const seeds = Array.from({ length: 500 }, (_, at) => `seed ${at}`);
    const answers = seeds.map((seed) => answerOf(seed, 3));
    expect(answers).toEqual(seeds.map((seed) => answerOf(seed, 3)));
    expect([...new Set(answers.map(({ agentIndex }) => agentIndex))].toSorted()).toEqual([
      0,
      1,
      2,
      undefined,
    ]);
    expect(answers.every(({ seconds }) => seconds >= 2 && seconds <= 20)).toBe(true);
    const talks = seeds.map(talkOf);
    expect([...new Set(talks.map(({ result }) => result))].toSorted()).toEqual(
      [...callResult.values].toSorted(),
    );
    expect(talks.every(({ seconds }) => seconds >= 10 && seconds <= 300)).toBe(true);
  });
});
