import { Child } from './child';
import { freePort } from './free-port';

// Redis itself does not mind when its input ends.
const SCRIPT = `
command -v redis-server >/dev/null || { echo 'Install redis-server, on Debian by apt-get install redis-server.' >&2; exit 1; }
redis-server --bind 127.0.0.1 --port "$0" --save '' --appendonly no --dir /tmp </dev/null &
cat
kill -KILL $!
wait`;

/** A Redis of the test's own, without a disk, that can be killed and started again on its port. */
export class RedisServer {
  private constructor(
    readonly url: string,
    private readonly port: number,
    private child: Child,
  ) {}

  static async start(): Promise<RedisServer> {
    const port = await freePort();
    return new RedisServer(`redis://127.0.0.1:${port}`, port, await startOn(port));
  }

  /** Ends it at once, as a crash does; what it knew is gone. */
  async kill(): Promise<void> {
    await this.child.end();
  }

  async startAgain(): Promise<void> {
    this.child = await startOn(this.port);
  }
}

async function startOn(port: number): Promise<Child> {
  const readyWords = /Ready to accept connections/;
  return (await Child.start(['sh', '-c', SCRIPT, String(port)], { readyWords })).child;
}
