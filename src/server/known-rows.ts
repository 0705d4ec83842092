interface Known<Row> {
  row: Promise<Row | undefined>;
  readAt: number;
}

/** A row stays known for this long after its reading began, so whatever ends it holds everywhere within a second. */
const KNOWN_FOR_MS = 800;
const KNOWN_MAX = 10_000;

/** Rows that many requests ask for, each read at most about once a second; who asks meanwhile waits for that reading. */
export class KnownRows<Row> {
  private readonly knownByKey = new Map<string, Known<Row>>();

  /** The row of the key, or undefined; `read` looks it up, and what it fails with is not kept. */
  async find(key: string, read: () => Promise<Row | undefined>): Promise<Row | undefined> {
    const known = this.knownByKey.get(key);
    const readAt = performance.now();
    if (known && readAt - known.readAt < KNOWN_FOR_MS) return known.row;
    const row = read();
    this.knownByKey.delete(key);
    if (this.knownByKey.size >= KNOWN_MAX) this.knownByKey.clear();
    this.knownByKey.set(key, { row, readAt });
    row.catch(() => {
      if (this.knownByKey.get(key)?.row === row) this.knownByKey.delete(key);
    });
    return row;
  }
}
