import type { LightMyRequestResponse } from 'fastify';
import type { Agent } from '../../src/domain/agent/agent.entity';
import type { TestAccount } from './account';
import { signInAgent } from './dialect-account';
import type { TestServer } from './server';

/** An agent who talks to Epixel's API as its customers' programs do: forms in, envelopes out. */
export class EpixelClient {
  constructor(
    readonly server: TestServer,
    readonly account: TestAccount,
    readonly agent: Agent,
    readonly token: string,
  ) {}

  /** Signs an agent of the account in. */
  static async of(
    server: TestServer,
    account: TestAccount,
    options: { username?: string; role?: Agent['role'] } = {},
  ): Promise<EpixelClient> {
    const { agent, token } = await signInAgent(account, options);
    return new EpixelClient(server, account, agent, token);
  }

  get headers(): Record<string, string> {
    return { apikey: this.account.key, authorization: `Bearer ${this.token}` };
  }

  /** Sends the fields as multipart/form-data, as all of the vendor's samples do. */
  async post(path: string, fields: Record<string, string>): Promise<LightMyRequestResponse> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const body = new Response(form);
    const headers = { ...this.headers, 'content-type': body.headers.get('content-type') ?? '' };
    const payload = Buffer.from(await body.arrayBuffer());
    return this.server.app.inject({ method: 'POST', url: `/api/v1/${path}/`, headers, payload });
  }

  /** Asks for what is below the base path. */
  get(path: string): Promise<LightMyRequestResponse> {
    return this.server.app.inject({ url: `/api/v1/${path}`, headers: this.headers });
  }

  /** The data of an operation that is done. */
  async done(path: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
    const response = await this.post(path, fields);
    expect({ status: response.statusCode, errors: response.json().errors }).toEqual({
      status: 200,
      errors: {},
    });
    return response.json().data;
  }
}

/** A lead as most tests create it. */
export const JANE = { first_name: 'Jane', last_name: 'Doe', email: 'jane@example.com', phone: '2025550143' };

/** A refusal in the vendor's envelope. */
export function refusal(status: number, errors: Record<string, unknown>) {
  return { status, body: { status_code: status, errors, data: {} } };
}

/** Status and body of an answer. */
export function answerOf(response: LightMyRequestResponse) {
  return { status: response.statusCode, body: response.json() };
}
