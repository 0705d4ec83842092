import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { parseInput } from '../input';
import type { Slice } from '../repository';
import { Team } from '../team/team.entity';
import { Call } from './call.entity';
import { isLive, isOver } from './call.rules';
import { CallProgress } from './call-input';
import { type CallRecord, recordsOf } from './call-lookup';
import { lockCall, reportCall, ringNext, unschedule } from './call-progress';
import { emitCompleted } from './call-rows';
import { startCall } from './call-start';

/** Part of the calls, of one team when it is given. */
export interface TeamSlice extends Slice {
  teamId?: RowRef | undefined;
}

const base: Crud<Call> = crud(Call, {
  prepare(_, { status }, current) {
    if (!current && (status === 'scheduled' || status === 'cancelled'))
      throw invalid({ status: [`A call that is ${status} cannot be written down: start it with a time.`] });
  },
});

/** Calls, made from here or only written down. The event `call.completed` comes once, when a call is over. */
export const calls = {
  get: base.get,
  page: base.page,

  /** Writes down a call that is made elsewhere; nobody is rung for it. */
  async create(ctx: Context, input: object): Promise<Call> {
    return ctx.transaction(async (tx) => {
      const call = await base.create(tx, input);
      if (isOver(call.status)) await emitCompleted(tx, call);
      return call;
    });
  },

  /** Changes what is written down of a call. Throws INVALID for a status that it cannot go to. */
  async update(ctx: Context, id: RowRef, input: object): Promise<Call> {
    ctx.require('calls:write');
    return reportCall(ctx, id, parseInput(ctx, Call, 'update', input) as Partial<Call>, 'placed');
  },

  /** Deletes a call; one that was to be made is not made. Throws INVALID while it is being made. */
  async delete(ctx: Context, id: RowRef): Promise<Call> {
    ctx.require('calls:write');
    return ctx.transaction(async (tx) => {
      const { call, lead } = await lockCall(tx, id);
      if (call.isPlaced && isLive(call.status))
        throw invalid({ status: [`A call that is ${call.status} cannot be deleted: end it first.`] });
      if (lead && call.status === 'scheduled') await unschedule(tx, lead);
      return base.delete(tx, call.id);
    });
  },

  /**
   * Starts a call of a team to a lead, found by its id or phone number or made ({@link StartCall}). It rings at once
   * at the agents who can be rung, is `offline` when there are none, or waits for its time. A lead has one call at
   * a time: one that is being made is answered as it is, one that waits gives way. Throws NOT_FOUND, INVALID, and
   * CONFLICT for a lead who is blocked or stopped.
   */
  async start(ctx: Context, input: object): Promise<Call> {
    ctx.require('calls:write');
    return startCall(ctx, input);
  },

  /**
   * Reports how a call goes on ({@link CallProgress}). The lead, the team's retries and its text follow. Throws
   * INVALID that names both states for a status that the call cannot go to.
   */
  async progress(ctx: Context, id: RowRef, input: object): Promise<Call> {
    ctx.require('calls:write');
    const reported = parseInput(ctx, CallProgress, 'update', input) as Partial<Call>;
    return reportCall(ctx, id, reported, 'always');
  },

  /** Rings at the next agents in turn; over as `missed` when all had theirs. Throws INVALID unless it rings. */
  async ringNext(ctx: Context, id: RowRef): Promise<Call> {
    ctx.require('calls:write');
    return ringNext(ctx, id);
  },

  /** The call with its lead, team, agent, number and notes. Throws NOT_FOUND. */
  async record(ctx: Context, id: RowRef): Promise<CallRecord> {
    const [record] = await recordsOf(ctx, [await base.get(ctx, id)]);
    return record as CallRecord;
  },

  /** Starts a call and answers it with its lead, team, agent, number and notes; both or neither. */
  async startRecord(ctx: Context, input: object): Promise<CallRecord> {
    return ctx.transaction(async (tx) => {
      const [record] = await recordsOf(tx, [await this.start(tx, input)]);
      return record as CallRecord;
    });
  },

  /**
   * Calls by offset, newest first unless sorted, each with its lead, team, agent, number and notes. Throws NOT_FOUND
   * for the team.
   */
  async records(ctx: Context, { teamId, ...slice }: TeamSlice): Promise<CallRecord[]> {
    ctx.require('calls:read');
    const team = teamId === undefined ? undefined : await ctx.repo(Team).get(teamId);
    const filter = { ...slice.filter, ...(team && { teamId: { eq: team.id } }) };
    return recordsOf(ctx, await ctx.repo(Call).slice({ ...slice, filter }));
  },
};
