import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import { DomainError, invalid } from '../../domain/error';
import { type Measure, Measurer } from './measure';

/** The limits of one operation, the same on every transport. */
export const LIMITS = {
  /** Bytes of a request body. */
  bodyBytes: 1_048_576,
  /** Words and signs of a document. */
  tokens: 5_000,
  /** Levels of fields below each other; introspection aside. */
  depth: 12,
  /** Fields at the root of an operation. */
  rootFields: 20,
  /** Renamed fields of a document, `__typename` included. */
  aliases: 15,
  /** Directives of a document. */
  directives: 5,
  /** Fields and fragments that stand in their selection already. */
  repeats: 20,
  /** Questions for the cost of an operation; each is as much work as the operation’s checks. */
  explanations: 1,
  /** Levels of lists and objects within each other in an argument or a variable. */
  inputDepth: 32,
  /** Lists and objects of the variables of a request. */
  inputObjects: 20_000,
  /** Most records that an answer can hold, worked out from the page sizes. */
  cost: 50_000,
} as const;

/** The query that tells what an operation would cost. */
export const EXPLAIN_COST = 'explainCost';

type Limit = 'depth' | 'rootFields' | 'aliases' | 'directives' | 'repeats' | 'explanations' | 'inputDepth';
type Counts = Record<Limit, number>;

const NAMES: Record<Limit, string> = {
  depth: 'levels of fields',
  rootFields: 'fields at the root',
  aliases: 'aliases',
  directives: 'directives',
  repeats: 'fields that stand there already',
  explanations: 'questions for a cost',
  inputDepth: 'levels of input values',
};

/** How many fields and fragments of a selection stand in it already; inline fragments are part of it. */
function repeatsIn({ selections }: SelectionSetNode, seen = new Set<string>()): number {
  return selections.reduce((count, selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return count + repeatsIn(selection.selectionSet, seen);
    const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
    const name = isSpread ? `...${selection.name.value}` : (selection.alias ?? selection.name).value;
    const isRepeat = seen.has(name);
    seen.add(name);
    return isRepeat ? count + 1 : count;
  }, 0);
}

function countWritten(document: DocumentNode): Omit<Counts, 'depth' | 'rootFields'> {
  const counts = { aliases: 0, directives: 0, repeats: 0, explanations: 0, inputDepth: 0 };
  let inputDepth = 0;
  const nesting = {
    enter: () => {
      inputDepth += 1;
      counts.inputDepth = Math.max(counts.inputDepth, inputDepth);
    },
    leave: () => {
      inputDepth -= 1;
    },
  };
  visit(document, {
    Field: ({ alias, name }) => {
      if (alias) counts.aliases += 1;
      if (name.value === EXPLAIN_COST) counts.explanations += 1;
    },
    SelectionSet: (node, _key, parent) => {
      const isPart = parent && 'kind' in parent && parent.kind === Kind.INLINE_FRAGMENT;
      if (!isPart) counts.repeats += repeatsIn(node);
    },
    Directive: () => {
      counts.directives += 1;
    },
    [Kind.LIST]: nesting,
    [Kind.OBJECT]: nesting,
  });
  return counts;
}

function overLimit(limit: Limit, count: number): string | undefined {
  if (count <= LIMITS[limit]) return undefined;
  return `The query has ${count} ${NAMES[limit]} (${limit}); the limit is ${LIMITS[limit]}.`;
}

/** How much of each limit a document uses, its largest operation counting. */
export function countsOf(schema: GraphQLSchema, document: DocumentNode): Counts {
  const counts = { depth: 0, rootFields: 0, ...countWritten(document) };
  const measurer = new Measurer(schema, document, {});
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, width } = measurer.operation(definition);
    counts.depth = Math.max(counts.depth, depth);
    counts.rootFields = Math.max(counts.rootFields, width);
  }
  return counts;
}

/** Validation rule for everything that can be told from the document alone. */
export const limitRule: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Document(document) {
    const counts = countsOf(context.getSchema(), document);
    for (const limit of Object.keys(NAMES) as Limit[]) {
      const message = overLimit(limit, counts[limit]);
      if (message) context.reportError(new GraphQLError(message));
    }
    return false;
  },
});

/** Throws INVALID when an operation could answer more records than the maximum. */
export function checkCost({ records }: Measure, maximum: number): void {
  if (records <= maximum) return;
  const message = `The query could answer ${records} records (cost); the limit is ${maximum}. Ask for smaller pages or fewer relations.`;
  throw new DomainError('INVALID', message);
}

/** Throws INVALID for variables that are nested too deeply or hold too much; without recursion, since callers choose the depth. */
export function checkVariables(variables: unknown): void {
  const objectsIn = (values: unknown[]) =>
    values.filter((value): value is object => value !== null && typeof value === 'object');
  const counts = { inputDepth: 0, inputObjects: 0 };
  let level = objectsIn(Object.values(variables ?? {}));
  if (level.length === 0) return;
  while (level.length > 0) {
    counts.inputDepth += 1;
    counts.inputObjects += level.length;
    level = objectsIn(level.flatMap((object) => Object.values(object)));
  }
  for (const [limit, name] of [
    ['inputDepth', 'levels of input values'],
    ['inputObjects', 'lists and objects'],
  ] as const) {
    if (counts[limit] <= LIMITS[limit]) continue;
    const message = `The variables have ${counts[limit]} ${name} (${limit}); the limit is ${LIMITS[limit]}.`;
    throw invalid({ variables: [message] });
  }
}
