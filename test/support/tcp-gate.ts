import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port';

/** Stands between a server and its database, on a port of its own, and can cut the two off from one another. */
export class TcpGate {
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    /** The address of the database by way of the gate. */
    readonly url: string,
  ) {}

  /** Opens a gate before the database of the address. */
  static async before(databaseUrl: string): Promise<TcpGate> {
    const target = new URL(databaseUrl);
    const server = createServer();
    const port = await freePort();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const url = new URL(databaseUrl);
    url.host = `127.0.0.1:${port}`;
    const gate = new TcpGate(server, url.href);
    server.on('connection', (near) => {
      const far = connect(Number(target.port || 5432), target.hostname.replace(/^\[|\]$/g, ''));
      gate.join(near, far);
      gate.join(far, near);
    });
    return gate;
  }

  /** Breaks every connection and refuses new ones, as a database that went down. */
  async shut(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    // Not resetAndDestroy(): Node 20 now and then never ends after one.
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Lets connections through again, on the same port. */
  async reopen(): Promise<void> {
    this.server.listen(Number(new URL(this.url).port), '127.0.0.1');
    await once(this.server, 'listening');
  }

  private join(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
