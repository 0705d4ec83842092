import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type ClientOptions, WebSocket } from 'ws';

/** How a socket ended. */
export interface Closed {
  code: number;
  reason: string;
}

/** A message of the protocol graphql-transport-ws. */
export interface Message {
  type: string;
  id?: string;
  payload?: unknown;
}

interface RawSocketOptions extends ClientOptions {
  path?: string;
  protocols?: string[];
}

/** A WebSocket without a client library: it sends what the test says, and keeps what comes. */
export class RawSocket {
  /** What has come and was not taken yet. */
  readonly received: Message[] = [];
  readonly closed: Promise<Closed>;
  private isClosed = false;
  private notify: () => void = () => {};

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.received.push(JSON.parse(String(data)));
      this.notify();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.isClosed = true;
        this.notify();
        resolve({ code, reason: String(reason) });
      });
    });
    // The end is told by `closed`.
    socket.on('error', () => {});
  }

  /** Opens a socket on loopback; it has not said who it is. */
  static async open(
    port: number,
    { path = '/graphql', protocols = ['graphql-transport-ws'], ...options }: RawSocketOptions = {},
  ): Promise<RawSocket> {
    const raw = new RawSocket(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options));
    await once(raw.socket, 'open');
    return raw;
  }

  /** Opens a socket that has been let in. */
  static async signedIn(port: number, apiKey: string, options?: RawSocketOptions): Promise<RawSocket> {
    const raw = await RawSocket.open(port, options);
    raw.send({ type: 'connection_init', payload: { apiKey } });
    const { type } = await raw.take();
    if (type !== 'connection_ack') throw new Error(`expected connection_ack, got ${type}`);
    return raw;
  }

  /** Sends a message; a text goes as it stands. */
  send(message: Message | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: Record<string, unknown>): void {
    this.send({ type: 'subscribe', id, payload: { query, variables } });
  }

  /** Waits for a message, and answers whether the socket has ended instead. */
  async isAtEnd(): Promise<boolean> {
    while (this.received.length === 0 && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
    return this.received.length === 0;
  }

  /** The next message. Throws when the socket ends before. */
  async take(): Promise<Message> {
    if (await this.isAtEnd()) throw new Error(`the socket is closed: ${JSON.stringify(await this.closed)}`);
    return this.received.shift() as Message;
  }

  /** The only field of the data of the next so many results. */
  async takeResults<T = Record<string, unknown>>(count: number): Promise<T[]> {
    const results: T[] = [];
    while (results.length < count) {
      const message = await this.take();
      if (message.type !== 'next') throw new Error(`expected next, got ${JSON.stringify(message)}`);
      const { data } = message.payload as { data: Record<string, T> };
      results.push(Object.values(data)[0] as T);
    }
    return results;
  }

  /** Stops to read from the network, as a client that hangs; the kernel's buffers fill, then the server's. */
  stopReading(): void {
    this.stream.pause();
  }

  readOn(): void {
    this.stream.resume();
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }

  private get stream(): Socket {
    return (this.socket as unknown as { _socket: Socket })._socket;
  }
}
