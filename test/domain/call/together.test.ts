import { agents } from '../../../src/domain/agent/agent.service';
import { calls } from '../../../src/domain/call/call.service';
import { attendCalls } from '../../../src/domain/call/dialer';
import { chanceOf } from '../../../src/domain/call/simulated.rules';
import { simulatedDialer } from '../../../src/domain/call/simulated-dialer';
import { DomainError } from '../../../src/domain/error';
import { leads } from '../../../src/domain/lead/lead.service';
import { teams } from '../../../src/domain/team/team.service';
import { type CallBench, freshPhone, MINUTE, openCallBench } from '../../support/calling';

const ROUNDS = 40;
const AT_ONCE = 10;

const RETRIES = {
  ...{ isRetrying: true, retries: 2, retrySchedule: [1, 2], isRescheduling: true },
  ...{ isRetryingLeads: true, leadRetries: 2, leadRetrySchedule: [1] },
};

const BROKEN = `
select lead.id, lead.call_attempts, lead.scheduled_call_at,
  count(*) filter (where call.status in ('ringing', 'in_progress')) as live,
  count(*) filter (where call.status = 'scheduled') as scheduled,
  max(call.scheduled_at) filter (where call.status = 'scheduled') as next_at,
  count(*) filter (where call.attempts > 0) as dialed
from lead join call on call.account_id = lead.account_id and call.lead_id = lead.id and call.deleted_at is null
where lead.account_id = $1
group by lead.account_id, lead.id
having count(*) filter (where call.status in ('ringing', 'in_progress')) > 1
  or count(*) filter (where call.status in ('scheduled', 'ringing', 'in_progress')) > 1
  or lead.scheduled_call_at is distinct from max(call.scheduled_at) filter (where call.status = 'scheduled')
  or (count(*) filter (where call.status in ('ringing', 'in_progress')) = 1) <> (lead.dial_status = 'in_progress')
  or lead.call_attempts <> count(*) filter (where call.attempts > 0)`;

const COMPLETIONS = `
select call.id, call.status, count(event.position)::int as completions
from call left join change_event event on event.account_id = call.account_id and event.subject_id = call.id
  and event.name = 'call.completed'
where call.account_id = $1
group by call.account_id, call.id, call.status
having count(event.position) <> (call.status not in ('scheduled', 'ringing', 'in_progress', 'cancelled'))::int`;

/** Something that a caller, a stepper or a dialer may do at any moment; which one the chance decides. */
function stir(bench: CallBench, teamIds: string[], phones: string[], chance: (what: string) => number) {
  const { ctx, due } = bench;
  let picks = 0;
  const pick = <T>(items: readonly T[]) => {
    picks += 1;
    return items[Math.floor(chance(`pick ${picks}`) * items.length)] as T;
  };
  const anyCall = async () => {
    const { rows } = await calls.page(ctx, { first: 10 });
    return rows.length > 0 ? pick(rows).id : undefined;
  };
  const onCall = (work: (id: string) => Promise<unknown>) => async () => {
    const id = await anyCall();
    return id && work(id);
  };
  const minutes = Math.floor(chance('minutes') * 5);
  const scheduledAt = new Date(bench.clock.at.getTime() + minutes * MINUTE).toISOString();
  const start = (input: object) => calls.start(ctx, { teamId: pick(teamIds), phone: pick(phones), ...input });
  const actions = [
    () => start({}),
    () => start({ scheduledAt }),
    () => bench.startDue(),
    () => attendCalls(simulatedDialer('together'), due),
    onCall((id) => calls.ringNext(ctx, id)),
    onCall((id) =>
      calls.progress(ctx, id, { status: pick(['in_progress', 'completed', 'missed', 'cancelled', 'busy']) }),
    ),
    onCall((id) => calls.progress(ctx, id, { result: pick(['contacted', 'missed', 'voicemail']) })),
    async () => {
      const { rows } = await agents.page(ctx, {});
      await teams.setAgents(
        ctx,
        pick(teamIds),
        rows.slice(minutes % 3).map(({ id }) => id),
      );
    },
    async () =>
      agents.update(ctx, pick((await agents.page(ctx, {})).rows).id, { isDoNotDisturb: chance('dnd') < 0.3 }),
    async () => leads.update(ctx, pick((await leads.page(ctx, {})).rows).id, { isStopped: false }),
  ];
  return pick(actions)();
}

test.each(['a', 'b', 'c'])(
  'whatever is done at once (%s), a lead has one call at a time, each end is told once, and nothing gets stuck',
  async (seed) => {
    const bench = await openCallBench();
    const { ctx, store, clock } = bench;
    const first = await bench.openTeam({ ...RETRIES, callMode: 'round_robin' }, [{ cap: 5 }, {}, {}]);
    const second = await bench.openTeam({ ...RETRIES, callMode: 'priority' }, [{ priority: 1 }, {}]);
    const teamIds = [first.team.id, second.team.id];
    const phones = Array.from({ length: 4 }, freshPhone);
    await bench.start(first.team, { phone: phones[0] });
    const unexpected: unknown[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const done = Array.from({ length: AT_ONCE }, (_, at) =>
        Promise.resolve(stir(bench, teamIds, phones, (what) => chanceOf(seed, round, at, what))).catch(
          (error: unknown) => {
            // Only what the state of a call or a lead forbids.
            if (!(error instanceof DomainError) || !['INVALID', 'CONFLICT'].includes(error.code))
              unexpected.push(error);
          },
        ),
      );
      await Promise.all(done);
      expect(await store.acrossAccounts.query(BROKEN, [ctx.account.id])).toEqual([]);
      clock.advance(20_000);
    }
    expect([unexpected, bench.errors]).toEqual([[], []]);
    expect(await store.acrossAccounts.query(COMPLETIONS, [ctx.account.id])).toEqual([]);
    const { rows } = await calls.page(ctx, { first: 100 });
    expect(rows.length).toBeGreaterThan(15);
    expect(new Set(rows.map(({ status }) => status)).size).toBeGreaterThan(3);
  },
);
