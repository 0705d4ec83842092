import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** A client that speaks HTTP as it pleases, byte by byte. */
export class HostileClient {
  /** What has come from the server. */
  answer = '';
  readonly closed: Promise<void>;

  private constructor(readonly stream: Socket) {
    stream.on('error', () => {});
    stream.on('data', (data) => {
      this.answer = (this.answer + data).slice(0, 10_000);
    });
    this.closed = new Promise((resolve) => stream.once('close', () => resolve()));
  }

  static async open(port: number): Promise<HostileClient> {
    const client = new HostileClient(connect({ port, host: '127.0.0.1' }));
    await once(client.stream, 'connect');
    return client;
  }

  send(text: string): this {
    this.stream.write(text);
    return this;
  }

  /** Sends a chunk again and again, as fast as it is taken, until so many bytes were sent or the server has had enough. */
  async flood(chunk: string | Buffer, bytes: number): Promise<number> {
    let sent = 0;
    while (sent < bytes && !this.stream.destroyed) {
      sent += chunk.length;
      if (!this.stream.write(chunk))
        await Promise.race([once(this.stream, 'drain'), this.closed]).catch(() => {});
    }
    return sent;
  }

  /** Never reads again. */
  deafen(): this {
    this.stream.pause();
    return this;
  }

  get status(): number {
    return Number(/^HTTP\/1.1 (\d+)/.exec(this.answer)?.[1] ?? 0);
  }

  async leave(): Promise<void> {
    this.stream.destroy();
    await this.closed;
  }
}

/** Bytes of memory that a process holds at the moment. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
