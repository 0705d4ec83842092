import { committedSince, logState } from '../domain/change-log';
import type { Store } from '../domain/store';

/** A number that changes when rows may have changed; as long as it is the same, they are the same. */
export type Version = () => number | Promise<number>;

/** What ends a row holds everywhere within a second. */
const LOOK_EVERY_MS = 800;
/** What is changed past the program, and told by no event, holds after this time. */
const UNTOLD_FOR_MS = 60_000;

/** A version for rows of which no events tell. */
export const byTime: Version = () => Math.floor(performance.now() / LOOK_EVERY_MS);

/** A version for rows of some subjects by the change log: one look into it serves all who ask meanwhile. */
export class LogVersion {
  private version = 0;
  private position = Number.MAX_SAFE_INTEGER;
  private lookedAtMs = Number.NEGATIVE_INFINITY;
  private changedAtMs = Number.NEGATIVE_INFINITY;
  private looking: Promise<number> | undefined;

  constructor(
    private readonly store: Store,
    private readonly subjects: readonly string[],
  ) {}

  /** See {@link Version}. Throws when the log cannot be read. */
  readonly current: Version = () => {
    if (performance.now() - this.lookedAtMs < LOOK_EVERY_MS) return this.version;
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  };

  private async look(): Promise<number> {
    const startedMs = performance.now();
    const { acrossAccounts } = this.store;
    // Before the entries are asked for, so that none is passed over between the two.
    const { settled } = await logState(acrossAccounts);
    const isTold = await committedSince(acrossAccounts, this.position, this.subjects);
    if (isTold || startedMs - this.changedAtMs > UNTOLD_FOR_MS) {
      this.version += 1;
      this.changedAtMs = startedMs;
    }
    this.position = settled;
    this.lookedAtMs = startedMs;
    return this.version;
  }
}

interface Known<Row> {
  row: Promise<Row | undefined>;
  version: number;
}

const KNOWN_MAX = 10_000;

/** Rows that many requests ask for, each read once in a version; who asks meanwhile waits for that reading. */
export class KnownRows<Row> {
  private readonly knownByKey = new Map<string, Known<Row>>();

  constructor(private readonly versionOf: Version) {}

  /** The row of the key, or undefined; `read` looks it up, and what it fails with is not kept. */
  async find(key: string, read: () => Promise<Row | undefined>): Promise<Row | undefined> {
    const version = await this.versionOf();
    const known = this.knownByKey.get(key);
    if (known?.version === version) return known.row;
    const row = read();
    this.knownByKey.delete(key);
    if (this.knownByKey.size >= KNOWN_MAX) this.knownByKey.clear();
    this.knownByKey.set(key, { row, version });
    row.catch(() => {
      if (this.knownByKey.get(key)?.row === row) this.knownByKey.delete(key);
    });
    return row;
  }
}
