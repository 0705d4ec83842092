import type { BoundStore, Store } from '../../src/domain/store';

interface Watch {
  /** Sees the text of a statement before it runs; what it throws is what the statement fails with. */
  statement?: (text: string) => unknown;
  /** Sees every start of a transaction; what it throws is what the transaction fails with. */
  transaction?: () => unknown;
}

/** The same database, with somebody who sees what goes to it. */
export function watchedStore(store: Store, { statement, transaction }: Watch): Store {
  const watched = (bound: BoundStore): BoundStore => ({
    query: async (text, values, name) => {
      await statement?.(text);
      return bound.query(text, values, name);
    },
    lookUp: async (text, values) => {
      await statement?.(text);
      return bound.lookUp(text, values);
    },
    queryTogether: async (statements) => {
      for (const { text } of statements) await statement?.(text);
      return bound.queryTogether(statements);
    },
    transaction: async (work) => {
      await transaction?.();
      return bound.transaction(work);
    },
  });
  return {
    acrossAccounts: watched(store.acrossAccounts),
    ofAccount: (accountId) => watched(store.ofAccount(accountId)),
    commitWith: async (transaction, last) => {
      for (const { text } of last) await statement?.(text);
      return store.commitWith(transaction, last);
    },
    turnTo: (runner, accountId) => store.turnTo(runner, accountId),
    part: (runner, work) => store.part(runner, work),
    queryLast: async (runner, last) => {
      await statement?.(last.text);
      return store.queryLast(runner, last);
    },
    queryIn: async (runner, text, values, name) => {
      await statement?.(text);
      return store.queryIn(runner, text, values, name);
    },
  };
}
