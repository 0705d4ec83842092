import type { FieldDef, PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { prepareValue } from 'pg/lib/utils';
import { serialize } from 'pg-protocol';
import { type RowReader, rowReader } from './row-reader';

// What node-postgres has and does not type; see its lib/connection.js and lib/client.js.
interface Wire {
  /** The texts of what the server has prepared, by name. */
  readonly parsedStatements: Record<string, string>;
  readonly stream: NodeJS.WritableStream;
}

/** What a statement answered, and why it could not be read where it could not. */
interface Result {
  rows: QueryResultRow[];
  error: unknown;
}

const NOTHING: RowReader = () => ({});
const DESCRIBE = serialize.describe({ type: 'P' });
const EXECUTE = serialize.execute();
const SYNC = serialize.sync();

/** Errors behind which nothing had been sent. */
const unsent = new WeakSet<Error>();
export const isUnsent = (error: unknown): boolean => unsent.has(error as Error);

/** How the rows of what a connection has prepared are read, by name: the server need not tell their columns again. */
const readersByWire = new WeakMap<Wire, Map<string, RowReader>>();

function readersOf(wire: Wire): Map<string, RowReader> {
  const known = readersByWire.get(wire) ?? new Map<string, RowReader>();
  readersByWire.set(wire, known);
  return known;
}

const wireOf = (client: PoolClient) => (client as unknown as { connection: Wire }).connection;

/** Whether the connection has prepared the statement. */
export const isPrepared = (client: PoolClient, { name }: QueryConfig): boolean =>
  name !== undefined && name in wireOf(client).parsedStatements;

/**
 * Statements that go out together and come back together: one write and one round trip, however many. The server takes
 * them as one transaction, so when one fails, all do. All but the last have been prepared on the connection.
 */
class StatementGroup {
  // By these node-postgres remembers what the server has parsed, which can only be the last.
  readonly name: string | undefined;
  readonly text: string | undefined;
  private readonly rows: QueryResultRow[][];
  private at = 0;
  private reader: RowReader | undefined;
  private readers = new Map<string, RowReader>();
  private readonly failures: unknown[] = [];

  constructor(
    private readonly statements: QueryConfig[],
    private readonly done: (error: unknown, results: Result[]) => void,
  ) {
    const last = statements.at(-1);
    this.name = last?.name;
    this.text = last?.text;
    this.rows = statements.map(() => []);
  }

  /** Sends them, or answers why they cannot be sent. */
  submit(wire: Wire): Error | null {
    this.readers = readersOf(wire);
    try {
      const messages: Buffer[] = [];
      for (const statement of this.statements) messages.push(...this.messagesOf(statement, wire));
      messages.push(SYNC);
      this.expect();
      wire.stream.write(Buffer.concat(messages));
      return null;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      unsent.add(failure);
      return failure;
    }
  }

  private messagesOf({ name = '', text, values = [] }: QueryConfig, wire: Wire): Buffer[] {
    const prepared = wire.parsedStatements[name];
    if (prepared !== undefined && prepared !== text) throw new Error(`Two statements have the name ${name}.`);
    const bind = serialize.bind({ statement: name, values, valueMapper: prepareValue });
    if (prepared === undefined) return [serialize.parse({ name, text }), bind, DESCRIBE, EXECUTE];
    return this.readers.has(name) ? [bind, EXECUTE] : [bind, DESCRIBE, EXECUTE];
  }

  private expect(): void {
    this.reader = this.readers.get(this.statements[this.at]?.name ?? '');
  }

  handleRowDescription({ fields }: { fields: FieldDef[] }): void {
    this.reader = rowReader(fields);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    try {
      this.rows[this.at]?.push((this.reader ?? NOTHING)(fields));
    } catch (error) {
      this.failures[this.at] ??= error;
    }
  }

  handleCommandComplete(): void {
    const name = this.statements[this.at]?.name;
    if (name !== undefined) this.readers.set(name, this.reader ?? NOTHING);
    this.at += 1;
    this.expect();
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete();
  }

  handleError(error: unknown): void {
    this.done(error, []);
  }

  handleReadyForQuery(): void {
    this.done(
      null,
      this.rows.map((rows, at) => ({ rows, error: this.failures[at] })),
    );
  }
}

/**
 * Runs statements in one round trip; all but the last have been prepared. Throws when one was refused, and so all of
 * them, and when nobody knows what became of them; where the rows of one could not be read, it answers why.
 */
export function queryEach(client: PoolClient, statements: QueryConfig[]): Promise<Result[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new StatementGroup(statements, (error, results) => (error ? reject(error) : resolve(results))) as never,
    );
  });
}

/** The same, and answers the rows of each. Throws where those of one could not be read, although all have happened. */
export async function queryGroup(client: PoolClient, statements: QueryConfig[]): Promise<QueryResultRow[][]> {
  const results = await queryEach(client, statements);
  return results.map(({ rows, error }) => {
    if (error) throw error;
    return rows;
  });
}
