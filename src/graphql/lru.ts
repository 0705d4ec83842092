/** How many documents are kept, and characters of their texts: what is made of one takes hundreds of times the memory. */
export const DOCUMENTS_KEPT = [500, 500_000] as const;

/**
 * A map that lets go of the entry that was used longest ago when it holds more than `max` of them, or when their keys
 * have more than `maxChars` characters together.
 */
export class Lru<Value> {
  private readonly entries = new Map<string, Value>();
  private chars = 0;

  constructor(
    private readonly max: number,
    private readonly maxChars = Number.POSITIVE_INFINITY,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string): Value | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    if (key.length > this.maxChars) return;
    if (!this.entries.delete(key)) this.chars += key.length;
    this.entries.set(key, value);
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.max && this.chars <= this.maxChars) return;
      this.entries.delete(oldest);
      this.chars -= oldest.length;
    }
  }
}
