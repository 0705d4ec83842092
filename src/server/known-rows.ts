import type { Version } from './log-version';

interface Known<Row> {
  row: Promise<Row | undefined>;
  version: number;
  readAtMs: number;
}

const KNOWN_MAX = 10_000;

/**
 * Rows that many requests ask for, each read once in a version, and again after so many milliseconds; who asks
 * meanwhile waits for that reading.
 */
export class KnownRows<Row> {
  private readonly knownByKey = new Map<string, Known<Row>>();

  constructor(
    private readonly versionOf: Version,
    private readonly forMs = Number.POSITIVE_INFINITY,
  ) {}

  /** The row of the key, or undefined; `read` looks it up, and what it fails with is not kept. */
  async find(key: string, read: () => Promise<Row | undefined>): Promise<Row | undefined> {
    const version = await this.versionOf();
    const known = this.knownByKey.get(key);
    const readAtMs = performance.now();
    if (known?.version === version && readAtMs - known.readAtMs < this.forMs) return known.row;
    const row = read();
    this.knownByKey.delete(key);
    if (this.knownByKey.size >= KNOWN_MAX) this.knownByKey.clear();
    this.knownByKey.set(key, { row, version, readAtMs });
    row.catch(() => {
      if (this.knownByKey.get(key)?.row === row) this.knownByKey.delete(key);
    });
    return row;
  }
}
