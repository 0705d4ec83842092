import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  execute,
  type FieldNode,
  type GraphQLSchema,
  getArgumentValues,
  Kind,
  visit,
} from 'graphql';
import {
  type ChangeEvent,
  positionOf,
  readableSubjects,
  replayChanges,
  requireKept,
} from '../../domain/change-log';
import type { Context } from '../../domain/context';
import { nounOf } from '../../domain/entity';
import { DomainError, invalid } from '../../domain/error';
import { type ChangeFilters, filterProblems, matchesFilters } from '../../domain/webhook/webhook.rules';
import { changeEventObject } from '../change-event';
import { graphqlContext } from '../context';
import type { GateOptions, PreparedOperation } from '../documents/operation';
import { type ErrorLog, formatError, logFailures } from '../errors';
import type { SubscriptionArguments, SubscriptionField } from '../resolvers/subscription.resolver';
import type { SubscriptionPlan } from './subscription-group';

/** Works out what a subscription listens to and how its events become results. */
export class SubscriptionPlanner {
  private readonly schema: GraphQLSchema;
  private readonly fieldsByName: ReadonlyMap<string, SubscriptionField>;

  constructor(
    private readonly rules: GateOptions,
    fields: readonly SubscriptionField[],
    private readonly log: ErrorLog,
  ) {
    this.schema = rules.schema;
    this.fieldsByName = new Map(fields.map((field) => [field.name, field]));
  }

  /** The plan, and the position behind which its reader continues. Throws FORBIDDEN, and INVALID for a bad cursor. */
  async plan(
    ctx: Context,
    request: PreparedOperation,
  ): Promise<{ plan: SubscriptionPlan; since: number | undefined }> {
    const { node, field } = this.rootOf(request);
    const definition = this.schema.getSubscriptionType()?.getFields()[field.name];
    if (!definition) throw new Error(`the schema has no subscription ${field.name}`);
    const given: SubscriptionArguments = getArgumentValues(definition, node, request.coerced);
    const filters = filtersOf(given);
    if (field.entity) ctx.require(`${nounOf(field.entity).plural}:read`);
    const selection = {
      names: field.events ?? given.names ?? undefined,
      subjects: readableSubjects(ctx, given.names ?? undefined),
    };
    const since = given.since == null ? undefined : positionOf(given.since, 'since');
    if (since !== undefined) await requireKept(ctx, since, 'since');
    const subjectId = given.id?.toLowerCase();
    const isAsked = (event: ChangeEvent) =>
      (subjectId === undefined || event.subjectId === subjectId) && matchesFilters(filters, event);
    const plan: SubscriptionPlan = {
      key: keyOf(ctx, request, node),
      accountId: ctx.account.id,
      matches: (event) =>
        (selection.names?.includes(event.name) ?? true) &&
        (selection.subjects?.includes(event.subject) ?? true) &&
        isAsked(event),
      execute: (event) => this.execute(ctx, request, field, event),
      replay: (after, through, isOver) =>
        wanted(replayChanges(ctx, selection, after, through), isAsked, isOver),
    };
    return { plan, since };
  }

  private rootOf({ operation }: PreparedOperation): { node: FieldNode; field: SubscriptionField } {
    const [node] = operation.selectionSet.selections;
    const field = node?.kind === Kind.FIELD && this.fieldsByName.get(node.name.value);
    if (!field)
      throw new DomainError('INVALID', 'A subscription names one field at its root, without fragments.');
    return { node: node as FieldNode, field };
  }

  // Every event gets loaders of its own: what an earlier one has read may be out of date.
  private async execute(
    ctx: Context,
    { document, operation, variables }: PreparedOperation,
    field: SubscriptionField,
    event: ChangeEvent,
  ): Promise<string> {
    const { data, errors } = await execute({
      schema: this.schema,
      document,
      operationName: operation.name?.value,
      rootValue: { [field.name]: changeEventObject(event, field.entity) },
      contextValue: graphqlContext(ctx, this.rules),
      variableValues: variables,
    });
    if (!errors) return JSON.stringify({ data });
    // A reader would take this for the event, and never get the event itself.
    const outage = errors.find(({ originalError }) => isOutage(originalError));
    if (outage) throw outage.originalError;
    logFailures(this.log, errors, event.requestId);
    return JSON.stringify({ data, errors: errors.map(formatError) });
  }
}

/** The conditions of a subscription. Throws INVALID for one that is wrong. */
function filtersOf({ filter }: SubscriptionArguments): ChangeFilters {
  const filters = Object.fromEntries(Object.entries(filter ?? {}).filter(([, value]) => value != null));
  // Webhooks have the same conditions as `filters`.
  const problems = Object.entries(filterProblems(filters)).map(([name, texts]) => [
    name.replace(/^filters/, 'filter'),
    texts,
  ]);
  if (problems.length > 0) throw invalid(Object.fromEntries(problems));
  return filters;
}

// A filter may find nothing in a long log: who has left must not keep the database busy.
async function* wanted(
  events: AsyncIterable<ChangeEvent>,
  isAsked: (event: ChangeEvent) => boolean,
  isOver: () => boolean,
): AsyncGenerator<ChangeEvent> {
  for await (const event of events) {
    if (isOver()) return;
    if (isAsked(event)) yield event;
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'UNAVAILABLE';
}

/** Equal for requests that get equal results: all that counts but the cursor they start behind. */
function keyOf(
  ctx: Context,
  { source, document, operation, variables }: PreparedOperation,
  node: FieldNode,
): string {
  const since = node.arguments?.find(({ name }) => name.value === 'since')?.value;
  const others = { ...variables };
  if (since?.kind === Kind.VARIABLE && usesOf(since.name.value, document) === 1)
    delete others[since.name.value];
  const parts = [ctx.account.id, ctx.scopeText, source, operation.name?.value, others];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

/** How often a variable is used, its definitions aside. */
function usesOf(variable: string, document: DocumentNode): number {
  let count = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => {
      if (name.value === variable) count += 1;
    },
  });
  return count;
}
