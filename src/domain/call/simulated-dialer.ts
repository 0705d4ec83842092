import type { Context } from '../context';
import { type Instant, toInstant } from '../datetime';
import { DomainError } from '../error';
import { Lead } from '../lead/lead.entity';
import { calls } from './call.service';
import type { Dialer, DialOrder } from './dialer';
import { answerOf, talkOf } from './simulated.rules';

const plusSeconds = (from: Instant, seconds: number) =>
  toInstant(new Date(Date.parse(from) + seconds * 1000));

/**
 * The dialer of sandboxes and demos: it rings nobody and plays every call to its end. What comes of a call follows
 * from the seed, the lead's number, and how often the lead was tried, so the same calls go the same way again.
 */
export function simulatedDialer(seed: string): Dialer {
  async function seedOf(ctx: Context, { call, rings }: DialOrder): Promise<string> {
    const lead = await ctx.repo(Lead).find(call.leadId);
    return [seed, lead?.phone, call.agentRetry, call.leadRetry, rings[0]?.turn].join(' ');
  }

  async function ring(ctx: Context, order: DialOrder): Promise<Instant | null> {
    const { call, rings } = order;
    const { agentIndex, seconds } = answerOf(await seedOf(ctx, order), rings.length);
    const at = plusSeconds(rings[0]?.rungAt ?? ctx.instant(), seconds);
    if (at > ctx.instant()) return at;
    const taker = agentIndex === undefined ? undefined : rings[agentIndex];
    if (!taker) {
      await calls.ringNext(ctx, call.id);
      return null;
    }
    const { agentId } = taker;
    const taken = await calls.progress(ctx, call.id, { status: 'in_progress', agentId });
    return talk(ctx, { ...order, call: taken });
  }

  async function talk(ctx: Context, order: DialOrder): Promise<Instant | null> {
    const { result, seconds, transcript } = talkOf(await seedOf(ctx, order));
    const at = plusSeconds(order.call.answeredAt ?? ctx.instant(), seconds);
    if (at > ctx.instant()) return at;
    await calls.progress(ctx, order.call.id, {
      ...{ status: 'completed', result, seconds },
      ...(transcript && { transcript }),
    });
    return null;
  }

  return {
    name: 'simulated',
    attend: async (ctx, order) => {
      try {
        return await (order.call.status === 'ringing' ? ring(ctx, order) : talk(ctx, order));
      } catch (error) {
        // Somebody else has moved the call on meanwhile: it is looked at as it is now.
        if (error instanceof DomainError && error.code === 'INVALID') return ctx.instant();
        throw error;
      }
    },
  };
}
