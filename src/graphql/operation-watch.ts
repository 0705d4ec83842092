import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type Trace, untraced } from '../domain/trace';
import type { GraphqlContext } from './context';
import { OperationRefused } from './documents/document';
import { formatError } from './errors';

/** What an operation is, and its first error code; `none` and `OK` until more is known. */
export interface Outcome {
  type: 'query' | 'mutation' | 'subscription' | 'none';
  code: string;
}

/** What became of an operation that came through a door. */
export interface OperationReport extends Outcome {
  door: 'graphql' | 'ws';
}

/** Who wants to know of operations. */
export interface OperationWatch {
  trace?: Trace | undefined;
  onOperation?: ((report: OperationReport, seconds: number) => void) | undefined;
}

/** The outcome of an operation that has just come. */
export const newOutcome = (): Outcome => ({ type: 'none', code: 'OK' });

/** The code of the first of some errors as callers see them. */
export function firstCode(errors: readonly Pick<GraphQLFormattedError, 'extensions'>[] | undefined): string {
  return errors?.[0] ? String(errors[0].extensions?.code ?? 'INTERNAL') : 'OK';
}

/** Whether it was not even executed, because of its form. */
function isRefusal(error: unknown): boolean {
  return error instanceof OperationRefused || (error instanceof GraphQLError && !error.originalError);
}

/** Runs an operation, which fills in the outcome, and tells who wants to know. */
export function watched<T>(
  { trace = untraced, onOperation }: OperationWatch,
  door: OperationReport['door'],
  outcome: Outcome,
  work: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  return trace({ name: 'GraphQL operation', kind: 'internal' }, async (span) => {
    try {
      return await work();
    } catch (error) {
      outcome.code = isRefusal(error) ? 'INVALID' : firstCode([formatError(error)]);
      throw error;
    } finally {
      const { type, code } = outcome;
      span.note({ 'graphql.operation.type': type, 'switchboard.code': code });
      onOperation?.({ door, type, code }, (performance.now() - begun) / 1000);
    }
  });
}

/** Fills in the outcomes of operations over HTTP. */
export const outcomes: ApolloServerPlugin<GraphqlContext> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation, contextValue }) {
        if (operation) contextValue.outcome.type = operation.operation;
      },
      async willSendResponse({ response: { body }, contextValue }) {
        if (body.kind === 'single') contextValue.outcome.code = firstCode(body.singleResult.errors);
      },
    };
  },
};
