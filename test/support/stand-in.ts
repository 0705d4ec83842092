import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a stand-in gets it. */
export interface StandInRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  text: string;
}

/** What it answers. */
export interface StandInReply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * How a request is interfered with: `fail` answers 500 and does nothing, `drop` does nothing and breaks the
 * connection, `hang` does nothing and never answers, `lose` does it and breaks the connection.
 */
export type Interference = 'fail' | 'drop' | 'hang' | 'lose';

/** A request that is held back until it is let go. */
export interface Hold {
  arrived: Promise<void>;
  release: () => void;
}

interface Trap {
  pattern: RegExp;
  how: Interference | { isFirst: boolean; arrive: () => void; released: Promise<void> };
}

/** A refusal that the real API would give too. */
export class Refused extends Error {
  constructor(readonly reply: StandInReply) {
    super(JSON.stringify(reply));
  }
}

/** A real HTTP server on 127.0.0.1 in the place of a provider; what is not as documented is refused and written down. */
export abstract class StandIn {
  /** `POST /v2/users/me/meetings`, oldest first. */
  readonly calls: string[] = [];
  /** What no client may send: must stay empty. */
  readonly violations: string[] = [];
  url = '';
  private traps: Trap[] = [];
  private readonly server = createServer((request, response) => void this.take(request, response));

  /** Starts it on a free port; it ends with the test file. */
  async start(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    started.push(this);
    return this;
  }

  /** Interferes with the next requests whose `METHOD /path` matches. */
  interfere(pattern: RegExp, how: Interference, times = 1): void {
    for (let at = 0; at < times; at += 1) this.traps.push({ pattern, how });
  }

  /** Holds the answer of the next matching request back after it was done, or first the doing. */
  hold(pattern: RegExp, { isFirst = false } = {}): Hold {
    let [arrive, release] = [() => {}, () => {}];
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.traps.push({ pattern, how: { isFirst, arrive, released } });
    return { arrived, release };
  }

  /** The calls of a kind so far. */
  count(pattern: RegExp): number {
    return this.calls.filter((call) => pattern.test(call)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  protected abstract answer(request: StandInRequest): StandInReply;

  /** Refuses what no client may send. */
  protected refuse(status: number, why: string): never {
    this.violations.push(why);
    throw new Refused({ status, body: { code: 300, message: why, error: { code: status, message: why } } });
  }

  private async take(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { pathname: path, searchParams: query } = new URL(incoming.url ?? '/', this.url);
    const { method = '', headers } = incoming;
    const call = `${method} ${path}`;
    this.calls.push(call);
    const at = this.traps.findIndex(({ pattern }) => pattern.test(call));
    const [trap] = at < 0 ? [] : this.traps.splice(at, 1);
    if (trap?.how === 'hang') return;
    if (trap?.how === 'drop') return void incoming.socket.destroy();
    if (trap?.how === 'fail') return void response.writeHead(500).end('{}');
    const text = Buffer.concat(chunks).toString('utf8');
    const wait = async (isFirst: boolean) => {
      if (typeof trap?.how !== 'object' || trap.how.isFirst !== isFirst) return;
      trap.how.arrive();
      await trap.how.released;
    };
    await wait(true);
    const reply = this.reply({ method, path, query, headers, text });
    if (trap?.how === 'lose') return void incoming.socket.destroy();
    await wait(false);
    const { status, body, headers: more } = reply;
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...more });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  }

  private reply(request: StandInRequest): StandInReply {
    try {
      return this.answer(request);
    } catch (error) {
      if (error instanceof Refused) return error.reply;
      this.violations.push(String(error));
      return { status: 500, body: {} };
    }
  }
}

const started: StandIn[] = [];

afterAll(() => Promise.all(started.map((standIn) => standIn.close())));

/** The body of a form post. Throws for any other. */
export function formOf({ headers, text }: StandInRequest): Record<string, string> {
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) throw new Error('no form');
  return Object.fromEntries(new URLSearchParams(text));
}

/** The body of a JSON request. Throws for any other. */
export function jsonOf({ headers, text }: StandInRequest): unknown {
  if (!headers['content-type']?.startsWith('application/json')) throw new Error('no JSON');
  return JSON.parse(text);
}
