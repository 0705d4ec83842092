import fc from 'fast-check';
import type { Agent } from '../../src/domain/agent/agent.entity';
import { ALWAYS } from '../../src/domain/agent/agent.rules';
import { type Candidate, isCallable, nextCallableAt, TURNS } from '../../src/domain/call/routing.rules';
import { callMode } from '../../src/domain/team/team.entity';

const NOW = new Date('2026-03-02T10:00:00.000Z');
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);

const AGENT = {
  ...{ id: 'a', isActive: true, isDoNotDisturb: false, doNotDisturbUntil: null, priority: 0 },
  ...{ schedule: [...ALWAYS], timeZone: 'UTC' },
} as unknown as Agent;

function candidate(
  id: string,
  more: Partial<Candidate['member']> = {},
  agent: Partial<Agent> = {},
): Candidate {
  const member = { id, priority: 0, cap: null, lastTurn: 0, ...more };
  return { agent: { ...AGENT, id, ...agent } as Agent, member, taken: 0, ringing: 0 };
}

const idsOf = (turns: Candidate[][]) => turns.map((turn) => turn.map(({ agent }) => agent.id));

describe('who is rung', () => {
  const [ann, bob, cy] = [
    candidate('1', { priority: 1, lastTurn: 7 }),
    candidate('2', { priority: 5, lastTurn: 3 }),
    candidate('3', { priority: 5, lastTurn: 0 }),
  ] as const;

  test('all at once, one after the other, or by priority', () => {
    expect(idsOf(TURNS.simultaneous([cy, ann, bob]))).toEqual([['1', '2', '3']]);
    expect(idsOf(TURNS.round_robin([ann, bob, cy]))).toEqual([['3'], ['2'], ['1']]);
    expect(idsOf(TURNS.priority([ann, bob, cy]))).toEqual([['2', '3'], ['1']]);
    const senior = candidate('4', { priority: 5 }, { priority: 9 });
    expect(idsOf(TURNS.priority([ann, bob, senior]))).toEqual([['4'], ['2'], ['1']]);
    for (const mode of callMode.values) expect(TURNS[mode]([])).toEqual([]);
  });

  test('everybody who can be rung has exactly one turn, in every mode', () => {
    const team = fc.uniqueArray(fc.record({ id: fc.uuid(), priority: fc.nat(3), lastTurn: fc.nat(5) }), {
      selector: ({ id }) => id,
      maxLength: 12,
    });
    fc.assert(
      fc.property(team, fc.constantFrom(...callMode.values), (members, mode) => {
        const all = members.map(({ id, ...member }) => candidate(id, member));
        const rung = idsOf(TURNS[mode](all)).flat();
        expect(rung.toSorted()).toEqual(members.map(({ id }) => id).toSorted());
        expect(TURNS[mode](all).every((turn) => turn.length > 0)).toBe(true);
      }),
    );
  });

  test('in turn, nobody is rung first twice more often than another, whoever comes and goes', () => {
    // Each step: who is away, by a bit per agent. Among agents who are never away the counts differ by at most one.
    const steps = fc.array(fc.nat(15), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 6 }), (away, extra) => {
        let team = Array.from({ length: 4 + extra }, (_, at) => candidate(`${at}`));
        const firsts = new Map<string, number>();
        away.forEach((bits, turn) => {
          const present = team.filter((_, at) => at >= 4 || !((bits >> at) & 1));
          const [[first]] = TURNS.round_robin(present) as [[Candidate]];
          firsts.set(first.agent.id, (firsts.get(first.agent.id) ?? 0) + 1);
          team = team.map((one) =>
            one.agent.id === first.agent.id ? { ...one, member: { ...one.member, lastTurn: turn + 1 } } : one,
          );
        });
        const counts = team.slice(4).map(({ agent }) => firsts.get(agent.id) ?? 0);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('nobody at the cap, away, or on do-not-disturb', () => {
    expect(isCallable(candidate('1'), NOW)).toBe(true);
    const capped = candidate('1', { cap: 3 });
    expect(isCallable({ ...capped, taken: 2 }, NOW)).toBe(true);
    expect(isCallable({ ...capped, taken: 2, ringing: 1 }, NOW)).toBe(false);
    expect(isCallable({ ...capped, taken: 3 }, NOW)).toBe(false);
    expect(isCallable(candidate('1', {}, { isDoNotDisturb: true }), NOW)).toBe(false);
    expect(isCallable(candidate('1', {}, { schedule: [] }), NOW)).toBe(false);
  });

  test('the next moment at which somebody can be: at work, tomorrow when the cap is used up, soon when calls ring', () => {
    const late = candidate(
      '1',
      {},
      {
        schedule: [
          { day: 1, isAvailable: true, isAllDay: false, windows: [{ start: '18:00', end: '19:00' }] },
        ],
      },
    );
    expect(nextCallableAt([late], NOW)).toEqual(new Date('2026-03-02T18:00:00.000Z'));
    const full = { ...candidate('2', { cap: 1 }, { timeZone: 'Asia/Kathmandu' }), taken: 1 };
    expect(nextCallableAt([full], NOW)).toEqual(new Date('2026-03-02T18:15:00.000Z'));
    expect(nextCallableAt([late, full, { ...full, taken: 0, ringing: 1 }], NOW)).toEqual(minutes(1));
    expect(nextCallableAt([candidate('3', { cap: 0 })], NOW)).toBeUndefined();
    expect(nextCallableAt([], NOW)).toBeUndefined();
  });
});
