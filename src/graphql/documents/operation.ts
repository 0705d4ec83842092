import { type DocumentNode, getOperationAST, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { DomainError } from '../../domain/error';
import { type DocumentRules, documentCache, OperationRefused, validDocument } from './document';
import { checkCost, checkVariables, LIMITS } from './limits';
import { Measurer } from './measure';
import type { DocumentRequest, TrustedDocuments } from './trusted-documents';

/** An operation as it comes over a socket. */
export interface OperationRequest extends DocumentRequest {
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
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
  /** Most records that its answer can hold. */
  cost: number;
}

/** What the checks of operations go by. */
export interface GateOptions extends DocumentRules {
  documents: TrustedDocuments;
  maxCost?: number;
}

/** The same checks for operations on a socket that Apollo makes for those over HTTP. */
export class OperationGate {
  private readonly documentsBySource = documentCache<DocumentNode>();

  constructor(private readonly options: GateOptions) {}

  /** The operation, ready to execute. Throws a list of GraphQL errors, or INVALID. */
  prepare({ operationName, variables: given, ...request }: OperationRequest): PreparedOperation {
    const { schema, isProduction, documents, maxCost = LIMITS.cost } = this.options;
    const source = documents.textOf(request);
    const document = this.documentOf(source);
    const operation = getOperationAST(document, operationName);
    if (!operation) throw new DomainError('INVALID', 'The document has no operation of this name.');
    checkVariables(given);
    const variables = given ?? {};
    const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
      ...{ maxErrors: 20, hideSuggestions: isProduction },
    });
    if (errors) throw new OperationRefused(errors, 'BAD_USER_INPUT');
    const measure = new Measurer(schema, document, variables).operation(operation);
    checkCost(measure, maxCost);
    return { source, document, operation, variables, coerced, cost: measure.records };
  }

  private documentOf(source: string): DocumentNode {
    const known = this.documentsBySource.get(source);
    if (known) return known;
    const document = validDocument(source, this.options);
    this.documentsBySource.set(source, document);
    return document;
  }
}
