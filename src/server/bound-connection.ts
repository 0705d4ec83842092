import { type Connection, type PoolClient, Query, type QueryConfig, type QueryResult } from 'pg';

/** Whose rows a connection may see and write: an account's, by its id, or those of all accounts. */
export type Reach = string;

/** The reach of the program's own work across accounts; see the migration of row security. */
export const ALL_ACCOUNTS: Reach = '*';

const BIND = { name: 'bind', text: "select set_config('switchboard.account_id', $1, false)" };

/** The reach of each connection; undefined while it is not known. Who stands in it has prepared BIND. */
const reachByClient = new WeakMap<PoolClient, Reach | undefined>();

// What node-postgres calls on a query and does not type; see its lib/query.js.
interface Submitted {
  prepare(connection: Wire): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
}

interface Wire {
  bind(config: { statement: string; values: unknown[] }): void;
  execute(config: { portal: string }): void;
}

const plain = Query.prototype as unknown as Submitted;

/**
 * A statement that goes out together with the binding before it, in one round trip. The server takes the two as one:
 * when the binding fails, the statement is skipped.
 */
class BindingQuery extends Query implements Submitted {
  private isBound = false;

  constructor(
    private readonly reach: Reach,
    config: QueryConfig,
    callback: (error: Error | undefined, result: unknown) => void,
  ) {
    super({ ...config, queryMode: 'extended' } as QueryConfig, callback);
  }

  prepare(connection: Wire): void {
    connection.bind({ statement: BIND.name, values: [this.reach] });
    connection.execute({ portal: '' });
    plain.prepare.call(this, connection);
  }

  handleDataRow(message: unknown): void {
    if (this.isBound) plain.handleDataRow.call(this, message);
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.isBound) plain.handleCommandComplete.call(this, message, connection);
    this.isBound = true;
  }
}

/** Binds a connection that is in no transaction, unless it is bound so already. */
export async function bind(client: PoolClient, reach: Reach): Promise<void> {
  if (reachByClient.get(client) === reach) return;
  // Unknown until it is certain, whatever comes in between.
  reachByClient.delete(client);
  await client.query({ ...BIND, values: [reach] });
  reachByClient.set(client, reach);
}

/** Runs a statement on a connection that is in no transaction, bound first when it is bound otherwise. */
export async function queryBound(
  client: PoolClient,
  reach: Reach,
  config: QueryConfig,
): Promise<QueryResult> {
  const isPrepared = reachByClient.has(client);
  // Statements without values may be such as run in no transaction, not even with a binding.
  if (!isPrepared || !config.values?.length) await bind(client, reach);
  if (reachByClient.get(client) === reach) return client.query(config);
  reachByClient.set(client, undefined);
  const result = await new Promise<QueryResult>((resolve, reject) => {
    client.query(
      new BindingQuery(reach, config, (error, found) =>
        error ? reject(error) : resolve(found as QueryResult),
      ),
    );
  });
  reachByClient.set(client, reach);
  return result;
}
