import { once } from 'node:events';
import { request } from 'node:http';
import { agents } from '../../../src/domain/agent/agent.service';
import type { Context } from '../../../src/domain/context';
import { supportCases } from '../../../src/domain/support-case/support-case.service';
import { teams } from '../../../src/domain/team/team.service';
import { issueKey, type TestAccount } from '../../support/account';
import type { TestServer } from '../../support/server';

/** An answer as it came over the wire. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: what the body has depends on the operation
  body: any;
}

/** A request as it goes over the wire. */
export interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

const BOUNDARY = '------------------------4ebf00fbcf09';

/** Fields as PHP's curl writes an array: each a part of its own, the empty ones too. */
export function multipart(fields: Record<string, string>): Pick<Sent, 'headers' | 'body'> {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: `${parts.join('')}--${BOUNDARY}--\r\n`,
  };
}

/** A help desk with a department of two reps, and programs that speak to it over a socket. */
export class FuseDesk {
  private constructor(
    private readonly origin: URL,
    readonly account: TestAccount,
    readonly key: string,
    /** Numbers of the department and of its rep. */
    readonly department: number,
    readonly rep: number,
  ) {}

  /** Opens one. */
  static async open(server: TestServer, origin: string): Promise<FuseDesk> {
    const account = await server.openAccount();
    const { ctx } = account;
    const ann = await agents.create(ctx, { firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example' });
    const team = await teams.create(ctx, { name: 'Support' });
    await teams.setAgents(ctx, team.id, [ann.id]);
    return new FuseDesk(new URL(origin), account, account.key, team.number, ann.number);
  }

  get ctx(): Context {
    return this.account.ctx;
  }

  /** The same with a key of these scopes. */
  async withScopes(...scopes: string[]): Promise<FuseDesk> {
    const key = await issueKey(this.account, scopes);
    return new FuseDesk(this.origin, this.account, key, this.department, this.rep);
  }

  /** A case of the department. */
  makeCase(input: object = {}) {
    const asked = { summary: 'Printer on fire', details: 'It burns.', openedBy: 'Jane Doe' };
    return supportCases.create(this.ctx, { ...asked, teamId: this.department, agentId: this.rep, ...input });
  }

  /** Sends the bytes as they stand. */
  async raw({ method = 'GET', path, headers = {}, body = '' }: Sent): Promise<Answer> {
    const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const sent = request(this.origin, { method, path, headers: { Accept: '*/*', ...length, ...headers } });
    // What has to be announced is sent when the server has said to go on.
    if (headers.Expect) {
      sent.flushHeaders();
      await once(sent, 'continue');
    }
    sent.end(body);
    const [response] = await once(sent, 'response');
    let text = '';
    for await (const chunk of response) text += chunk;
    return { status: response.statusCode, headers: response.headers, body: JSON.parse(text) };
  }

  /** The same with the key in the vendor's header, as the plugin and the exporter send it. */
  send({ headers, ...sent }: Sent): Promise<Answer> {
    return this.raw({ ...sent, headers: { 'X-FuseDesk-API-Key': this.key, ...headers } });
  }

  get(path: string): Promise<Answer> {
    return this.send({ path });
  }

  /** Parameters as an ordinary form. */
  post(path: string, fields: Record<string, string> = {}): Promise<Answer> {
    const body = new URLSearchParams(fields).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return this.send({ method: 'POST', path, headers, body });
  }
}

/** The answer to a failure, as it stands in body and headers. */
export function refused(status: number, errorcode: string, error: string): object {
  return {
    status,
    headers: expect.objectContaining({
      'x-fusedesk-error-code': errorcode,
      'x-fusedesk-error': error,
      'content-type': 'application/json; charset=utf-8',
    }),
    body: { error, errorcode },
  };
}
