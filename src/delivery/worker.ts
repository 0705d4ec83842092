import { randomUUID } from 'node:crypto';
import { type Trace, untraced } from '../domain/trace';
import { type Attempted, type AttemptTools, attempt } from './attempt';
import { Batcher } from './batcher';
import { type HealthNote, type HealthOptions, noteHealth } from './health';
import { claimLanes, headsOf, type LaneHead, type LeasedLane } from './lanes';
import { Line } from './line';
import { type LaneOutcome, writeOutcomes } from './outcomes';

/** What a worker needs; everything of the outside world is handed in. */
export interface WorkerOptions extends AttemptTools, HealthOptions {
  onError: (error: unknown) => void;
  trace?: Trace | undefined;
  /** Hears of every attempt, and what became of its delivery. */
  onAttempt?: ((status: string) => void) | undefined;
  /** Called when an attempt is written down, and its place is free. */
  onFree?: () => void;
  /** Most deliveries that are claimed at a time: waiting, being sent, or not yet written down. */
  concurrency?: number;
  /** Most attempts at a time to one endpoint. */
  perWebhook?: number;
}

const CONCURRENCY = 1024;
const PER_WEBHOOK = 16;
/** Endpoints that fail get so much of the places together, and one attempt at a time each. */
const FAILING_SHARE = 0.25;
/** Answers that come within this time are written down together. */
const REST_MS = 10;
/** So much of the places is claimed for one endpoint at most, however fast it is. */
const FAST_SHARE = 0.25;
/** Longer than any attempt takes with its bookkeeping, so that only a worker that is gone is overtaken. */
export const LEASE_MS = 90_000;
const START = {
  accountId: '00000000-0000-0000-0000-000000000000',
  webhookId: '00000000-0000-0000-0000-000000000000',
};

/** The endpoints of one group that are being sent to, and the places they share. */
class Group {
  private readonly lineByWebhookId = new Map<string, Line>();
  /** Places that are taken: by deliveries that wait, by attempts under way, and by answers that are not yet written down. */
  taken = 0;
  after = START;

  constructor(
    readonly isFailing: boolean,
    readonly places: number,
    readonly perWebhook: number,
    private readonly now: () => Date,
  ) {}

  lineOf(webhookId: string): Line {
    const known = this.lineByWebhookId.get(webhookId);
    if (known) return known;
    const line = new Line(this.perWebhook, Math.floor(this.places * FAST_SHARE), this.now);
    this.lineByWebhookId.set(webhookId, line);
    return line;
  }

  /** How many lanes more may be claimed for the endpoints that are being sent to. */
  rooms(): Map<string, number> {
    for (const [id, line] of this.lineByWebhookId) if (line.isIdle) this.lineByWebhookId.delete(id);
    return new Map([...this.lineByWebhookId].map(([id, line]) => [id, line.room()]));
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
    const { concurrency = CONCURRENCY, perWebhook = PER_WEBHOOK, store, now } = options;
    const failing = Math.max(1, Math.floor(concurrency * FAILING_SHARE));
    this.groups = [
      new Group(false, concurrency - failing, perWebhook, now),
      new Group(true, failing, 1, now),
    ];
    this.outcomes = new Batcher((outcomes) => writeOutcomes(store, outcomes), REST_MS);
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
      ...{ perWebhook: group.perWebhook, roomByWebhookId: group.rooms() },
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
    const attempted = await group.lineOf(lane.webhookId).run(() => this.attempt(head));
    if (!attempted) return this.outcomes.add({ lane });
    const { outcome, verdict } = attempted;
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
