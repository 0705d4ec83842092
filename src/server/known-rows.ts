interface Known<Row> {
  row: Row | undefined;
  readAt: number;
}

/** A row stays known for this long after it was read, so whatever ends it holds everywhere within a second. */
const KNOWN_FOR_MS = 800;
const KNOWN_MAX = 10_000;

/** Rows that many requests ask for, each read at most about once a second. */
export class KnownRows<Row> {
  private readonly knownByKey = new Map<string, Known<Row>>();

  /** The row of the key, or undefined; `read` looks it up. */
  async find(key: string, read: () => Promise<Row[]>): Promise<Row | undefined> {
    const known = this.knownByKey.get(key);
    const now = performance.now();
    if (known && now - known.readAt < KNOWN_FOR_MS) return known.row;
    const [row] = await read();
    this.knownByKey.delete(key);
    if (this.knownByKey.size >= KNOWN_MAX) this.knownByKey.clear();
    this.knownByKey.set(key, { row, readAt: now });
    return row;
  }
}
