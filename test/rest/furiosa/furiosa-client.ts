import { audiences } from '../../../src/domain/audience/audience.service';
import { audienceGroups } from '../../../src/domain/audience/audience-group.service';
import type { Context } from '../../../src/domain/context';
import { issueKey, type TestAccount } from '../../support/account';
import { type TestServer, testServer } from '../../support/server';

/** An object in the vendor's words. */
export interface Wire {
  id: number;
  [field: string]: unknown;
}

/** An answer; which parts the body has depends on the operation. */
export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Wire & { data: Wire & Wire[]; errors: Wire[] };
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';

/** Sends requests with the key of an account, as a client of the vendor would. */
export class FuriosaClient {
  constructor(
    readonly server: TestServer,
    readonly account: TestAccount,
    private readonly key = account.key,
  ) {}

  /** The client of a new account. */
  static async open(): Promise<FuriosaClient> {
    const server = await testServer();
    return new FuriosaClient(server, await server.openAccount());
  }

  /** A client with another key of the account. */
  async withScopes(...scopes: string[]): Promise<FuriosaClient> {
    return new FuriosaClient(this.server, this.account, await issueKey(this.account, scopes));
  }

  get ctx(): Context {
    return this.account.ctx;
  }

  /** This moment as answers have it. */
  get now(): string {
    return this.ctx.instant().replace('.000Z', 'Z');
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.send('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path);
  }

  async send(method: Method, path: string, body?: unknown, headers: object = {}): Promise<Answer> {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await this.server.app.inject({
      ...{ method, url: `/api/v1${path}` },
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  /** A new audience with groups of these names: their ids. */
  async makeAudience(name: string, ...groups: string[]): Promise<{ id: number; groups: number[] }> {
    const audience = await audiences.create(this.ctx, { name });
    const made: number[] = [];
    for (const group of groups) {
      const { number } = await audienceGroups.create(this.ctx, { audienceId: audience.id, name: group });
      made.push(number);
    }
    return { id: audience.number, groups: made };
  }

  /** What a new contact looks like, but for these fields. */
  contact(fields: object): object {
    return {
      ...{ id: expect.any(Number), audience_id: null, email: null, phone: null, first_name: '' },
      ...{ last_name: '', groups: [], status: 'subscribed', created_at: this.now, updated_at: this.now },
      ...fields,
    };
  }
}

/** Status and body of an answer, to compare with what was expected. */
export function essence({ status, body }: Answer): object {
  return { status, body };
}

/** The answer with one object. */
export function single(status: number, data: object): object {
  const { id } = data as { id: unknown };
  return { status, body: { id, data } };
}

/** The answer with a part of a list. */
export function listed(data: unknown[], more: object = {}): object {
  const paging = { total: data.length, page: 1, per_page: 25, total_pages: data.length > 0 ? 1 : 0 };
  return { status: 200, body: { data, ...paging, ...more } };
}

/** The answer to a failure. */
export function refused(status: number, message: string): object {
  return { status, body: { error: true, status, message } };
}

/** The answer to fields that are wrong. */
export function unprocessable(errors: Record<string, string>): object {
  return { status: 422, body: { error: true, status: 422, message: 'Validation failed', errors } };
}
