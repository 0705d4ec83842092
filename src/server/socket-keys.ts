import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Context } from '../domain/context';
import { DomainError } from '../domain/error';
import { credentialsAmong, type SignIn, type SignInRequest } from '../domain/sign-in';
import type { Outbox } from './socket-outbox';

/** What a socket is closed with when its key is bad, or has too many of them. */
const FORBIDDEN = { code: 4403, reason: 'Forbidden' } as const;
const TOO_MANY = { code: 4429, reason: 'Too many sockets of this key' } as const;

/** One open socket. */
export interface OpenSocket {
  /** Stands in for a request id: a socket is one long request. */
  readonly id: string;
  readonly socket: WebSocket;
  readonly outbox: Outbox;
  /** The request that it began with. */
  readonly request: IncomingMessage;
  /** Ids of operations that are about to run. */
  readonly starting: Set<string>;
  /** Set once it has said who it is. */
  seats?: Seats;
}

/** The sockets that came with the same key or access token for the same account. */
interface Seats {
  credentials: Pick<SignInRequest, 'key' | 'token' | 'accountId'>;
  keyId: string;
  sockets: Set<OpenSocket>;
}

/** What a client says with `connection_init`. */
export type ConnectionParams = Record<string, unknown> | undefined;

/** The key or the access token from `connectionParams.apiKey`, `connectionParams.authorization` or the upgrade request's header. */
function credentialsOf(params: ConnectionParams, { headers }: IncomingMessage): Seats['credentials'] {
  const authorization =
    textOf(params?.authorization) ?? textOf(params?.Authorization) ?? headers.authorization;
  const bearer = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return {
    ...credentialsAmong([textOf(params?.apiKey), bearer, textOf(headers['x-api-key'])]),
    accountId: textOf(params?.accountId) ?? textOf(headers['x-account-id']),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && (error.code === 'UNAUTHENTICATED' || error.code === 'NOT_FOUND');
}

/** Who has sockets open: lets them in by their keys, and out when a key is no longer good. */
export class SocketKeys {
  private readonly seatsByName = new Map<string, Seats>();
  private readonly countByKeyId = new Map<string, number>();
  private isChecking = false;

  constructor(
    private readonly signIn: SignIn,
    private readonly socketsPerKey: number,
  ) {}

  /** Lets a socket in, or closes it (4403, 4429) and answers false. Throws what is no fault of the key. */
  async admit(open: OpenSocket, params: ConnectionParams): Promise<boolean> {
    const credentials = credentialsOf(params, open.request);
    const ctx = await this.contextOf(credentials, open.id);
    if (!ctx) return refuse(open, FORBIDDEN);
    const keyId = ctx.actor.id ?? '';
    const count = this.countByKeyId.get(keyId) ?? 0;
    if (count >= this.socketsPerKey) return refuse(open, TOO_MANY);
    // Nobody would count out a socket that was closed while its key was looked up.
    if (open.socket.readyState !== open.socket.OPEN) return false;
    this.countByKeyId.set(keyId, count + 1);
    const name = JSON.stringify(credentials);
    const seats = this.seatsByName.get(name) ?? { credentials, keyId, sockets: new Set() };
    this.seatsByName.set(name, seats);
    seats.sockets.add(open);
    open.seats = seats;
    return true;
  }

  /** The context of an operation on the socket. Throws UNAUTHENTICATED when its key is no longer good. */
  contextFor({ id, seats, request }: OpenSocket): Promise<Context> {
    return this.signIn({ ...seats?.credentials, requestId: id, address: request.socket.remoteAddress });
  }

  /** Counts a closed socket out. */
  leave(open: OpenSocket): void {
    const { seats } = open;
    if (!seats?.sockets.delete(open)) return;
    if (seats.sockets.size === 0) this.seatsByName.delete(JSON.stringify(seats.credentials));
    const count = (this.countByKeyId.get(seats.keyId) ?? 1) - 1;
    if (count > 0) this.countByKeyId.set(seats.keyId, count);
    else this.countByKeyId.delete(seats.keyId);
  }

  /** Looks at the keys again; sockets whose key is no longer good are closed (4403). */
  async check(): Promise<void> {
    if (this.isChecking) return;
    this.isChecking = true;
    const checks = [...this.seatsByName.values()].map(async ({ credentials, sockets }) => {
      // While the database is away nobody is sent away.
      if (await this.contextOf(credentials, 'key check').catch(() => true)) return;
      for (const open of sockets) refuse(open, FORBIDDEN);
    });
    await Promise.all(checks);
    this.isChecking = false;
  }

  private contextOf(credentials: Seats['credentials'], requestId: string): Promise<Context | undefined> {
    return this.signIn({ ...credentials, requestId }).catch((error) => {
      if (isRefusal(error)) return undefined;
      throw error;
    });
  }
}

function refuse({ socket }: OpenSocket, { code, reason }: { code: number; reason: string }): false {
  socket.close(code, reason);
  return false;
}
