import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import { type AddressInfo, connect, type NetConnectOpts } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { BODY_MAX_BYTES } from '../../src/rest/body';
import { type Gateway, startGateway } from '../support/gateway';
import type { Request } from './wire-request';

/** Within this time every request has to be answered, also on a busy machine. */
const ANSWER_WITHIN_MS = 60_000;

/** A connection is left after this time without a request, before the server ends it. */
const IDLE_MS = 30_000;
const HUNG_UP = ['EPIPE', 'ECONNRESET'];

/** What came back. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** Stands in for the providers: no credentials are right. */
const refuse: RequestListener = (_request, response) =>
  response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');

/** Node hears a socket no more that still writes a body when the answer has come; its end would end the process. */
class ForgivingAgent extends Agent {
  override createConnection(options: NetConnectOpts) {
    return connect(options).on('error', () => {});
  }
}

/** The program in a process of its own, and what it was sent. */
export class Target {
  /** Answers by their status. */
  readonly statuses = new Map<number, number>();
  private readonly agent = new ForgivingAgent({ keepAlive: true, maxSockets: 64, timeout: IDLE_MS });

  private constructor(
    readonly gateway: Gateway,
    private readonly provider: Server,
  ) {}

  static async start(): Promise<Target> {
    const provider = createServer(refuse).listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const providers = { ZOOM_API_URL: url, ZOOM_OAUTH_URL: url, GOOGLE_API_URL: url, GOOGLE_OAUTH_URL: url };
    return new Target(await startGateway(providers), provider);
  }

  get requests(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0);
  }

  /**
   * Sends a request byte by byte as it is. Throws when it is not answered in time. Undefined when the server hung up
   * on a body over its limit, which it may before all is sent (RFC 9112, section 9.6).
   */
  async send(request: Request): Promise<Answer | undefined> {
    const isTooLarge = (request.body?.length ?? 0) > BODY_MAX_BYTES;
    const answer = await this.exchange(request).catch((error: NodeJS.ErrnoException) => {
      if (isTooLarge && HUNG_UP.includes(error.code ?? '')) return undefined;
      throw error;
    });
    const status = answer?.status ?? 413;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    return answer;
  }

  private exchange({ method, path, headers, body }: Request): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const sent = httpRequest(
        {
          ...{ host: '127.0.0.1', port: this.gateway.port, method, path, agent: this.agent },
          headers: { ...headers, ...(body && { 'content-length': String(body.length) }) },
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        },
        (response) => {
          buffer(response).then(
            (bytes) =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text: bytes.toString(),
              }),
            reject,
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  /** What the process has logged as an error; it is told to log nothing less. */
  get errors(): string[] {
    return this.gateway
      .log()
      .split('\n')
      .filter((line) => line.startsWith('{'));
  }

  close(): void {
    this.agent.destroy();
    this.provider.close();
  }
}
