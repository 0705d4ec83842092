/** Most statements that are prepared on each connection; PostgreSQL keeps a plan for each. */
const PREPARED_MAX = 1_000;

/** Names for statements that come again: by its name a statement is prepared, once per connection. */
export class StatementNames {
  private readonly seen = new Set<string>();
  private readonly namesByText = new Map<string, string>();

  /** The name of a statement; undefined when it comes for the first time, or too many have been seen. */
  of(text: string): string | undefined {
    const known = this.namesByText.get(text);
    if (known !== undefined) return known;
    if (!this.seen.has(text)) {
      if (this.seen.size < PREPARED_MAX) this.seen.add(text);
      return undefined;
    }
    const name = `statement ${this.namesByText.size}`;
    this.namesByText.set(text, name);
    return name;
  }
}
