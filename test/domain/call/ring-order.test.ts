import { agents } from '../../../src/domain/agent/agent.service';
import { calls } from '../../../src/domain/call/call.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { teamMembers, teams } from '../../../src/domain/team/team.service';
import { NOW } from '../../support/account';
import { eventNamesOf, withoutChange } from '../../support/account-state';
import { type CallBench, freshPhone, HOUR, openCallBench } from '../../support/calling';

let bench: CallBench;

beforeEach(async () => {
  bench = await openCallBench();
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
    const names = await eventNamesOf(bench.account, 'call');
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
