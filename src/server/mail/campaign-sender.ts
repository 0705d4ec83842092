import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Batcher } from '../../delivery/batcher';
import type { Campaign } from '../../domain/campaign/campaign.entity';
import { finishCampaign, PROGRESS_MS, tellProgress } from '../../domain/campaign/campaign-progress';
import { type CompiledCampaign, compileCampaign } from '../../domain/campaign/campaign-template';
import {
  beginRecipients,
  claimRecipients,
  endRecipients,
  type HeldRecipient,
  type RecipientOutcome,
} from '../../domain/campaign/recipient-queue';
import type { Context } from '../../domain/context';
import { toInstant } from '../../domain/datetime';
import type { MailTransport } from '../../domain/email/mail-transport';
import { DomainError } from '../../domain/error';
import type { Store } from '../../domain/store';
import { handOver, type Verdict } from './campaign-message';

/** What sending campaigns needs of the outside world. */
export interface SenderOptions {
  store: Store;
  now: () => Date;
  /** The program acting for an account. */
  contextOf: (accountId: string) => Promise<Context>;
  transport: MailTransport;
  /** Address of this installation, for unsubscribe links. */
  publicUrl: string;
  /** Waits for a moment, such as the next one that a throttled campaign may send at. */
  waitUntil: (instant: string) => Promise<void>;
  onError: (error: unknown) => void;
  /** Called when there is room for more. */
  onRoom?: () => void;
}

/** A campaign of which this process holds recipients. */
interface Running {
  campaign: Campaign;
  ctx: Context;
  compiled: CompiledCampaign;
  /** Recipients that are held, or not yet written down. */
  held: number;
}

/** Recipients that are held for each place at the transport, so that none stands idle. */
const HELD_PER_PLACE = 8;

/** How soon to ask again whether the progress may be told, which another process has just done. */
const TELL_AGAIN_MS = 250;
/** Seconds that outcomes wait for a database that is away: not written down, they would become unknown. */
const PATIENCE_SECONDS = 60;

async function patiently(work: () => Promise<void>): Promise<void> {
  for (let seconds = 0; ; seconds += 1) {
    try {
      return await work();
    } catch (error) {
      const isOutage = error instanceof DomainError && error.code === 'UNAVAILABLE';
      if (!isOutage || seconds >= PATIENCE_SECONDS) throw error;
      await sleep(1000);
    }
  }
}

/** Sends the recipients of campaigns that are due; any number of processes may. */
export class CampaignSender {
  private readonly runningById = new Map<string, Running>();
  private readonly waiting: { running: Running; one: HeldRecipient }[] = [];
  private readonly inFlight = new Set<Promise<void>>();
  private readonly begins: Batcher<{ one: HeldRecipient; isBegun: boolean }>;
  private readonly ends: Batcher<RecipientOutcome>;
  private readonly tellsFromMsById = new Map<string, number>();
  private busy = 0;
  private isStopped = false;

  constructor(private readonly options: SenderOptions) {
    const { store, now } = options;
    this.begins = new Batcher(async (marks) => {
      const begun = await beginRecipients(
        store,
        marks.map(({ one }) => one),
        now(),
      );
      for (const mark of marks) mark.isBegun = begun.has(mark.one.id);
    });
    this.ends = new Batcher(async (outcomes) => {
      await patiently(() => endRecipients(store, outcomes));
      await this.tell(new Set(outcomes.map(({ campaignId }) => campaignId)));
    });
  }

  /** Takes as many recipients as there is room for and ends campaigns that are done; answers whether more may be due. */
  async step(campaigns: Campaign[]): Promise<boolean> {
    const room = this.options.transport.concurrency * HELD_PER_PLACE - this.waiting.length;
    const share = Math.ceil(room / Math.max(1, campaigns.length));
    let isMore = false;
    for (const campaign of campaigns) {
      if (share <= 0) break;
      const taken = await this.take(campaign, share);
      isMore ||= taken === share;
    }
    return isMore;
  }

  /** Waits until everything that is held is written down. */
  async drain(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  /** Gives up what is held and not yet being sent; its lease ends by itself. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.waiting.length = 0;
    await this.drain();
  }

  private async take(campaign: Campaign, limit: number): Promise<number> {
    const running = this.runningById.get(campaign.id) ?? (await this.open(campaign));
    const wanted = { now: this.options.now(), leaseId: randomUUID(), limit };
    const held = await claimRecipients(running.ctx, campaign, wanted);
    running.held += held.length;
    for (const one of held) this.track(this.arrive(running, one));
    if (running.held === 0) {
      this.runningById.delete(campaign.id);
      this.tellsFromMsById.delete(campaign.id);
      await finishCampaign(running.ctx, campaign.id);
    }
    return held.length;
  }

  private async open(campaign: Campaign): Promise<Running> {
    const ctx = await this.options.contextOf(campaign.accountId);
    const running = { campaign, ctx, compiled: compileCampaign(campaign), held: 0 };
    this.runningById.set(campaign.id, running);
    return running;
  }

  private track(work: Promise<void>): void {
    const ended = work.catch(this.options.onError).finally(() => this.inFlight.delete(ended));
    this.inFlight.add(ended);
  }

  /** Queues a recipient for a place when its moment has come: who has to wait keeps no place from others. */
  private async arrive(running: Running, one: HeldRecipient): Promise<void> {
    if (one.slotAt > toInstant(this.options.now())) await this.options.waitUntil(one.slotAt);
    if (this.isStopped) return;
    this.waiting.push({ running, one });
    this.fill();
  }

  /** Gives the free places to those who wait. */
  private fill(): void {
    while (this.busy < this.options.transport.concurrency) {
      const next = this.waiting.shift();
      if (!next) return;
      this.busy += 1;
      const work = this.serve(next.running, next.one).finally(() => {
        next.running.held -= 1;
        if (next.running.held === 0) this.options.onRoom?.();
      });
      this.track(work);
    }
  }

  private async serve({ campaign, ctx, compiled }: Running, one: HeldRecipient): Promise<void> {
    const { transport, publicUrl } = this.options;
    const begin = async () => {
      const mark = { one, isBegun: false };
      await this.begins.add(mark);
      return mark.isBegun;
    };
    let verdict: Verdict | undefined;
    try {
      verdict = await handOver(ctx, { campaign, compiled, one, transport, publicUrl, begin });
    } finally {
      this.busy -= 1;
      this.fill();
      if (this.waiting.length < transport.concurrency) this.options.onRoom?.();
    }
    const { accountId, campaignId, id, leaseId } = one;
    if (verdict) await this.ends.add({ accountId, campaignId, id, leaseId, ...verdict });
  }

  private async tell(campaignIds: Set<string>): Promise<void> {
    const nowMs = () => this.options.now().getTime();
    for (const id of campaignIds) {
      const running = this.runningById.get(id);
      if (!running || nowMs() < (this.tellsFromMsById.get(id) ?? 0)) continue;
      // What is not told now is told later; the outcomes themselves are written down.
      const isTold = await tellProgress(running.ctx, id).catch(this.options.onError);
      this.tellsFromMsById.set(id, nowMs() + (isTold ? PROGRESS_MS : TELL_AGAIN_MS));
    }
  }
}
