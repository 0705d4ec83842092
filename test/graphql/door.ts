import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { type DocumentNode, type GraphQLFormattedError, print } from 'graphql';
import type { Providers } from '../../src/domain/integration/provider';
import type { Store } from '../../src/domain/store';
import { TrustedDocuments } from '../../src/graphql/documents/trusted-documents';
import { mountGraphql } from '../../src/graphql/mount';
import type { OperationWatch } from '../../src/graphql/operation-watch';
import { buildApiSchema } from '../../src/graphql/schema';
import { Authenticator } from '../../src/server/auth';
import { MemoryRateLimiter } from '../../src/server/rate-limit';
import { TestClock, testStore, testVault } from '../support/account';
import { createText } from '../support/nouns';
import { watchedStore } from '../support/watched-store';

interface DoorOptions {
  isProduction?: boolean;
  graphiql?: boolean;
  maxCost?: number;
  providers?: Providers;
  documents?: TrustedDocuments;
  onOperation?: OperationWatch['onOperation'];
  /** Turns the database into another, such as one that is away. */
  wrapStore?: (store: Store) => Store;
}

/** What a request is answered with. */
export interface Answer<Data = Record<string, unknown>> {
  status: number;
  headers: Record<string, string | number | string[] | undefined>;
  body: { data?: Data | null; errors?: GraphQLFormattedError[]; extensions?: Record<string, unknown> };
}

type Headers = Record<string, string>;

// The key and the session, and whether the change log tells of them.
const SIGN_IN =
  /\bapi_key\.hash = |set last_used_at|from agent_session session\b|from change_event_position_seq last\b|as "isTold"/;

/** A server with nothing but the GraphQL door, and what went through it. */
export class Door {
  /** Texts of the statements on the caller’s behalf, without those that look the key or the session up. */
  readonly statements: string[] = [];
  /** What was logged, by level. */
  readonly logged: { level: string; details: Record<string, unknown> }[] = [];
  readonly clock = new TestClock();

  private constructor(readonly app: FastifyInstance) {}

  static async open({
    wrapStore = (store) => store,
    providers,
    ...options
  }: DoorOptions = {}): Promise<Door> {
    const door = new Door(Fastify({ genReqId: () => 'request-1' }));
    const store = wrapStore(door.counting(await testStore()));
    const rateLimiter = new MemoryRateLimiter(() => door.clock.at.getTime());
    const { signIn } = new Authenticator({
      ...{ store, vault: testVault, now: door.clock.now, rateLimiter, providers },
    });
    const at = (level: string) => (details: object) => door.logged.push({ level, details: { ...details } });
    const log = { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
    await mountGraphql(door.app, {
      ...{ signIn, log, schema: buildApiSchema(), documents: new TrustedDocuments() },
      ...{ isProduction: false, ...options },
    });
    return door;
  }

  close(): Promise<void> {
    return this.app.close();
  }

  /** Sends an operation. */
  async send<Data = Record<string, unknown>>(
    key: string,
    query: string | DocumentNode,
    variables: object = {},
    headers: Headers = {},
  ): Promise<Answer<Data>> {
    const text = typeof query === 'string' ? query : print(query);
    return this.post({ query: text, variables }, { authorization: `Bearer ${key}`, ...headers });
  }

  /** Sends a body. */
  async post<Data = Record<string, unknown>>(body: object | string, headers: Headers = {}) {
    const response = await this.app.inject({
      method: 'POST',
      url: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() } as Answer<Data>;
  }

  /** Sends an operation that must succeed and answers its data. */
  async run<Data, Variables extends object>(
    key: string,
    document: TypedDocumentNode<Data, Variables> | string,
    variables?: Variables,
  ): Promise<Data> {
    const { body } = await this.send<Data>(key, document, variables);
    if (body.errors || !body.data) throw new Error(JSON.stringify(body.errors));
    return body.data;
  }

  /** Sends an operation of one field that must succeed and answers that field. */
  async field<Field>(key: string, text: string, variables: object = {}): Promise<Field> {
    return Object.values(await this.run<Record<string, Field>, object>(key, text, variables))[0] as Field;
  }

  /** Makes a record of a noun and answers its id. */
  async make(key: string, noun: string, input: object): Promise<string> {
    const made = await this.field<{ id: string; made?: { id: string } }>(key, createText(noun), { input });
    return (made.made ?? made).id;
  }

  /** Sends an operation that must fail and answers its only error. */
  async fail(key: string, query: string | DocumentNode, variables: object = {}) {
    const { body } = await this.send(key, query, variables);
    const [error, ...more] = body.errors ?? [];
    if (!error || more.length > 0) throw new Error(`not one error: ${JSON.stringify(body)}`);
    return error;
  }

  private counting(store: Store): Store {
    const note = (text: string) => {
      if (!SIGN_IN.test(text)) this.statements.push(text);
    };
    return watchedStore(store, { statement: note });
  }
}
