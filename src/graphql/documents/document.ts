import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { LIMITS, limitRule } from './limits';

/** What the checks of documents go by. */
export interface DocumentRules {
  schema: GraphQLSchema;
  /** No introspection, and no names in messages but those that were sent. */
  isProduction: boolean;
}

// A parsed document takes up to 240 times the bytes of its text: the cache, 120 MB at most.
const CACHED_MAX = 500;
const CACHED_CHARS_MAX = 500_000;

/** What is known of documents by their texts, for those that were used last. */
export function documentCache<Known extends object>(): LRUCache<string, Known> {
  return new LRUCache({
    max: CACHED_MAX,
    maxSize: CACHED_CHARS_MAX,
    sizeCalculation: (_, source) => source.length,
  });
}

type Refusal = 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED' | 'BAD_USER_INPUT';

/** An operation that must not be executed, with every reason. */
export class OperationRefused extends Error {
  constructor(
    readonly errors: readonly GraphQLError[],
    private readonly code: Refusal,
  ) {
    super(errors[0]?.message);
  }

  /** The reasons as errors that blame the request, as Apollo marks those over HTTP. */
  blamed(): GraphQLError[] {
    return this.errors.map(({ message, nodes, source, positions }) => {
      const extensions = { code: this.code };
      return new GraphQLError(message, { nodes, source, positions, extensions });
    });
  }
}

function parsed(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: LIMITS.tokens });
  } catch (error) {
    if (error instanceof GraphQLError) throw new OperationRefused([error], 'GRAPHQL_PARSE_FAILED');
    throw error;
  }
}

/** The document that a text is, valid and within the limits. Throws all reasons why it is not. */
export function validDocument(
  source: string,
  { schema, isProduction }: DocumentRules,
  ownRules = [limitRule],
): DocumentNode {
  const document = parsed(source);
  const rules = [...specifiedRules, ...ownRules, ...(isProduction ? [NoSchemaIntrospectionCustomRule] : [])];
  const errors = validate(schema, document, rules, { hideSuggestions: isProduction });
  if (errors.length > 0) throw new OperationRefused(errors, 'GRAPHQL_VALIDATION_FAILED');
  return document;
}
