import { GraphQLError } from 'graphql';
import { DomainError, invalid } from '../../domain/error';
import { shorten } from '../../domain/text';

/** How a request names its document: by its text, by its id, or by its hash as Apollo’s clients do. */
export interface DocumentRequest {
  query?: string | null | undefined;
  /** As in https://graphql.github.io/graphql-over-http/draft/#sec-Appendix-Persisted-Documents. */
  documentId?: unknown;
  extensions?: Record<string, unknown> | null | undefined;
}

/** What is said of a request that names no document. */
export const NO_OPERATION = 'query must be a text that holds a GraphQL operation.';

/** Documents that clients may name by their ids. */
export class TrustedDocuments {
  private readonly texts: ReadonlySet<string>;

  /** @param isOnly Whether nothing else is served. */
  constructor(
    private readonly textsById: ReadonlyMap<string, string> = new Map(),
    private readonly isOnly = false,
  ) {
    this.texts = new Set(textsById.values());
  }

  /** The text of the document that a request names. Throws INVALID, and registers nothing. */
  textOf(request: DocumentRequest): string {
    const text = request.query?.trim() ? request.query : undefined;
    const byDocumentId = documentIdOf(request);
    const id = byDocumentId ?? hashOf(request);
    const registered = id === undefined ? undefined : this.textsById.get(id);
    if (registered !== undefined) {
      if (text === undefined || text === registered) return registered;
      throw new DomainError('INVALID', `The query is not the document with the id ${id}.`);
    }
    if (text !== undefined) return this.allowed(text);
    if (id === undefined) {
      throw invalid({ query: [NO_OPERATION] });
    }
    throw this.unknown(id, byDocumentId === undefined);
  }

  private allowed(text: string): string {
    if (!this.isOnly || this.texts.has(text)) return text;
    throw new DomainError('INVALID', 'Only registered documents are served, and this one is not registered.');
  }

  /** Apollo’s clients read from the message that they have to send the text. */
  private unknown(id: string, isHash: boolean): Error {
    if (!isHash || this.isOnly) {
      return new DomainError('INVALID', `No document is registered with the id ${shorten(id, 100)}.`);
    }
    const [message, code] =
      this.textsById.size > 0
        ? ['PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND']
        : ['PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED'];
    return new GraphQLError(message, { extensions: { code } });
  }
}

function documentIdOf({ documentId }: DocumentRequest): string | undefined {
  if (documentId == null) return undefined;
  if (typeof documentId !== 'string') throw invalid({ documentId: ['documentId must be a text.'] });
  return documentId.replace(/^sha256:/, '');
}

function hashOf({ extensions }: DocumentRequest): string | undefined {
  const persisted = extensions?.persistedQuery;
  if (persisted == null) return undefined;
  const { sha256Hash } = persisted as { sha256Hash?: unknown };
  if (typeof sha256Hash === 'string') return sha256Hash;
  throw invalid({ extensions: ['extensions.persistedQuery must be an object with a text sha256Hash.'] });
}
