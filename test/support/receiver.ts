import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it arrived. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a receiver answers. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

type Answer = (received: Received) => Reply | Promise<Reply>;

/** A real HTTP server on 127.0.0.1 that keeps what it gets. */
export class Receiver {
  readonly received: Received[] = [];
  /** Number of connections that were made to it. */
  connections = 0;
  private waiting: { count: number; resolve: () => void }[] = [];

  private constructor(
    private readonly server: Server,
    /** What it answers; 204 unless it is told otherwise. */
    public answer: Answer,
  ) {}

  /** Starts one on a free port; it ends with the test file. */
  static async start(answer: Answer = () => ({ status: 204 })): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server, answer);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const received = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      receiver.take(received);
      const { status, headers = {}, body = '' } = await receiver.answer(received);
      response.writeHead(status, headers).end(body);
    });
    server.on('connection', () => {
      receiver.connections += 1;
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    started.push(receiver);
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The bodies that came so far, parsed, oldest first. */
  get events(): { type: string; position: number; previousPosition: number | null; data: { id: string } }[] {
    return this.received.map(({ body }) => JSON.parse(body));
  }

  /** Resolves when at least so many requests have come. */
  async has(count: number): Promise<void> {
    if (this.received.length >= count) return;
    await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
  }

  /** Stops to listen and ends all connections. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }

  private take(received: Received): void {
    this.received.push(received);
    const ready = this.waiting.filter(({ count }) => count <= this.received.length);
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }
}

const started: Receiver[] = [];

afterAll(() => Promise.all(started.map((receiver) => receiver.close())));
