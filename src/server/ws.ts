import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, handleProtocols, makeServer, type Context as SocketContext } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { DomainError } from '../domain/error';
import type { SignIn } from '../domain/sign-in';
import type { OperationRequest } from '../graphql/documents/operation';
import type { ErrorLog } from '../graphql/errors';
import type { SocketOperations } from '../graphql/socket';
import { mayOpenSocket } from './cross-origin';
import { type OpenSocket, SocketKeys } from './socket-keys';
import { Outbox } from './socket-outbox';

/** Limits of sockets. */
const SOCKET_LIMITS = {
  /** Bytes of one message from a client. */
  messageBytes: 1_048_576,
  /** Bytes that may wait for a client to read them; a subscriber that comes to more is cut off (4413). */
  unreadBytes: 4_194_304,
  /** Operations that run on one socket at a time. */
  operations: 100,
  /** Milliseconds between pings; a socket that does not answer one before the next is dropped. */
  keepAliveMs: 12_000,
  /** Milliseconds that a new socket has to say who it is. */
  initWaitMs: 5_000,
  /** Milliseconds that a client has to answer a close. */
  closeWaitMs: 5_000,
  /** How often the keys of open sockets are looked at again; a key is known for 800 ms, in all less than a second. */
  keyCheckMs: 150,
};

/** What the socket server needs. */
export interface SocketServerOptions {
  server: Server;
  schema: GraphQLSchema;
  operations: SocketOperations;
  signIn: SignIn;
  log: ErrorLog;
  /** Most sockets that one key may keep open. */
  socketsPerKey: number;
  /** Sites whose scripts may open sockets; all when not given. */
  origins?: readonly string[] | undefined;
  /** Instead of those of {@link SOCKET_LIMITS}. */
  limits?: Partial<typeof SOCKET_LIMITS>;
}

// Codes of https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 and of its registry.
const GOING_AWAY = { code: 1001, reason: 'Going away' } as const;
const FAULT = { code: 1011, reason: 'Internal server error' } as const;
const TRY_AGAIN = { code: 1013, reason: 'Try again later' } as const;

type Connection = SocketContext<Record<string, unknown>, OpenSocket>;

/** GraphQL over WebSocket at `/graphql`, protocol graphql-transport-ws. */
export class SocketServer {
  private readonly limits: typeof SOCKET_LIMITS;
  private readonly keys: SocketKeys;
  private readonly sockets: WebSocketServer;
  private readonly protocol: ReturnType<typeof makeServer<Record<string, unknown>, OpenSocket>>;
  private readonly keyCheck: NodeJS.Timeout;

  constructor(private readonly options: SocketServerOptions) {
    this.limits = { ...SOCKET_LIMITS, ...options.limits };
    this.keys = new SocketKeys(options.signIn, options.socketsPerKey);
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: this.limits.messageBytes,
      perMessageDeflate: false,
      // @types/ws does not know it yet.
      ...{ closeTimeout: this.limits.closeWaitMs },
      handleProtocols,
    });
    this.protocol = makeServer<Record<string, unknown>, OpenSocket>({
      connectionInitWaitTimeout: this.limits.initWaitMs,
      onConnect: ({ connectionParams, extra }) => this.keys.admit(extra, connectionParams),
      onSubscribe: (connection, id, request) => this.subscribe(connection, id, request),
      // The operation runs already: its result travels as the context value.
      subscribe: ({ contextValue }) => contextValue as never,
      execute: ({ contextValue }) => contextValue as never,
      onNext: (_connection, _id, _request, _args, result) => result as never,
      onError: ({ extra }, _id, _request, errors) =>
        options.operations.errorsOf(
          extra.id,
          errors.map((error) => error.originalError ?? error),
        ),
    });
    options.server.on('upgrade', this.upgrade);
    this.keyCheck = setInterval(() => void this.keys.check(), this.limits.keyCheckMs).unref();
  }

  /** How many sockets are open. */
  get size(): number {
    return this.sockets.clients.size;
  }

  /** Takes no new sockets and closes the open ones as going away (1001). */
  close(): void {
    clearInterval(this.keyCheck);
    this.options.server.off('upgrade', this.upgrade);
    for (const socket of this.sockets.clients) socket.close(GOING_AWAY.code, GOING_AWAY.reason);
    this.sockets.close();
  }

  private readonly upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', () => stream.destroy());
    if (!/^\/graphql\/?(\?|$)/.test(request.url ?? '')) refuse(stream, '404 Not Found');
    else if (!mayOpenSocket(request.headers, this.options.origins)) refuse(stream, '403 Forbidden');
    else this.sockets.handleUpgrade(request, stream, head, (socket) => this.opened(socket, request));
  };

  private opened(socket: WebSocket, request: IncomingMessage): void {
    const outbox = new Outbox(socket, this.limits.unreadBytes);
    const open: OpenSocket = { id: randomUUID(), socket, outbox, request, starting: new Set() };
    const stopPings = keepAlive(socket, this.limits.keepAliveMs);
    const closed = this.protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => outbox.send(text),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => socket.on('message', (data: RawData) => this.take(open, take, data)),
      },
      open,
    );
    // A socket that breaks or breaks the rules of its protocol is closed by ws itself.
    socket.on('error', () => {});
    socket.once('close', (code, reason) => {
      stopPings();
      this.keys.leave(open);
      void Promise.resolve(closed(code, String(reason))).catch((err) =>
        this.options.log.error({ err, requestId: open.id }, 'a socket could not be tidied up'),
      );
    });
  }

  private take({ socket, id }: OpenSocket, take: (text: string) => Promise<void>, data: RawData): void {
    if (socket.readyState !== socket.OPEN) return;
    take(String(data)).catch((err) => {
      const isOutage = err instanceof DomainError && err.code === 'UNAVAILABLE';
      const details = { err, requestId: id };
      if (isOutage) this.options.log.warn(details, 'a message on a socket could not be served');
      else this.options.log.error(details, 'a message on a socket failed');
      const { code, reason } = isOutage ? TRY_AGAIN : FAULT;
      socket.close(code, reason);
    });
  }

  private async subscribe({ extra: open, subscriptions }: Connection, id: string, request: OperationRequest) {
    try {
      // An operation that was completed while it began still runs: graphql-ws would take the two for one.
      if (open.starting.has(id)) {
        open.socket.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
        throw new DomainError('CONFLICT', `Operation ${id} is about to run.`);
      }
      open.starting.add(id);
      if (Object.keys(subscriptions).length > this.limits.operations) {
        throw new DomainError(
          'RATE_LIMITED',
          `A socket runs at most ${this.limits.operations} operations at a time.`,
        );
      }
      const ctx = await this.keys.contextFor(open);
      const { document, result } = await this.options.operations.run(ctx, request, open.outbox.sinkOf(id));
      return {
        schema: this.options.schema,
        document,
        operationName: request.operationName,
        contextValue: result,
      };
    } catch (error) {
      return [new GraphQLError((error as Error).message, { originalError: error as Error })];
    } finally {
      open.starting.delete(id);
    }
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.once('finish', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let isAlive = true;
  socket.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, everyMs).unref();
  return () => clearInterval(timer);
}
