import type { Context } from '../context';
import type { RowRef } from '../entity';
import { attach } from '../related';
import { Agent } from './agent.entity';
import { agents } from './agent.service';

/** An agent with when it signed in last. */
export type AgentRecord = Agent & { lastSignInAt: string | null };

const LAST_SIGN_INS = `
select agent_id as id, max(created_at) as at from agent_session
where account_id = $1 and agent_id = any($2) group by agent_id`;

async function recordsOf(ctx: Context, found: Agent[]): Promise<AgentRecord[]> {
  const withTeam = await attach(ctx, Agent, found, 'defaultTeam');
  const values = [ctx.account.id, found.map(({ id }) => id)];
  const rows = await ctx.query<{ id: string; at: string }>(LAST_SIGN_INS, values, 'last sign-ins');
  const atById = new Map(rows.map(({ id, at }) => [id, at]));
  return withTeam.map((agent) => ({ ...agent, lastSignInAt: atById.get(agent.id) ?? null }));
}

/** Agents with the team that they work for by default. */
export const agentRecords = {
  /** Agents as records. */
  records: recordsOf,

  /** All of them, those who do not work here at present too, oldest first. */
  async list(ctx: Context): Promise<AgentRecord[]> {
    ctx.require('agents:read');
    return recordsOf(ctx, await ctx.repo(Agent).slice({ sort: { field: 'id', direction: 'asc' } }));
  },

  /** Throws NOT_FOUND. */
  async get(ctx: Context, ref: RowRef): Promise<AgentRecord> {
    const [record] = await recordsOf(ctx, [await agents.get(ctx, ref)]);
    return record as AgentRecord;
  },
};
