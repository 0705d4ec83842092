import { type Connection, Query, type QueryConfig, type QueryResult } from 'pg';

// What node-postgres calls on a query and does not type; see its lib/query.js.
interface Submitted {
  prepare(connection: Wire): void;
  handleRowDescription(message: unknown): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleReadyForQuery(connection: Connection): void;
  readonly _result: QueryResult & { _types?: unknown };
  /** A value that could not be read. */
  readonly _canceledDueToError: Error | false;
}

interface Wire {
  execute(config: { portal: string }): void;
  sync(): void;
}

/** One statement of a group: sent as any other, but that the group alone tells the server to answer. */
class Member extends Query {
  _getRows(connection: Wire): void {
    connection.execute({ portal: '' });
  }
}

const submitted = (query: Query) => query as unknown as Submitted;

/**
 * Statements that go out together and come back together: one write and one round trip, however many. The server takes
 * them as one transaction, so when one fails, all do. All but the last have been prepared on the connection.
 */
export class StatementGroup extends Query {
  private readonly members: Submitted[];
  private at = 0;

  constructor(
    configs: QueryConfig[],
    private readonly done: (error: Error | undefined, results?: QueryResult[]) => void,
  ) {
    // In the name of the last: what the server says of parsing is about that one.
    super({ ...configs.at(-1), queryMode: 'extended' } as QueryConfig, done as never);
    this.members = configs.map((config) =>
      submitted(new Member({ ...config, queryMode: 'extended' } as QueryConfig)),
    );
  }

  prepare(connection: Wire): void {
    for (const member of this.members) member.prepare(connection);
    connection.sync();
  }

  handleRowDescription(message: unknown): void {
    const member = this.members[this.at];
    // The client has told the group how its values are read.
    if (member) member._result._types = submitted(this)._result._types;
    member?.handleRowDescription(message);
  }

  handleDataRow(message: unknown): void {
    this.members[this.at]?.handleDataRow(message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    this.members[this.at]?.handleCommandComplete(message, connection);
    this.at += 1;
  }

  handleReadyForQuery(): void {
    const failed = this.members.find(({ _canceledDueToError }) => _canceledDueToError);
    if (failed) this.done(failed._canceledDueToError as Error);
    else
      this.done(
        undefined,
        this.members.map(({ _result }) => _result),
      );
  }
}
