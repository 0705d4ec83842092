import { logState, mayHaveChanged } from '../domain/log-state';
import type { Store } from '../domain/store';

/** A number that changes when rows may have changed; as long as it is the same, they are the same. */
export type Version = () => number | Promise<number>;

/** What ends a row holds everywhere within a second. */
export const LOOK_EVERY_MS = 800;
/** What is changed past the program, and told by no event, holds after this time. */
const UNTOLD_FOR_MS = 60_000;
/** A look that takes longer has lost its connection: who asks then looks anew. */
const LOST_AFTER_MS = 5_000;

/** A version for rows of some subjects by the change log: one look into it serves all who ask meanwhile. */
export class LogVersion {
  private version = 0;
  private position = Number.MAX_SAFE_INTEGER;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private changedAtMs = Number.NEGATIVE_INFINITY;
  private looking: { since: number; version: Promise<number> } | undefined;

  constructor(
    private readonly store: Store,
    private readonly subjects: readonly string[],
  ) {}

  /** See {@link Version}. Throws when the log cannot be read. */
  readonly current: Version = () => {
    const now = performance.now();
    if (now - this.lookedAtMs < LOOK_EVERY_MS) return this.version;
    if (this.looking && now - this.looking.since < LOST_AFTER_MS) return this.looking.version;
    const looking = { since: now, version: this.look(now) };
    this.looking = looking;
    const end = () => {
      if (this.looking === looking) this.looking = undefined;
    };
    looking.version.then(end, end);
    return looking.version;
  };

  private async look(startedMs: number): Promise<number> {
    const { acrossAccounts } = this.store;
    // Before the entries are asked for, so that none is passed over between the two.
    const { settled } = await logState(acrossAccounts);
    // The log of a backup, or of another server, begins somewhere else.
    const isOther = settled < this.position;
    const isDue = isOther || startedMs - this.changedAtMs > UNTOLD_FOR_MS;
    if (isDue || (await mayHaveChanged(acrossAccounts, this.position, this.subjects))) {
      this.version += 1;
      this.changedAtMs = startedMs;
    }
    this.position = settled;
    this.lookedAtMs = startedMs;
    return this.version;
  }
}
