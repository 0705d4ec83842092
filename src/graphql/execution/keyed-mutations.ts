import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { Context } from '../../domain/context';
import { asDomainError, type ErrorCode } from '../../domain/error';
import { answerOnce, isPassing, type Outcome } from '../../domain/idempotency';
import { type GraphqlContext, graphqlContext } from '../context';
import type { GateOptions } from '../documents/operation';
import { type ErrorLog, formatError, logFailures, STATUS } from '../errors';

/** A mutation that names itself. */
interface KeyedMutation {
  schema: GraphQLSchema;
  log: ErrorLog;
  ctx: Context;
  rules: GateOptions;
  idempotencyKey: string;
  source: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As they were given. */
  variables: Record<string, unknown>;
}

/** Executes a mutation in the transaction; where that asks for another try, nothing is left of it to show. */
async function outcomeOf(tx: Context, mutation: KeyedMutation): Promise<Outcome> {
  const { schema, document, operation, variables, log, rules } = mutation;
  const { data, errors } = await execute({
    ...{ schema, document, operationName: operation.name?.value, variableValues: variables },
    contextValue: graphqlContext(tx, rules),
  });
  if (!errors) return { text: JSON.stringify({ data }), failures: [] };
  logFailures(log, errors, tx.requestId);
  const formatted = errors.map((error) => withRequestId(formatError(error), tx.requestId));
  const failures = formatted.map(({ extensions }) => extensions?.code as ErrorCode);
  const shown = isPassing(failures) ? null : data;
  return { text: JSON.stringify({ data: shown, errors: formatted }), failures };
}

function withRequestId(error: GraphQLFormattedError, requestId: string): GraphQLFormattedError {
  return { ...error, extensions: { ...error.extensions, requestId } };
}

/**
 * Executes all mutations of a document once, however often and wherever the document is sent with its key. Throws like
 * `answerOnce`.
 */
export async function executeOnce(
  mutation: KeyedMutation,
): Promise<{ result: ExecutionResult; isReplayed: boolean }> {
  const { ctx, idempotencyKey: key, source, operation, variables } = mutation;
  const content = ['graphql', source, operation.name?.value, variables];
  const request = { key, holderId: ctx.actor.id as string, content };
  const { text, isReplayed } = await answerOnce(ctx, request, (tx) => outcomeOf(tx, mutation));
  return { result: JSON.parse(text), isReplayed };
}

/** Answers mutations that came over HTTP with an `Idempotency-Key`; Apollo executes the others. */
export function keyedMutations(schema: GraphQLSchema, log: ErrorLog): ApolloServerPlugin<GraphqlContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ source, document, operation, request, contextValue }) {
          const { ctx, idempotencyKey, rules } = contextValue;
          if (operation?.operation !== 'mutation' || idempotencyKey === undefined) return null;
          const { variables = {} } = request;
          const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
          // Apollo refuses it in its own words.
          if (errors) return null;
          const headers = new HeaderMap();
          const mutation = {
            schema,
            log,
            ctx,
            rules,
            idempotencyKey,
            source,
            document,
            operation,
            variables,
          };
          try {
            const { result, isReplayed } = await executeOnce(mutation);
            if (isReplayed) headers.set('idempotency-replayed', 'true');
            const singleResult = result as { data: Record<string, unknown> };
            return { http: { headers }, body: { kind: 'single', singleResult } };
          } catch (thrown) {
            logFailures(log, [thrown], ctx.requestId);
            const { code, retryAfterSeconds } = asDomainError(thrown);
            if (retryAfterSeconds !== undefined) headers.set('retry-after', String(retryAfterSeconds));
            const singleResult = { errors: [formatError(thrown)] };
            return { http: { status: STATUS[code], headers }, body: { kind: 'single', singleResult } };
          }
        },
      };
    },
  };
}
