import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';
import { isPrepared, queryGroup } from './statement-group';

/** Whose rows a connection may see and write: an account's, by its id, or those of all accounts. */
export type Reach = string;

/** The reach of the program's own work across accounts; see the migration of row security. */
export const ALL_ACCOUNTS: Reach = '*';

const BIND = { name: 'bind', text: "select set_config('switchboard.account_id', $1, false)" };
const BIND_WITHIN = { name: 'bind within', text: "select set_config('switchboard.account_id', $1, true)" };
const BIND_GROUP = {
  name: 'bind group',
  text: `select set_config('switchboard.account_id', $1, true), set_config('lock_timeout', $2, true),
    set_config('statement_timeout', $3, true)`,
};

/** How long the statements of a group take at most, each. */
export interface Patience {
  lockMs: number;
  statementMs: number;
}

/** The reach of each connection; undefined while it is not known. Who stands in it has prepared BIND. */
const reachByClient = new WeakMap<PoolClient, Reach | undefined>();

/** Runs one statement; one without values may be several, which answer no rows. */
export async function queryOne(client: PoolClient, statement: QueryConfig): Promise<QueryResultRow[]> {
  if (!statement.values?.length) return (await client.query(statement)).rows;
  const [rows] = await queryGroup(client, [statement]);
  return rows as QueryResultRow[];
}

/** Binds a connection that is in no transaction, unless it is bound so already. */
export async function bind(client: PoolClient, reach: Reach): Promise<void> {
  if (reachByClient.get(client) === reach) return;
  // Unknown until it is certain, whatever comes in between.
  reachByClient.delete(client);
  await queryGroup(client, [{ ...BIND, values: [reach] }]);
  reachByClient.set(client, reach);
}

/** Binds the rest of a running transaction otherwise; when it ends, its connection is bound as before. */
export async function bindWithin(client: PoolClient, reach: Reach): Promise<void> {
  await queryGroup(client, [{ ...BIND_WITHIN, values: [reach] }]);
}

/** What binds a transaction that begins: nothing, when its connection is bound so already. */
export function bindStatement(client: PoolClient, reach: Reach): QueryConfig[] {
  return reachByClient.get(client) === reach ? [] : [{ ...BIND_WITHIN, values: [reach] }];
}

/** What binds the transaction of a group; the connection has it prepared. */
export async function bindGroup(
  client: PoolClient,
  reach: Reach,
  { lockMs, statementMs }: Patience,
): Promise<QueryConfig> {
  const statement = { ...BIND_GROUP, values: [reach, `${lockMs}ms`, `${statementMs}ms`] };
  // Run alone it binds nothing, and is prepared.
  if (!isPrepared(client, statement)) await queryOne(client, statement);
  return statement;
}

/**
 * Runs statements on a connection that is in no transaction, bound first when it is bound otherwise: in one round trip
 * with the binding where they have been prepared before.
 */
export async function queryBound(
  client: PoolClient,
  reach: Reach,
  configs: QueryConfig[],
): Promise<QueryResultRow[][]> {
  // Statements without values may be such as run in no transaction, not even with a binding.
  const isGroup = configs.every(({ values }) => values?.length) && reachByClient.has(client);
  if (!isGroup) await bind(client, reach);
  const early = configs.slice(0, -1).filter((config) => !isPrepared(client, config));
  if (early.length > 0) {
    await bind(client, reach);
    const results: QueryResultRow[][] = [];
    for (const config of configs) results.push(await queryOne(client, config));
    return results;
  }
  const isBound = reachByClient.get(client) === reach;
  const [only, ...more] = configs;
  if (isBound && only && more.length === 0) return [await queryOne(client, only)];
  if (isBound) return queryGroup(client, configs);
  reachByClient.set(client, undefined);
  const [, ...results] = await queryGroup(client, [{ ...BIND, values: [reach] }, ...configs]);
  reachByClient.set(client, reach);
  return results;
}
