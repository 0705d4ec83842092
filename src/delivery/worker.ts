import { randomUUID } from 'node:crypto';
import { type Trace, untraced } from '../domain/trace';
import { type Attempted, type AttemptTools, attempt } from './attempt';
import { Batcher } from './batcher';
import { type HealthNote, type HealthOptions, noteHealth } from './health';
import { claimLanes, headsOf, type LaneHead, type LeasedLane } from './lanes';
import { type LaneOutcome, writeOutcomes } from './outcomes';

/** What a worker needs; everything of the outside world is handed in. */
export interface WorkerOptions extends AttemptTools, HealthOptions {
  onError: (error: unknown) => void;
  trace?: Trace | undefined;
  /** Hears of every attempt, and what became of its delivery. */
  onAttempt?: ((status: string) => void) | undefined;
  /** Called when an attempt is written down, and its place is free. */
  onFree?: () => void;
  /** Most attempts at a time, written down or not. */
  concurrency?: number;
  /** Most attempts at a time to one endpoint. */
  perWebhook?: number;
}

const CONCURRENCY = 256;
const PER_WEBHOOK = 16;
/** Endpoints that fail get so much of the places together, and one attempt at a time each. */
const FAILING_SHARE = 0.25;
/** Longer than any attempt takes with its bookkeeping, so that only a worker that is gone is overtaken. */
export const LEASE_MS = 90_000;
const START = {
  accountId: '00000000-0000-0000-0000-000000000000',
  webhookId: '00000000-0000-0000-0000-000000000000',
};

/** The endpoints of one group that are being sent to, and the places they share. */
class Group {
  readonly busyByWebhookId = new Map<string, number>();
  /** Places that are taken: by attempts under way, and by answers that are not yet written down. */
  taken = 0;
  after = START;

  constructor(
    readonly isFailing: boolean,
    readonly places: number,
    readonly perWebhook: number,
  ) {}

  enter(webhookId: string): void {
    this.busyByWebhookId.set(webhookId, (this.busyByWebhookId.get(webhookId) ?? 0) + 1);
  }

  leave(webhookId: string): void {
    const left = (this.busyByWebhookId.get(webhookId) ?? 1) - 1;
    if (left === 0) this.busyByWebhookId.delete(webhookId);
    else this.busyByWebhookId.set(webhookId, left);
  }
}

/** What a start has done. */
export interface Started {
  /** Number of lanes that were taken. */
  started: number;
  /** Whether more may be due already. */
  isMore: boolean;
}

/** Sends what is due, many endpoints at a time, each record's events in order. */
export class Worker {
  private readonly groups: Group[];
  private readonly outcomes: Batcher<LaneOutcome>;
  private readonly notes: Batcher<HealthNote>;
  private readonly inFlight = new Set<Promise<void>>();

  constructor(private readonly options: WorkerOptions) {
    const { concurrency = CONCURRENCY, perWebhook = PER_WEBHOOK, store } = options;
    const failing = Math.max(1, Math.floor(concurrency * FAILING_SHARE));
    this.groups = [new Group(false, concurrency - failing, perWebhook), new Group(true, failing, 1)];
    this.outcomes = new Batcher((outcomes) => writeOutcomes(store, outcomes));
    this.notes = new Batcher((notes) => noteHealth(notes, options));
  }

  /** Starts as many attempts as there are places and due deliveries. */
  async start(): Promise<Started> {
    const all = { started: 0, isMore: false };
    for (const group of this.groups) {
      const { started, isMore } = await this.startGroup(group);
      all.started += started;
      all.isMore ||= isMore;
    }
    return all;
  }

  /** Starts what is due, as far as there are places, and waits until it is written down. */
  async runOnce(): Promise<Started> {
    const started = await this.start();
    await this.drain();
    return started;
  }

  /** Waits until every attempt that is under way is written down. */
  async drain(): Promise<void> {
    await Promise.all(this.inFlight);
  }

  private async startGroup(group: Group): Promise<Started> {
    const limit = group.places - group.taken;
    if (limit <= 0) return { started: 0, isMore: false };
    const { store, now } = this.options;
    const lanes = await claimLanes(store, {
      ...{ now: now(), leaseId: randomUUID(), leaseMs: LEASE_MS, limit },
      ...{ perWebhook: group.perWebhook, busyByWebhookId: group.busyByWebhookId },
      ...{ isFailing: group.isFailing, after: group.after },
    });
    const isRound = group.after === START;
    const last = lanes.length < limit ? undefined : lanes.reduce((a, b) => (keyOf(a) > keyOf(b) ? a : b));
    group.after = last ?? START;
    const heads = lanes.length > 0 ? await headsOf(store, lanes) : [];
    const headByLane = new Map(heads.map((head) => [head.lane, head]));
    for (const lane of lanes) this.begin(group, lane, headByLane.get(lane));
    return { started: lanes.length, isMore: lanes.length === limit || !isRound };
  }

  private begin(group: Group, lane: LeasedLane, head: LaneHead | undefined): void {
    group.taken += 1;
    const work = this.serve(group, lane, head)
      .catch(this.options.onError)
      .finally(() => {
        group.taken -= 1;
        this.inFlight.delete(work);
        this.options.onFree?.();
      });
    this.inFlight.add(work);
  }

  private async serve(group: Group, lane: LeasedLane, head: LaneHead | undefined): Promise<void> {
    if (!head) return this.outcomes.add({ lane });
    group.enter(lane.webhookId);
    const { outcome, verdict } = await this.attempt(head).finally(() => group.leave(lane.webhookId));
    await this.outcomes.add(outcome);
    if (verdict !== 'nothing') await this.notes.add({ webhook: head.webhook, verdict });
  }

  private attempt(head: LaneHead): Promise<Attempted> {
    const { trace = untraced, onAttempt } = this.options;
    const facts = { 'switchboard.event': head.event, 'switchboard.attempt': head.attemptCount + 1 };
    return trace({ name: 'webhook delivery', kind: 'client', facts }, async (span) => {
      const attempted = await attempt(head, { ...this.options, headers: span.headers() });
      const { delivery, attempt: made } = attempted.outcome;
      if (delivery) span.note({ 'switchboard.delivery.status': delivery.status });
      if (made?.statusCode) span.note({ 'http.response.status_code': made.statusCode });
      if (made && delivery) onAttempt?.(delivery.status);
      return attempted;
    });
  }
}

const keyOf = ({ accountId, webhookId }: LeasedLane) => accountId + webhookId;
