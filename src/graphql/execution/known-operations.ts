import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { HttpContext } from '../context';
import { documentCache } from '../documents/document';
import { LIMITS } from '../documents/limits';
import { Measurer } from '../documents/measure';
import type { GateOptions } from '../documents/operation';
import type { CompiledQueries, Operation } from './execute';

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
  private readonly documents = documentCache<KnownDocument>();
  /** What operations ask for, where it is the same whatever their variables are. */
  private readonly fixedRecords = new WeakMap<OperationDefinitionNode, number>();

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
    const fine = this.find(values, context);
    if (!fine) return undefined;
    const { request, cost } = fine;
    const result = await this.execute(request);
    // Nothing has been executed: its variables are wrong.
    if (!('data' in result)) return undefined;
    context.executed = result;
    if (result.errors) return undefined;
    context.outcome.type = request.operation.operation;
    return JSON.stringify({ data: result.data, extensions: { cost } });
  }

  private find({ operationName, variables: given }: OperationValues, context: HttpContext) {
    const { maxCost: maximum = LIMITS.cost } = this.options;
    const known = this.documents.get(context.source);
    const operation = known && getOperationAST(known.document, operationName);
    if (!operation || operation.operation === 'subscription') return undefined;
    // Where one has to be answered once, Apollo's plugin does it.
    if (operation.operation === 'mutation' && context.idempotencyKey !== undefined) return undefined;
    const variables = given ?? {};
    // Those of a mutation are read once, by graphql-js, as it executes it.
    const coerced = operation.operation === 'query' ? this.coerced(operation, variables) : undefined;
    if (operation.operation === 'query' && !coerced) return undefined;
    const { document, hash } = known;
    const requested = this.recordsOf(document, operation, variables);
    if (requested > maximum) return undefined;
    const request: Operation = { document, hash, operation, variables, coerced, context };
    return { request, cost: { requested, maximum } };
  }

  private coerced({ variableDefinitions = [] }: OperationDefinitionNode, variables: Record<string, unknown>) {
    return getVariableValues(this.options.schema, variableDefinitions, variables, { maxErrors: 1 }).coerced;
  }

  private recordsOf(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Record<string, unknown>,
  ): number {
    const fixed = this.fixedRecords.get(operation);
    if (fixed !== undefined) return fixed;
    const measurer = new Measurer(this.options.schema, document, variables);
    const { records } = measurer.operation(operation);
    if (!measurer.hasReadVariables) this.fixedRecords.set(operation, records);
    return records;
  }

  private async execute(request: Operation): Promise<ExecutionResult> {
    const { document, operation, variables, context } = request;
    const compiled = await this.queries.run(request);
    return (
      compiled ??
      execute({
        schema: this.options.schema,
        document,
        operationName: operation.name?.value,
        variableValues: variables,
        contextValue: context,
      })
    );
  }
}
