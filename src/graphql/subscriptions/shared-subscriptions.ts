import type { ChangeFeed } from '../../domain/change-feed';
import { type Member, type ResultSink, SubscriptionGroup, type SubscriptionPlan } from './subscription-group';

/** Runs subscriptions on the change feed; equal ones are executed once per event and fanned out. */
export class SharedSubscriptions {
  private readonly groupsByKey = new Map<string, Promise<SubscriptionGroup>>();

  /** How many readers there are. */
  readers = 0;

  constructor(private readonly feed: ChangeFeed) {}

  /** How many different subscriptions run. */
  get size(): number {
    return this.groupsByKey.size;
  }

  /** A reader: first it gets what it has missed since the position, if one is given, then what comes. */
  async open(plan: SubscriptionPlan, since: number | undefined, sink: ResultSink): Promise<Member> {
    for (;;) {
      const starting = this.groupsByKey.get(plan.key) ?? this.start(plan);
      const group = await starting;
      // Joined without a pause after the look: the last reader of a group takes the group along.
      if (this.groupsByKey.get(plan.key) === starting) return group.join(since, sink);
    }
  }

  private start(plan: SubscriptionPlan): Promise<SubscriptionGroup> {
    const end = () => this.groupsByKey.delete(plan.key);
    const starting = SubscriptionGroup.start(plan, this.feed, {
      onOver: end,
      onReaders: (change) => {
        this.readers += change;
      },
    });
    this.groupsByKey.set(plan.key, starting);
    starting.catch(end);
    return starting;
  }
}
