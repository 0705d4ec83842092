import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { ALL_ACCOUNTS, type Reach } from './bound-connection';
import { isHarmless } from './refusal';
import { isUnsent } from './statement-group';

/** What is to be known of the connections of a pool. */
export interface PoolUse {
  used: number;
  idle: number;
  waiting: number;
}

const ignore = () => {};

function poolOf({ driver }: DataSource): Pool {
  return (driver as unknown as { master: Pool }).master;
}

/** The connections of both pools, which are taken and given back. */
export class Connections {
  private readonly own: Pool;
  private readonly across: Pool;

  /** `across` is for all accounts at once, so that those of requests are seldom bound anew. */
  constructor(own: DataSource, across: DataSource) {
    this.own = poolOf(own);
    this.across = poolOf(across);
  }

  /** Takes a connection, for which it may have to wait. */
  async take(reach: Reach): Promise<PoolClient> {
    const client = await (reach === ALL_ACCOUNTS ? this.across : this.own).connect();
    // What breaks the connection fails its statement too; unheard, it would end the process.
    client.on('error', ignore);
    return client;
  }

  /** Gives a connection back; one that has failed is not used again. */
  giveBack(client: PoolClient, failure?: unknown): void {
    client.off('error', ignore);
    client.release(failure as Error | undefined);
  }

  /** Runs work on a connection of its own. */
  async with<T>(reach: Reach, work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.take(reach);
    try {
      const result = await work(client);
      this.giveBack(client);
      return result;
    } catch (error) {
      this.giveBack(client, isHarmless(error) || isUnsent(error) ? undefined : error);
      throw error;
    }
  }

  /** How many connections do something, wait, or are waited for. */
  get use(): PoolUse {
    const pools = [this.own, this.across];
    const sum = (key: 'totalCount' | 'idleCount' | 'waitingCount') =>
      pools.reduce((all, pool) => all + pool[key], 0);
    return {
      used: sum('totalCount') - sum('idleCount'),
      idle: sum('idleCount'),
      waiting: sum('waitingCount'),
    };
  }
}
