import { type DocumentNode, type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { ChangeFeed } from '../domain/change-feed';
import type { Context } from '../domain/context';
import { graphqlContext } from './context';
import { type ErrorLog, formatError, logFailures } from './errors';
import { OperationGate, OperationRefused, type OperationRequest, type PreparedOperation } from './operation';
import { SharedSubscriptions } from './shared-subscriptions';
import type { SubscriptionField } from './subscription.resolver';
import type { Member, ResultSink } from './subscription-group';
import { SubscriptionPlanner } from './subscription-plan';

/** What operations on sockets need. */
export interface SocketOptions {
  schema: GraphQLSchema;
  fields: readonly SubscriptionField[];
  feed: ChangeFeed;
  isProduction: boolean;
  log: ErrorLog;
}

/** One result, or a subscription for as long as it lasts. */
export type OperationResult = ExecutionResult | Member;

/** An operation that runs. */
export interface RunningOperation {
  document: DocumentNode;
  result: OperationResult;
}

/** Runs the operations of sockets, with the checks that operations over HTTP have. */
export class SocketOperations {
  private readonly gate: OperationGate;
  private readonly planner: SubscriptionPlanner;
  private readonly subscriptions: SharedSubscriptions;

  constructor(private readonly options: SocketOptions) {
    this.gate = new OperationGate(options);
    this.planner = new SubscriptionPlanner(options.schema, options.fields, options.log);
    this.subscriptions = new SharedSubscriptions(options.feed);
  }

  /** Runs one operation; results of a subscription go into the sink. Throws what {@link errorsOf} can tell. */
  async run(ctx: Context, request: OperationRequest, sink: ResultSink): Promise<RunningOperation> {
    const prepared = this.gate.prepare(request);
    const { document } = prepared;
    if (prepared.operation.operation === 'subscription') {
      const { plan, since } = await this.planner.plan(ctx, prepared);
      return { document, result: await this.subscriptions.open(plan, since, sink) };
    }
    return { document, result: await this.execute(ctx, prepared) };
  }

  private async execute(ctx: Context, prepared: PreparedOperation): Promise<ExecutionResult> {
    const { data, errors } = await execute({
      schema: this.options.schema,
      document: prepared.document,
      operationName: prepared.operation.name?.value,
      contextValue: graphqlContext(ctx),
      variableValues: prepared.variables,
    });
    return errors ? { data, errors: this.errorsOf(ctx.requestId, errors) as never } : { data };
  }

  /** What a caller is told of failures; the unexpected ones go to the log. */
  errorsOf(requestId: string, failures: readonly unknown[]) {
    const errors: unknown[] = failures.flatMap((one) =>
      one instanceof OperationRefused ? [...one.errors] : [one],
    );
    logFailures(this.options.log, errors, requestId);
    return errors.map((error) => {
      const isRequestFault = error instanceof GraphQLError && !error.originalError && !error.path;
      const formatted = formatError(isRequestFault ? blamed(error) : error);
      return { ...formatted, extensions: { ...formatted.extensions, requestId } };
    });
  }
}

/** The same error as one that blames the request, as Apollo marks those over HTTP. */
function blamed(error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, {
    nodes,
    source,
    positions,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}
