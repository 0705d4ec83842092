import { GraphQLBoolean, GraphQLFloat, GraphQLInt, GraphQLString, getOperationAST } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { DomainError } from '../../domain/error';
import { OperationRefused, validDocument } from '../documents/document';
import { countsOf, EXPLAIN_COST, LIMITS } from '../documents/limits';
import { Measurer } from '../documents/measure';
import type { GateOptions } from '../documents/operation';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';

interface ExplainCostArguments {
  document: string;
  operationName?: string | null;
  variables?: Record<string, unknown> | null;
}

const costPart = makeObject('CostPart', 'What one field of an operation adds to its cost.', {
  path: { type: () => GraphQLString, about: 'The field, such as leads.nodes.notes.' },
  records: { type: () => GraphQLFloat, about: 'Most records that it can answer.' },
});

const limitUse = makeObject('LimitUse', 'How much of a limit an operation uses.', {
  name: { type: () => GraphQLString, about: 'The limit, as messages name it.' },
  count: { type: () => GraphQLFloat, about: 'How much the operation has.' },
  maximum: { type: () => GraphQLInt, about: 'How much it may have.' },
});

const costExplanation = makeObject('CostExplanation', 'What an operation would cost.', {
  requested: { type: () => GraphQLFloat, about: 'Most records that its answer can hold.' },
  maximum: { type: () => GraphQLInt, about: 'How many it may hold.' },
  isAllowed: { type: () => GraphQLBoolean, about: 'Whether it is within all limits.' },
  limits: { type: () => [limitUse], about: 'What it uses of each limit.' },
  parts: { type: () => [costPart], about: 'What the cost is made of, the largest first.' },
});

/** Tells what an operation would cost; executes nothing of it. */
function explain(
  { document: source, operationName, variables }: ExplainCostArguments,
  { maxCost = LIMITS.cost, ...rules }: GateOptions,
): object {
  const document = readable(() => validDocument(source, rules, []));
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new DomainError('INVALID', 'The document has no operation of this name.');
  const measurer = new Measurer(rules.schema, document, variables ?? {});
  const parts = measurer.parts(operation).toSorted((a, b) => b.records - a.records);
  const { records } = measurer.operation(operation);
  const counts = { cost: records, ...countsOf(rules.schema, document) };
  const limits = Object.entries(counts).map(([name, count]) => ({
    ...{ name, count },
    maximum: name === 'cost' ? maxCost : LIMITS[name as keyof typeof counts],
  }));
  const isAllowed = limits.every(({ count, maximum }) => count <= maximum);
  return { requested: records, maximum: maxCost, isAllowed, limits, parts };
}

/** The same, with the errors of a document as one of the argument. */
function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OperationRefused)) throw error;
    const messages = error.errors.map(({ message }) => message);
    throw new DomainError('INVALID', messages.join(' '), { fields: { document: messages } });
  }
}

/** What operations cost, before they are sent. */
export const explainCostResolvers = [
  rootField<ExplainCostArguments>({
    kind: 'query',
    name: EXPLAIN_COST,
    type: () => costExplanation,
    about: 'What an operation would cost and why. Nothing of it is executed.',
    args: {
      document: { type: () => GraphQLString, about: 'The operation and its fragments.' },
      operationName: {
        type: () => GraphQLString,
        about: 'Which operation of the document, when it has several.',
        nullable: true,
      },
      variables: {
        type: () => GraphQLJSONObject,
        about: 'Its variables; page sizes count, and for one that is not given its default.',
        nullable: true,
      },
    },
    resolve: (_, args, { rules }) => explain(args, rules),
  }),
];
