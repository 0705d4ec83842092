import { type DocumentNode, type ExecutionResult, execute } from 'graphql';
import type { ChangeFeed } from '../domain/change-feed';
import type { Context } from '../domain/context';
import { invalid } from '../domain/error';
import { graphqlContext } from './context';
import { OperationRefused } from './documents/document';
import { LIMITS } from './documents/limits';
import {
  type GateOptions,
  OperationGate,
  type OperationRequest,
  type PreparedOperation,
} from './documents/operation';
import { type ErrorLog, formatError, logFailures } from './errors';
import { executeOnce } from './execution/keyed-mutations';
import { firstCode, newOutcome, type OperationWatch, type Outcome, watched } from './operation-watch';
import type { SubscriptionField } from './resolvers/subscription.resolver';
import { SharedSubscriptions } from './subscriptions/shared-subscriptions';
import type { Member, ResultSink } from './subscriptions/subscription-group';
import { SubscriptionPlanner } from './subscriptions/subscription-plan';

/** What operations on sockets need. */
export interface SocketOptions extends GateOptions, OperationWatch {
  fields: readonly SubscriptionField[];
  feed: ChangeFeed;
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
    this.planner = new SubscriptionPlanner(options, options.fields, options.log);
    this.subscriptions = new SharedSubscriptions(options.feed);
  }

  /** Runs one operation; results of a subscription go into the sink. Throws what {@link errorsOf} can tell. */
  async run(ctx: Context, request: OperationRequest, sink: ResultSink): Promise<RunningOperation> {
    const outcome = newOutcome();
    return watched(this.options, 'ws', outcome, () => this.runWatched(ctx, request, sink, outcome));
  }

  /** How many subscriptions have a reader, each reader counted. */
  get subscriptionCount(): number {
    return this.subscriptions.readers;
  }

  private async runWatched(
    ctx: Context,
    request: OperationRequest,
    sink: ResultSink,
    outcome: Outcome,
  ): Promise<RunningOperation> {
    const prepared = this.gate.prepare(request);
    const { document } = prepared;
    outcome.type = prepared.operation.operation;
    if (outcome.type === 'subscription') {
      const { plan, since } = await this.planner.plan(ctx, prepared);
      return { document, result: await this.subscriptions.open(plan, since, sink) };
    }
    const result = await this.execute(ctx, prepared, idempotencyKeyOf(request));
    outcome.code = firstCode(result.errors);
    return { document, result };
  }

  private async execute(
    ctx: Context,
    prepared: PreparedOperation,
    idempotencyKey: string | undefined,
  ): Promise<ExecutionResult> {
    const { schema, log, maxCost: maximum = LIMITS.cost } = this.options;
    const cost = { requested: prepared.cost, maximum };
    if (prepared.operation.operation === 'mutation' && idempotencyKey !== undefined) {
      const mutation = { ...prepared, schema, log, ctx, idempotencyKey, rules: this.options };
      const { result, isReplayed } = await executeOnce(mutation);
      return { ...result, extensions: { cost, ...(isReplayed && { idempotencyReplayed: true }) } };
    }
    const { data, errors } = await execute({
      schema,
      document: prepared.document,
      operationName: prepared.operation.name?.value,
      contextValue: graphqlContext(ctx, this.options),
      variableValues: prepared.variables,
    });
    const extensions = { cost };
    if (!errors) return { data, extensions };
    return { data, errors: this.errorsOf(ctx.requestId, errors) as never, extensions };
  }

  /** What a caller is told of failures; the unexpected ones go to the log. */
  errorsOf(requestId: string, failures: readonly unknown[]) {
    const errors = failures.flatMap((one): unknown[] =>
      one instanceof OperationRefused ? one.blamed() : [one],
    );
    logFailures(this.options.log, errors, requestId);
    return errors.map((error) => {
      const formatted = formatError(error);
      return { ...formatted, extensions: { ...formatted.extensions, requestId } };
    });
  }
}

function idempotencyKeyOf({ extensions }: OperationRequest): string | undefined {
  const key = extensions?.idempotencyKey ?? undefined;
  if (key === undefined || typeof key === 'string') return key;
  throw invalid({ idempotencyKey: ['idempotencyKey must be a text.'] });
}
