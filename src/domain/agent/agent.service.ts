import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { rowEvent } from '../event';
import { endMemberships } from '../team/team-members';
import { lengthOf } from '../text';
import { Agent } from './agent.entity';
import { ALWAYS, checkSchedule, wholeWeek } from './agent.rules';
import { endSessions } from './agent-session.service';
import { hashPassword } from './password';
import type { ScheduleDay } from './schedule';

const PASSWORD_LENGTH = { min: 8, max: 200 };

const base: Crud<Agent> = crud(Agent, {
  prepare(ctx, draft, current) {
    if (draft.schedule) checkSchedule(draft.schedule as ScheduleDay[]);
    if (current) return;
    draft.schedule ??= ALWAYS;
    draft.timeZone ??= ctx.account.timeZone;
  },
  async complete(ctx, agent, draft) {
    if (draft.isActive === false) await endSessions(ctx, agent.id, 'agent');
    return {};
  },
  async beforeDelete(ctx, agent) {
    await endMemberships(ctx, 'agentId', agent.id);
    await endSessions(ctx, agent.id, 'agent');
  },
});

/** Agents. A new one works around the clock in the account's zone until a schedule is given; one who goes leaves the teams. */
export const agents = {
  ...base,

  /**
   * Gives an agent the password to sign in with (8 to 200 characters) and ends the sessions that go on. Throws
   * NOT_FOUND and INVALID.
   */
  async setPassword(ctx: Context, id: RowRef, password: string): Promise<Agent> {
    ctx.require('agents:write');
    const { min, max } = PASSWORD_LENGTH;
    const length = lengthOf(password);
    if (length < min || length > max) {
      throw invalid({ password: [`Password must be ${min} to ${max} characters long, not ${length}.`] });
    }
    const { id: agentId } = await ctx.repo(Agent).get(id);
    const passwordHash = await hashPassword(password);
    return ctx.transaction(async (tx) => {
      await tx.repo(Agent).lock(agentId);
      const agent = await tx.repo(Agent).update(agentId, { passwordHash });
      await endSessions(tx, agentId, 'password');
      await tx.emit(rowEvent(Agent, 'password_set', agent));
      return agent;
    });
  },

  /** The weekly hours of an agent: seven days from Sunday on. Throws NOT_FOUND. */
  async schedule(ctx: Context, id: RowRef): Promise<ScheduleDay[]> {
    return wholeWeek((await base.get(ctx, id)).schedule);
  },

  /** Replaces the weekly hours; a day that is not given becomes free of work. Throws NOT_FOUND and INVALID. */
  setSchedule(ctx: Context, id: RowRef, schedule: ScheduleDay[]): Promise<Agent> {
    return base.update(ctx, id, { schedule });
  },
};
