import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../src/server/database/database';
import { startEmbeddedPostgres } from '../../src/server/postgres/embedded-postgres';
import { freePort } from './free-port';
import { type Gateway, startGateway } from './gateway';
import { makePostgresFolder } from './postgres-folder';
import { RedisServer } from './redis-server';

/** The most that may happen between two faults. */
const HAPPENINGS_MAX = 300;
const AGAIN_MS = 100;

type Random = (below: number) => number;

/** Two servers, the embedded PostgreSQL and a Redis, all of which are killed at random moments and come back. */
export class SoakStage {
  /** How often each fault was made. */
  readonly faults: Record<string, number> = {};
  /** Exit codes of the servers that were asked to stop. */
  readonly exitCodes: (number | null)[] = [];
  /** Of every server that there was. */
  private readonly logs: (() => string)[] = [];
  private happenings = 0;
  private notify = () => {};
  private ups: [Promise<Gateway>, Promise<Gateway>];

  private constructor(
    readonly database: Database,
    readonly ports: readonly [number, number],
    private readonly parts: { dataDir: string; redis: RedisServer; settings: NodeJS.ProcessEnv },
    readonly close: () => Promise<void>,
  ) {
    this.ups = [this.open(0), this.open(1)];
  }

  static async start(settings: NodeJS.ProcessEnv): Promise<SoakStage> {
    const { dataDir, remove } = await makePostgresFolder();
    const postgres = await startEmbeddedPostgres({ dataDir });
    const redis = await RedisServer.start();
    const database = await Database.open(postgres.url, { poolSize: 4 });
    await database.migrate();
    const all = { ROLE: 'all', DATABASE_URL: postgres.url, DATABASE_POOL: '8', REDIS_URL: redis.url };
    const close = async () => {
      await database.close();
      await postgres.stop();
      await remove();
    };
    const ports = [await freePort(), await freePort()] as const;
    const parts = { dataDir, redis, settings: { LOG_LEVEL: 'error', ...all, ...settings } };
    const stage = new SoakStage(database, ports, parts, close);
    await stage.allUp();
    return stage;
  }

  async allUp(): Promise<void> {
    await Promise.all(this.ups);
  }

  /** What the servers have logged of a request. */
  logOf(requestId: string): string {
    const lines = this.logs.flatMap((log) => log().split('\n'));
    return lines.filter((line) => line.includes(requestId)).join('\n');
  }

  /** Something has happened that a fault may follow. */
  happened(): void {
    this.happenings += 1;
    this.notify();
  }

  /** Makes faults until it is over, each a random number of happenings after the one before. */
  async torment(isOver: () => boolean, random: Random): Promise<void> {
    const faults: [string, () => Promise<void>][] = [
      ...Array(4).fill(['a server is killed', () => this.killServer(random(2))]),
      ...Array(3).fill(['a server is asked to stop', () => this.stopServer(random(2))]),
      ['both servers are killed', () => Promise.all([this.killServer(0), this.killServer(1)])],
      ...Array(2).fill(['PostgreSQL is killed', async () => this.killPostgres()]),
      ['Redis is killed', () => this.killRedis()],
    ];
    while (!isOver()) {
      const until = this.happenings + 1 + random(HAPPENINGS_MAX);
      while (this.happenings < until && !isOver()) {
        await new Promise<void>((resolve) => {
          this.notify = resolve;
        });
      }
      const [name, make] = faults[random(faults.length)] as (typeof faults)[number];
      this.faults[name] = (this.faults[name] ?? 0) + 1;
      await make();
    }
    await this.allUp();
  }

  /** Kills both servers for good. */
  async endServers(): Promise<void> {
    for (const up of this.ups) await (await up).kill();
  }

  /** Starts both servers anew. */
  async startServers(): Promise<void> {
    this.ups = [this.open(0), this.open(1)];
    await this.allUp();
  }

  /** A server that finds no database ends at its start, and is started again as a supervisor does. */
  private async open(at: 0 | 1): Promise<Gateway> {
    for (;;) {
      const gateway = await startGateway({ ...this.parts.settings, PORT: String(this.ports[at]) }).catch(
        () => undefined,
      );
      if (gateway) {
        this.logs.push(gateway.log);
        return gateway;
      }
      await sleep(AGAIN_MS);
    }
  }

  private async killServer(at: number): Promise<void> {
    const place = at as 0 | 1;
    const gateway = await this.ups[place];
    this.ups[place] = gateway.kill().then(() => this.open(place));
  }

  private async stopServer(at: number): Promise<void> {
    const place = at as 0 | 1;
    const gateway = await this.ups[place];
    this.ups[place] = gateway.stop().then((code) => {
      this.exitCodes.push(code);
      return this.open(place);
    });
  }

  private killPostgres(): void {
    try {
      const [pid] = readFileSync(join(this.parts.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has not come back yet from the time before.
    }
  }

  private async killRedis(): Promise<void> {
    await this.parts.redis.kill();
    await this.parts.redis.startAgain();
  }
}
