import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChangeFeed } from '../../domain/change-feed';
import type { ChangeEvent } from '../../domain/change-log';

/** A subscription, worked out: what it listens to, and how an event becomes a result. */
export interface SubscriptionPlan {
  /** Equal for subscriptions that get equal results: account, scopes, document, variables but for `since`. */
  key: string;
  accountId: string;
  matches: (event: ChangeEvent) => boolean;
  /** The result of an event, as JSON. Throws when it cannot be worked out at the moment. */
  execute: (event: ChangeEvent) => Promise<string>;
  /** Entries of the log from a position on that match, through another, until nobody waits for them any more. */
  replay: (after: number, through: number, isOver: () => boolean) => AsyncIterable<ChangeEvent>;
}

/** Where the results of one reader go; `onSent` hears when the result has left. False: it takes no more. */
export type ResultSink = (result: string, onSent?: () => void) => boolean;

/** Events that wait for their execution; what comes on top is read from the log when its turn comes. */
const BACKLOG_MAX = 1_000;

/** Results that are handed out before others have a turn. */
const GIVEN_AT_ONCE = 1_000;

/** Who hears of the readers of a group. */
export interface GroupListeners {
  /** The last reader has left. */
  onOver: () => void;
  /** One more reader, or one less. */
  onReaders: (change: 1 | -1) => void;
}

/** The readers of equal subscriptions. */
export class SubscriptionGroup {
  private readonly members = new Set<Member>();
  private readonly backlog: ChangeEvent[] = [];
  /** Events up to here have been taken; later ones will be. */
  private position = 0;
  /** Events up to here have been handed out. */
  private handedOut = 0;
  /** Whether the backlog was too small, so that events behind it are only in the log. */
  private isBehind = false;
  private isWorking = false;
  private stop: () => void = () => {};

  private constructor(
    private readonly plan: SubscriptionPlan,
    private readonly listeners: GroupListeners,
  ) {}

  /** Starts to listen. */
  static async start(
    plan: SubscriptionPlan,
    feed: ChangeFeed,
    listeners: GroupListeners,
  ): Promise<SubscriptionGroup> {
    const group = new SubscriptionGroup(plan, listeners);
    const { from, stop } = await feed.listen(plan.accountId, (events) => group.take(events));
    group.position = Math.max(group.position, from);
    group.stop = stop;
    return group;
  }

  /** A further reader, which continues after `since`, or gets only what is new. */
  join(since: number | undefined, sink: ResultSink): Member {
    const catchUp = since === undefined ? undefined : () => this.catchUp(member, since);
    const member = new Member(this.position, sink, catchUp, () => this.leave(member));
    this.members.add(member);
    this.listeners.onReaders(1);
    return member;
  }

  private leave(member: Member): void {
    this.members.delete(member);
    this.listeners.onReaders(-1);
    if (this.members.size > 0) return;
    this.stop();
    this.listeners.onOver();
  }

  private take(events: readonly ChangeEvent[]): void {
    for (const event of events) {
      if (event.position <= this.position) continue;
      this.position = event.position;
      if (this.isBehind || !this.plan.matches(event)) continue;
      if (this.backlog.length < BACKLOG_MAX) this.backlog.push(event);
      else this.isBehind = true;
    }
    if (!this.isWorking) void this.work();
  }

  // Each event is executed once, in order, for all members; a turn between two lets sockets and requests live.
  private async work(): Promise<void> {
    this.isWorking = true;
    try {
      while (this.members.size > 0 && (this.backlog.length > 0 || this.isBehind)) {
        const event = this.backlog.shift();
        await (event ? this.handOut(event) : this.readOn());
        await nextTurn();
      }
    } catch (error) {
      // To go on would be a gap: the readers come back with their cursors.
      for (const member of this.members) member.fail(error);
    }
    this.isWorking = false;
  }

  private async readOn(): Promise<void> {
    const through = this.position;
    const isOver = () => this.members.size === 0;
    for await (const event of this.plan.replay(this.handedOut, through, isOver)) {
      await this.handOut(event);
      await nextTurn();
    }
    this.handedOut = through;
    this.isBehind = this.position > through;
  }

  private async handOut(event: ChangeEvent): Promise<void> {
    this.handedOut = event.position;
    const isWanted = (member: Member) => member.isLive && member.position < event.position;
    if (![...this.members].some(isWanted)) return;
    const result = await this.plan.execute(event);
    let count = 0;
    for (const member of this.members) {
      if (!isWanted(member)) continue;
      member.give(result);
      count += 1;
      if (count % GIVEN_AT_ONCE === 0) await nextTurn();
    }
  }

  // Reads the log until the member has what the group has, and makes it live at exactly that position.
  private async catchUp(member: Member, since: number): Promise<void> {
    for (let from = since; from < this.position && !member.isOver; from = member.position) {
      member.position = this.position;
      for await (const event of this.plan.replay(from, member.position, () => member.isOver)) {
        await member.giveAndWait(await this.plan.execute(event));
        if (member.isOver) return;
      }
    }
    member.position = Math.max(member.position, since);
    member.isLive = true;
  }
}

/**
 * One reader. As an iterator, which is what the protocol wants of a subscription, it yields nothing and lasts as
 * long as the reader: results take the short way into the sink, without a promise for each reader and event.
 */
export class Member implements AsyncIterableIterator<never> {
  isOver = false;
  /** False while the member still catches up from the log. */
  isLive: boolean;
  private end!: (result: IteratorResult<never>) => void;
  private reject!: (error: unknown) => void;
  private readonly lasting = new Promise<IteratorResult<never>>((resolve, reject) => {
    this.end = resolve;
    this.reject = reject;
  });

  constructor(
    /** Results up to here are past for the member. */
    public position: number,
    private readonly sink: ResultSink,
    private readonly catchUp: (() => Promise<void>) | undefined,
    private readonly onOver: () => void,
  ) {
    this.isLive = !catchUp;
    // It may fail before anybody asks for the next result.
    this.lasting.catch(() => {});
  }

  /** Hands a result to the reader; one who takes no more has left. */
  give(result: string): void {
    if (!this.sink(result)) void this.return();
  }

  /** The same, at the pace of the reader. */
  async giveAndWait(result: string): Promise<void> {
    if (this.isOver) return;
    const isTaken = await new Promise((resolve) => {
      if (!this.sink(result, () => resolve(true))) resolve(false);
    });
    if (!isTaken) void this.return();
  }

  /** Ends the subscription with an error. */
  fail(error: unknown): void {
    if (this.isOver) return;
    this.reject(error);
    this.leave();
  }

  next(): Promise<IteratorResult<never>> {
    if (!this.isOver) this.catchUp?.().catch((error) => this.fail(error));
    return this.lasting;
  }

  return(): Promise<IteratorResult<never>> {
    const result = { value: undefined, done: true } as const;
    this.end(result);
    this.leave();
    return Promise.resolve(result);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private leave(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onOver();
  }
}
