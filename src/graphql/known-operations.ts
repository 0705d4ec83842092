import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  getOperationAST,
  getVariableValues,
} from 'graphql';
import type { HttpContext } from './apollo';
import type { CompiledQueries, Operation } from './execute';
import { LIMITS } from './limits';
import { DOCUMENTS_KEPT, Lru } from './lru';
import { Measurer } from './measure';
import type { GateOptions } from './operation';

/** What a request says besides its document. */
export interface OperationValues {
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

interface KnownDocument {
  document: DocumentNode;
  hash: string;
}

/**
 * Answers operations whose document has passed Apollo’s steps before, without going through them again. What is not
 * plainly fine goes to Apollo after all, which says what is wrong; a result that has errors goes with it.
 */
export class KnownOperations {
  private readonly documents = new Lru<KnownDocument>(...DOCUMENTS_KEPT);

  constructor(
    private readonly queries: CompiledQueries,
    private readonly options: Pick<GateOptions, 'schema' | 'maxCost'>,
  ) {}

  /** Remembers the documents that pass. */
  readonly plugin: ApolloServerPlugin<HttpContext> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ source, document, queryHash: hash }) => {
        this.documents.set(source, { document, hash });
      },
    }),
  };

  /** The answer as JSON; undefined when it is left to Apollo. */
  async answer(values: OperationValues, context: HttpContext): Promise<string | undefined> {
    const operation = this.known(values, context);
    if (!operation) return undefined;
    const { requested, maximum, ...rest } = operation;
    const result = await this.run(rest);
    context.executed = result;
    if (!result || result.errors) return undefined;
    context.outcome.type = rest.operation.operation;
    return JSON.stringify({ data: result.data, extensions: { cost: { requested, maximum } } });
  }

  private known({ operationName, variables: given }: OperationValues, context: HttpContext) {
    const { schema, maxCost: maximum = LIMITS.cost } = this.options;
    const known = this.documents.get(context.source);
    const operation = known && getOperationAST(known.document, operationName);
    if (!operation || operation.operation === 'subscription') return undefined;
    // Where one has to be answered once, Apollo's plugin does it.
    if (operation.operation === 'mutation' && context.idempotencyKey !== undefined) return undefined;
    const variables = given ?? {};
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: 1,
    });
    if (!coerced) return undefined;
    const { records: requested } = new Measurer(schema, known.document, variables).operation(operation);
    if (requested > maximum) return undefined;
    return { ...known, operation, variables, coerced, context, requested, maximum };
  }

  private async run(request: Operation): Promise<ExecutionResult | undefined> {
    if (request.operation.operation === 'query') return this.queries.run(request);
    const { document, operation, variables, context } = request;
    return execute({
      ...{ schema: this.options.schema, document, operationName: operation.name?.value },
      ...{ variableValues: variables, contextValue: context },
    });
  }
}
