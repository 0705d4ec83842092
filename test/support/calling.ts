import { programContexts } from '../../src/domain/account/program-context';
import type { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import type { Call } from '../../src/domain/call/call.entity';
import { calls } from '../../src/domain/call/call.service';
import type { CallRing } from '../../src/domain/call/call-ring.entity';
import { ringsOf } from '../../src/domain/call/call-routing';
import { attendCalls, type Dialer, type DialOrder } from '../../src/domain/call/dialer';
import { startDueCalls } from '../../src/domain/call/due-calls';
import type { Context } from '../../src/domain/context';
import type { DueOptions } from '../../src/domain/due';
import { Lead } from '../../src/domain/lead/lead.entity';
import type { Team } from '../../src/domain/team/team.entity';
import { teamMembers, teams } from '../../src/domain/team/team.service';
import type { Database } from '../../src/server/database/database';
import { openTestAccount, type TestAccount, type TestClock, testStore, testVault } from './account';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Settings of a team that calls twice more when nobody is reached, and once more when the lead is missed. */
export const RETRIES = {
  ...{ isRetrying: true, retries: 2, retrySchedule: [15, 60] },
  ...{ isRetryingLeads: true, leadRetries: 1, leadRetrySchedule: [30] },
};

/** A place in a team: what is not said is as for a new one. */
export interface Place {
  priority?: number;
  cap?: number | null;
  agent?: object;
}

/** An account that makes calls, on the clock of the test, with steppers that are stepped by hand. */
export interface CallBench {
  account: TestAccount;
  ctx: Context;
  clock: TestClock;
  store: Database;
  /** What went wrong in steppers, oldest first. */
  errors: unknown[];
  due: DueOptions;
  /** A team with an agent per place, named after the letters. */
  openTeam: (settings?: object, places?: Place[]) => Promise<{ team: Team; crew: Agent[] }>;
  /** Starts a call to a number of its own, or to the given lead. */
  start: (team: Team, input?: object) => Promise<Call>;
  /** Tells how a call goes. */
  report: (callId: string, progress: object) => Promise<Call>;
  /** Makes the calls that are due; answers how many. */
  startDue: () => Promise<number>;
  lead: (id: string) => Promise<Lead>;
  /** All calls of the lead, oldest first. */
  callsOf: (leadId: string) => Promise<Call[]>;
  /** First names of the agents who are rung, turn after turn; a dash before those who still wait. */
  rung: (call: Call) => Promise<string[]>;
}

let lastPhone = 2_025_550_000;

/** A number that no lead of this file has. */
export function freshPhone(): string {
  lastPhone += 1;
  return `+1${lastPhone}`;
}

const NAMES = 'ABCDEFGHIJ';

// What earlier tests have left behind would be done by this one's steppers.
async function emptyQueues(store: Database): Promise<void> {
  await store.acrossAccounts.query(
    `update call set deleted_at = now() where status in ('scheduled', 'ringing', 'in_progress')`,
    [],
  );
  await store.acrossAccounts.query('update call set dial_at = null where dial_at is not null', []);
  await store.acrossAccounts.query('update sms_message set send_at = null where send_at is not null', []);
}

/** Opens a bench. */
export async function openCallBench(): Promise<CallBench> {
  const store = await testStore();
  await emptyQueues(store);
  const account = await openTestAccount();
  const { ctx, clock } = account;
  const errors: unknown[] = [];
  const contextOf = programContexts({ store, vault: testVault, now: clock.now }, 'calling');
  const due = { store, now: clock.now, contextOf, onError: (error: unknown) => errors.push(error) };
  const nameOf = async ({ agentId, rungAt }: CallRing) =>
    `${rungAt ? '' : '-'}${(await agents.get(ctx, agentId)).firstName}`;
  return {
    ...{ account, ctx, clock, store, errors, due },
    async openTeam(settings, places = [{}]) {
      const team = await teams.create(ctx, { name: 'Sales', ...settings });
      const crew: Agent[] = [];
      for (const [at, { agent, ...place }] of places.entries()) {
        const one = await agents.create(ctx, { firstName: NAMES[at], phone: freshPhone(), ...agent });
        await teamMembers.create(ctx, { teamId: team.id, agentId: one.id, ...place });
        crew.push(one);
      }
      return { team, crew };
    },
    start: (team, input) => calls.start(ctx, { teamId: team.id, ...(input ?? { phone: freshPhone() }) }),
    report: (id, progress) => calls.progress(ctx, id, progress),
    startDue: () => startDueCalls(due),
    lead: (id) => ctx.repo(Lead).get(id),
    callsOf: (leadId) =>
      calls
        .records(ctx, { filter: { leadId: { eq: leadId } }, limit: 100, offset: 0 })
        .then((records) => records.reverse()),
    rung: async (call) => {
      const rings = await ringsOf(ctx, call.id);
      const turns = new Map<number, CallRing[]>();
      for (const ring of rings) turns.set(ring.turn, [...(turns.get(ring.turn) ?? []), ring]);
      return Promise.all(
        [...turns.values()].map(async (turn) => (await Promise.all(turn.map(nameOf))).join(' ')),
      );
    },
  };
}

/** A dialer that writes down what it is told. */
export class NotingDialer implements Dialer {
  readonly name = 'noting';
  readonly orders: DialOrder[] = [];

  constructor(
    private readonly answer: (ctx: Context, order: DialOrder) => Promise<string | null> = async () => null,
  ) {}

  readonly attend: Dialer['attend'] = (ctx, order) => {
    this.orders.push(order);
    return this.answer(ctx, order);
  };

  /** Tells it of all calls that wait; answers how many. */
  async attendAll({ due }: CallBench): Promise<number> {
    let attended = 0;
    for (;;) {
      const more = await attendCalls(this, due);
      if (more === 0) return attended;
      attended += more;
    }
  }
}
