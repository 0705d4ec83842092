import type { ApolloServerPlugin } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import type { GraphqlContext, HttpContext } from '../context';
import { Measurer } from '../documents/measure';
import { type ErrorLog, formatError, logFailures } from '../errors';
import { Loaders } from './loaders';
import { QueryPlan } from './query-plan';
import { shapeOf, specialize, type Variables, withCoercedVariables } from './specialize';

/** Most compiled queries that are kept. */
export const COMPILED_MAX = 500;

// Compiling takes a few milliseconds and holds up everything else meanwhile: not for queries of any size.
const COMPILED_FIELDS_MAX = 1_000;

/** One operation that has passed validation. */
export interface Operation {
  /** What tells its document from others: the document’s hash. */
  hash: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As the caller sent them. */
  variables: Record<string, unknown>;
  /** As the schema reads them, where that is known. */
  coerced?: Record<string, unknown>;
  context: GraphqlContext;
}

/** A query as a function, and what it is going to read. */
interface Compiled {
  query: CompiledQuery;
  plan: QueryPlan;
}

/** Queries as functions, compiled when they come for the second time; the rest is left to graphql-js. */
export class CompiledQueries {
  private readonly stages = new LRUCache<string, 'seen' | 'refused' | Compiled>({ max: COMPILED_MAX });
  private readonly compiledSchema: GraphQLSchema;

  constructor(private readonly schema: GraphQLSchema) {
    this.compiledSchema = withCoercedVariables(schema);
  }

  /** How many queries are remembered. */
  get size(): number {
    return this.stages.size;
  }

  /**
   * The result of an operation, the same as from graphql-js; undefined when graphql-js has to work it out: writes,
   * a query that is new or that does not compile, bad variables, and answers with several errors, of which
   * graphql-js alone says which are shown.
   */
  async run(request: Operation): Promise<ExecutionResult | undefined> {
    const { operation } = request;
    if (operation.operation !== 'query') return undefined;
    const coerced =
      request.coerced ??
      getVariableValues(this.schema, operation.variableDefinitions ?? [], request.variables, { maxErrors: 1 })
        .coerced;
    const compiled = coerced && this.find(request, coerced);
    if (!compiled) return undefined;
    const { query, plan } = compiled;
    const { ctx, rules, outcome, idempotencyKey } = request.context;
    const loaders = new Loaders(ctx, { plan, variables: coerced });
    const context: GraphqlContext = { ctx, loaders, rules, outcome, idempotencyKey };
    const result = (await query.query(undefined, context, coerced)) as ExecutionResult;
    return (result.errors?.length ?? 0) <= 1 ? result : undefined;
  }

  private find({ hash, document, operation }: Operation, variables: Variables): Compiled | undefined {
    const key = `${hash} ${operation.name?.value ?? ''} ${shapeOf(operation, variables)}`;
    const stage = this.stages.get(key);
    if (typeof stage === 'object') return stage;
    if (stage === 'refused') return undefined;
    const compiled = stage && this.compile(document, operation, variables);
    this.stages.set(key, stage ? (compiled ?? 'refused') : 'seen');
    return compiled;
  }

  private compile(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
  ): Compiled | undefined {
    const { fields } = new Measurer(this.schema, document, variables).operation(operation);
    const special = fields <= COMPILED_FIELDS_MAX ? specialize(document, variables) : undefined;
    if (!special) return undefined;
    const query = compileQuery(this.compiledSchema, special, operation.name?.value);
    if (!isCompiledQuery(query)) return undefined;
    const chosen = getOperationAST(special, operation.name?.value) as OperationDefinitionNode;
    return { query, plan: new QueryPlan(this.schema, special, chosen) };
  }
}

/**
 * Answers what has been executed already, and queries from {@link CompiledQueries} where they can; Apollo runs the
 * others through graphql-js.
 */
export function compiledExecution(queries: CompiledQueries, log: ErrorLog): ApolloServerPlugin<HttpContext> {
  return {
    async requestDidStart() {
      return {
        async responseForOperation({ queryHash, source, document, operation, request, contextValue }) {
          // Apollo says that it is there; a name that no operation has proves it wrong.
          if (!operation) return null;
          const { variables = {} } = request;
          const hash = queryHash ?? source;
          const result =
            contextValue.executed ??
            (await queries.run({ hash, document, operation, variables, context: contextValue }));
          if (!result) return null;
          const { data, errors } = result;
          if (errors) logFailures(log, errors, contextValue.ctx.requestId);
          return {
            http: { headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { data, errors: errors?.map(formatError) } },
          };
        },
      };
    },
  };
}
