import type { Context } from '../../../src/domain/context';
import type { TestAccount } from '../../support/account';
import { type TestServer, testServer } from '../../support/server';

/** Status and body of an answer. */
export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what the body has depends on the operation
  body: any;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Sends requests with the key of an account, with the headers that the vendor's clients send on each. */
export class CallinglyClient {
  constructor(
    readonly server: TestServer,
    readonly account: TestAccount,
  ) {}

  /** The client of a new account. */
  static async open(): Promise<CallinglyClient> {
    const server = await testServer();
    return new CallinglyClient(server, await server.openAccount());
  }

  /** A client with another key of the account. */
  withKey(key: string): CallinglyClient {
    return new CallinglyClient(this.server, { ...this.account, key });
  }

  get ctx(): Context {
    return this.account.ctx;
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  async send(
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await this.server.app.inject({
      ...{ method, url: `/v1${path}` },
      headers: {
        authorization: `Bearer ${this.account.key}`,
        accept: 'application/json',
        'content-type': 'application/json; charset=utf-8',
        ...headers,
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, body: response.json() };
  }
}

/** The answer to a failure. */
export function refused(status: number, message: string, errors?: object): Answer {
  return { status, body: { success: false, message, ...(errors && { errors }) } };
}

/** The answer to bad input: the message of its field. */
export function unprocessable(field: string, message: string): Answer {
  return refused(422, message, { [field]: [message] });
}

/** The answer to an id that is unknown, or of another account. */
export const NOT_FOUND = refused(404, 'Not found.');
