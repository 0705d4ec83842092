import type { Context } from '../context';
import type { Instant } from '../datetime';
import { type DueOptions, workDue } from '../due';
import { Call } from './call.entity';
import { isLive } from './call.rules';
import type { CallRing } from './call-ring.entity';
import { ringsOf } from './call-routing';

/** A call as its dialer gets it. */
export interface DialOrder {
  /** Rings or is in progress; says what is spoken and which number it is made from. */
  call: Call;
  /** The agents of the turn that rings now. */
  rings: CallRing[];
}

/**
 * What makes phones ring. It is told of calls when they are committed, and says how they go on through
 * `calls.progress` and `calls.ringNext`.
 */
export interface Dialer {
  readonly name: string;
  /**
   * Looks at a call: when it begins to ring, when the next agents are to be rung, and when the dialer asked to be
   * told again. At least once each, within 30 s; throws to be told again a minute later. Answers when it wants to
   * look again; null leaves the rest to what is reported from outside.
   */
  attend: (ctx: Context, order: DialOrder) => Promise<Instant | null>;
}

/** The dialer that does nothing by itself: people or programs make the calls and report them. */
export const manualDialer: Dialer = {
  name: 'manual',
  attend: async () => null,
};

/** Tells the dialer of calls that wait for it, a few of whatever account; answers how many. */
export function attendCalls(dialer: Dialer, options: DueOptions): Promise<number> {
  return workDue({ table: 'call', column: 'dial_at' }, options, async (ctx, id) => {
    const call = await ctx.repo(Call).find(id);
    if (!call || !isLive(call.status)) return null;
    const rung = (await ringsOf(ctx, id)).filter(({ rungAt }) => rungAt !== null);
    const turn = rung.at(-1)?.turn;
    return dialer.attend(ctx, { call, rings: rung.filter((ring) => ring.turn === turn) });
  });
}
