import type { PoolClient, QueryConfig, QueryResultRow } from 'pg';

/** A statement with its values. */
export interface Statement {
  text: string;
  values: unknown[];
  /** Prepares it once per connection; one that comes again has a name by itself. */
  name?: string;
}

/** An open transaction as a store hands it out; its statements go through the store. */
export interface Transaction {
  /** Its connection, for what is no statement. */
  connect(): Promise<PoolClient>;
  query<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]>;
  queryLast<R extends QueryResultRow>(statement: QueryConfig): Promise<R[]>;
  turnTo(reach: string): Promise<void>;
  part<T>(work: () => Promise<T>): Promise<T>;
  commit(last?: QueryConfig[]): Promise<void>;
}

/** The database within a reach, which row level security keeps. */
export interface BoundStore {
  /** Runs one statement outside a transaction; a named one is prepared once per connection. */
  query<R extends QueryResultRow>(text: string, values: unknown[], name?: string): Promise<R[]>;
  /**
   * Runs one statement that reads a few rows by an index, outside a transaction. Those that come at the same time wait
   * for one another: none may take long.
   */
  lookUp<R extends QueryResultRow>(text: string, values: unknown[]): Promise<R[]>;
  /** Runs statements that only read, outside a transaction and in one round trip; when one fails, all do. */
  queryTogether(statements: Statement[]): Promise<QueryResultRow[][]>;
  /** Runs the work in one transaction, rolled back when it throws. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/** The database as the domain sees it; errors come out as DomainErrors (UNAVAILABLE when it cannot be reached). */
export interface Store {
  /** The rows of one account, and no others whatever a statement asks for. */
  ofAccount(accountId: string): BoundStore;
  /** The rows of all accounts: for sign-in and the program's own work. Nothing else leads past the account. */
  readonly acrossAccounts: BoundStore;
  /** Statements of a running transaction. */
  queryIn<R extends QueryResultRow>(
    transaction: Transaction,
    text: string,
    values: unknown[],
    name?: string,
  ): Promise<R[]>;
  /**
   * Runs the last statement of a transaction. One that is also the first is a transaction by itself, in one round trip,
   * which others that come at the same time share.
   */
  queryLast<R extends QueryResultRow>(transaction: Transaction, statement: Statement): Promise<R[]>;
  /** Commits a running transaction after its last statements, in one round trip. */
  commitWith(transaction: Transaction, last: Statement[]): Promise<void>;
  /** Lets the rest of a running transaction reach an account, or all of them when none is named. */
  turnTo(transaction: Transaction, accountId: string | undefined): Promise<void>;
  /** Runs the work as a part of a running transaction: when it throws, the part alone is rolled back. */
  part<T>(transaction: Transaction, work: () => Promise<T>): Promise<T>;
}
