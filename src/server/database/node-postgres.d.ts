declare module 'pg/lib/utils' {
  /** What node-postgres sends for a value. Throws for one that it cannot turn into a text. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
