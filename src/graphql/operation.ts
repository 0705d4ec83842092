import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { DomainError } from '../domain/error';
import { checkCost, checkVariables, LIMITS, limitRule } from './limits';
import { Lru } from './lru';
import { Measurer } from './measure';

/** An operation as it comes over a socket. */
export interface OperationRequest {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
}

/** An operation that may be executed: parsed, valid, within the limits. */
export interface PreparedOperation {
  source: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As they were given. */
  variables: Record<string, unknown>;
  /** As the schema reads them. */
  coerced: Record<string, unknown>;
}

interface GateOptions {
  schema: GraphQLSchema;
  isProduction: boolean;
  maxCost?: number;
}

const KNOWN_DOCUMENTS_MAX = 500;

/** The same checks for operations on a socket that Apollo makes for those over HTTP. */
export class OperationGate {
  private readonly documentsBySource = new Lru<DocumentNode>(KNOWN_DOCUMENTS_MAX);

  constructor(private readonly options: GateOptions) {}

  /** The operation, ready to execute. Throws a list of GraphQL errors, or INVALID. */
  prepare({ query: source, operationName, variables: given }: OperationRequest): PreparedOperation {
    const { schema, maxCost = LIMITS.cost } = this.options;
    const document = this.documentOf(source);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new DomainError('INVALID', 'The document has no operation of this name.');
    checkVariables(given);
    const variables = given ?? {};
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: 20,
    });
    if (errors) throw new OperationRefused(errors);
    checkCost(new Measurer(schema, document, variables).operation(operation), maxCost);
    return { source, document, operation, variables, coerced };
  }

  private documentOf(source: string): DocumentNode {
    const known = this.documentsBySource.get(source);
    if (known) return known;
    const { schema, isProduction } = this.options;
    const rules = [...specifiedRules, limitRule, ...(isProduction ? [NoSchemaIntrospectionCustomRule] : [])];
    const document = parse(source, { maxTokens: LIMITS.tokens });
    const errors = validate(schema, document, rules);
    if (errors.length > 0) throw new OperationRefused(isProduction ? errors.map(withoutSuggestions) : errors);
    this.documentsBySource.set(source, document);
    return document;
  }
}

/** An operation that must not be executed, with every reason. */
export class OperationRefused extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super(errors[0]?.message);
  }
}

function withoutSuggestions(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message.replace(/ Did you mean .*$/, ''), { nodes: error.nodes });
}
