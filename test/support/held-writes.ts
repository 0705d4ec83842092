import { Client } from 'pg';
import { testDatabaseUrl } from './database';

const WAITING = `
select pid from pg_locks
where not granted and relation = 'change_event'::regclass and database = (select oid from pg_database where datname = current_database())`;

/** Keeps all writes of this worker's database from ending, so that a test can act while they run. */
export class HeldWrites {
  private constructor(private readonly client: Client) {}

  static async hold(): Promise<HeldWrites> {
    const client = new Client({ connectionString: await testDatabaseUrl() });
    await client.connect();
    await client.query('begin; lock table change_event in share mode');
    return new HeldWrites(client);
  }

  /** Waits until a write waits, and answers the process that it waits in. */
  async waiting(): Promise<number> {
    for (;;) {
      const { rows } = await this.client.query<{ pid: number }>(WAITING);
      if (rows[0]) return rows[0].pid;
    }
  }

  /** Ends the connection of a write, as a database that fails does. */
  async cut(pid: number): Promise<void> {
    await this.client.query('select pg_terminate_backend($1)', [pid]);
  }

  async release(): Promise<void> {
    await this.client.end();
  }
}
