import type { Context } from '../context';
import { rowEvent } from '../event';
import { Call } from './call.entity';

/** Writes down a new call that is made from here, with its event. */
export async function insertCall(ctx: Context, values: Partial<Call>): Promise<Call> {
  const call = await ctx.repo(Call).insert({ direction: 'outbound', isPlaced: true, ...values });
  await ctx.emit(rowEvent(Call, 'created', call));
  return call;
}

/** Says that a call is over; once in its life. */
export function emitCompleted(ctx: Context, call: Call): Promise<void> {
  return ctx.emit(rowEvent(Call, 'completed', call));
}

/** The calls of a lead that are being made or are to be made from here, newest first. */
export async function pendingCalls(ctx: Context, leadId: string): Promise<Call[]> {
  const filter = {
    ...{ leadId: { eq: leadId }, isPlaced: { eq: true } },
    or: ['scheduled', 'ringing', 'in_progress'].map((status) => ({ status: { eq: status } })),
  };
  return ctx.repo(Call).slice({ filter, limit: 100, offset: 0 });
}
