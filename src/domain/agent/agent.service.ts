import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { endMemberships } from '../team/team-members';
import { Agent } from './agent.entity';
import { ALWAYS, checkSchedule, wholeWeek } from './agent.rules';
import type { ScheduleDay } from './schedule';

const base: Crud<Agent> = crud(Agent, {
  prepare(ctx, draft, current) {
    if (draft.schedule) checkSchedule(draft.schedule as ScheduleDay[]);
    if (current) return;
    draft.schedule ??= ALWAYS;
    draft.timeZone ??= ctx.account.timeZone;
  },
  beforeDelete: (ctx, agent) => endMemberships(ctx, 'agentId', agent.id),
});

/** Agents. A new one works around the clock in the account's zone until a schedule is given; one who goes leaves the teams. */
export const agents = {
  ...base,

  /** The weekly hours of an agent: seven days from Sunday on. Throws NOT_FOUND. */
  async schedule(ctx: Context, id: RowRef): Promise<ScheduleDay[]> {
    return wholeWeek((await base.get(ctx, id)).schedule);
  },

  /** Replaces the weekly hours; a day that is not given becomes free of work. Throws NOT_FOUND and INVALID. */
  setSchedule(ctx: Context, id: RowRef, schedule: ScheduleDay[]): Promise<Agent> {
    return base.update(ctx, id, { schedule });
  },
};
