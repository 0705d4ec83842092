import type { Context } from '../../../src/domain/context';
import type { TestAccount } from '../../support/account';
import { type TestServer, testServer } from '../../support/server';

/** The documented path of leads. */
export const LEADS = '/api/leads/external/v1/leads';

/** A lead in the vendor's words. */
export interface WireLead {
  id: string;
  name: string;
  phone: string;
  campaign_id: string;
  updated_at: string;
  [field: string]: unknown;
}

/** An answer; which parts the body has depends on the operation. */
export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: {
    success: boolean;
    data: WireLead & { inserted: number; total: number; leads: WireLead[]; lead: WireLead };
  };
}

/** Sends requests with the key of an account, as a client of the vendor would. */
export class LeadsClient {
  constructor(
    readonly server: TestServer,
    readonly account: TestAccount,
  ) {}

  /** The client of a new account. */
  static async open(): Promise<LeadsClient> {
    const server = await testServer();
    return new LeadsClient(server, await server.openAccount());
  }

  get ctx(): Context {
    return this.account.ctx;
  }

  create(body: unknown): Promise<Answer> {
    return this.send('POST', LEADS, body);
  }

  update(body: unknown): Promise<Answer> {
    return this.send('PATCH', LEADS, body);
  }

  /** The lead of an id. */
  get(id: string): Promise<Answer> {
    return this.send('GET', `${LEADS}/${id}`);
  }

  /** A list, or with `phone` a lookup. */
  query(query: Record<string, string | number> = {}): Promise<Answer> {
    const text = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    return this.send('GET', `${LEADS}?${text}`);
  }

  async send(method: 'GET' | 'POST' | 'PATCH', url: string, body?: unknown): Promise<Answer> {
    const response = await this.server.app.inject({
      ...{ method, url },
      headers: {
        authorization: `Bearer ${this.account.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  /** What a new lead of the account looks like, but for these fields. */
  expected(fields: Partial<WireLead>): WireLead {
    const now = this.ctx.instant();
    return {
      ...{
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      },
      ...{ name: 'John Doe', phone: '+12345678900', email: null, company: null, status: 'pending' },
      ...{ campaign_id: this.ctx.account.defaultFeedId, campaign_name: 'Default Feed' },
      ...{ tags: null, custom_fields: null, call_attempts: 0, last_called_at: null },
      ...{ created_at: now, updated_at: now },
      ...fields,
    };
  }

  /** The answer to the creation of these leads. */
  created(...leads: WireLead[]): object {
    return {
      status: 201,
      body: { success: true, data: { mode: 'atomic', inserted: leads.length, leads } },
    };
  }

  /** The answer with one lead, in both of the shapes that clients read. */
  found(lead: WireLead, more: object = {}): object {
    return { status: 200, body: { success: true, data: { ...lead, ...more, lead } } };
  }
}

/** The answer to a failure. */
export function refusal(status: number, error: string, details?: unknown): object {
  return { status, body: { success: false, error, ...(details !== undefined && { details }) } };
}

/** Status and body of an answer, to compare with what was expected. */
export function essence({ status, body }: Answer): object {
  return { status, body };
}
