import type { PoolClient } from 'pg';
import { uuidv7 } from 'uuidv7';
import { Agent } from '../domain/agent/agent.entity';
import { agents } from '../domain/agent/agent.service';
import type { Context } from '../domain/context';
import type { AccountScope } from '../domain/context-seed';
import { Lead } from '../domain/lead/lead.entity';
import { tagIdsByName } from '../domain/tag/tag.service';
import { Team } from '../domain/team/team.entity';
import { teams } from '../domain/team/team.service';
import { copyInto } from './database/copy';
import type { Database } from './database/database';

const NOTES_PER_LEAD = 3;
const CALLS_PER_LEAD = 3;
const APPOINTMENTS_PER_LEAD = 2;
const LEADS_PER_BATCH = 5_000;
const HOUR_MS = 3_600_000;

const FIRST_NAMES = ['Ada', 'Ben', 'Cleo', 'Dev', 'Elif', 'Finn', 'Gia', 'Hugo', 'Ines', 'Jon'];
const LAST_NAMES = ['Moreno', 'Okafor', 'Petrov', 'Quist', 'Rossi', 'Sato', 'Tran', 'Ueda', 'Voss', 'Weber'];
/** The source of every lead that is made here. */
const SOURCE = 'seed';
const STAGES = ['prospect', 'tentative', 'potential', 'contact', 'customer'];

/** Rows that the new leads refer to. */
interface People {
  agentIds: string[];
  teamId: string;
  tagIds: string[];
}

/** One batch of rows as COPY text, by table. */
interface Batch {
  lead: string[];
  note: string[];
  call: string[];
  appointment: string[];
  lead_tag: string[];
}

const COLUMNS: Record<keyof Batch, string> = {
  lead: 'id, account_id, feed_id, team_id, owner_id, first_name, last_name, phone, email, source, stage, created_at, updated_at',
  note: 'id, account_id, lead_id, author_id, body, created_at, updated_at',
  call: 'id, account_id, lead_id, team_id, agent_id, status, result, seconds, started_at, created_at, updated_at',
  appointment: 'id, account_id, lead_id, agent_id, starts_at, ends_at, created_at, updated_at',
  lead_tag: 'account_id, lead_id, tag_id, position',
};

function pick<T>(items: readonly T[], at: number): T {
  return items[at % items.length] as T;
}

function line(...values: unknown[]): string {
  return `${values.join('\t')}\n`;
}

function addLead(
  batch: Batch,
  index: number,
  account: AccountScope,
  { agentIds, teamId, tagIds }: People,
  nowMs: number,
): void {
  const id = uuidv7();
  const stamp = new Date(nowMs).toISOString();
  const agentId = pick(agentIds, index);
  const [first, last] = [pick(FIRST_NAMES, index), pick(LAST_NAMES, Math.floor(index / FIRST_NAMES.length))];
  const phone = `+1212${String(5_000_000 + index).slice(-7)}`;
  const email = `${first}.${last}.${index}@example.com`.toLowerCase();
  const own = [id, account.id, account.defaultFeedId, teamId, agentId, first, last, phone, email];
  batch.lead.push(line(...own, SOURCE, pick(STAGES, index), stamp, stamp));
  batch.lead_tag.push(line(account.id, id, pick(tagIds, index), 0));
  for (let at = 0; at < NOTES_PER_LEAD; at++) {
    batch.note.push(
      line(uuidv7(), account.id, id, agentId, `Note ${at + 1} on ${first} ${last}`, stamp, stamp),
    );
  }
  for (let at = 0; at < CALLS_PER_LEAD; at++) {
    const own = [uuidv7(), account.id, id, teamId, pick(agentIds, index + at)];
    batch.call.push(line(...own, 'completed', 'contacted', 30 + ((index + at) % 600), stamp, stamp, stamp));
  }
  for (let at = 0; at < APPOINTMENTS_PER_LEAD; at++) {
    // Each agent's appointments follow one another by the hour, so that none overlap.
    const slot = Math.floor(index / agentIds.length) * APPOINTMENTS_PER_LEAD + at;
    const startsMs = nowMs + slot * HOUR_MS;
    const times = [new Date(startsMs).toISOString(), new Date(startsMs + HOUR_MS).toISOString()];
    batch.appointment.push(line(uuidv7(), account.id, id, agentId, ...times, stamp, stamp));
  }
}

/** The agents, the team and the tags of made leads, made once. */
async function findPeople(ctx: Context): Promise<People> {
  const agentIds: string[] = [];
  for (const [at, firstName] of FIRST_NAMES.entries()) {
    const customId = `${SOURCE}-${at}`;
    const known = await ctx.repo(Agent).findBy({ customId });
    const agent = known ?? (await agents.create(ctx, { firstName, lastName: LAST_NAMES[at], customId }));
    agentIds.push(agent.id);
  }
  const name = 'Seed';
  const team = (await ctx.repo(Team).findBy({ name })) ?? (await teams.create(ctx, { name }));
  const tagIds = await ctx.transaction((tx) => tagIdsByName(tx, 'lead', ['hot', 'cold', 'new']));
  return { agentIds, teamId: team.id, tagIds: [...tagIds.values()] };
}

/**
 * Adds leads to the context's account by COPY, each with notes, calls, appointments and a tag; `onProgress` hears
 * how many are there. Made for trials and measurements: such rows stand in no change log.
 */
export async function growAccount(
  database: Database,
  ctx: Context,
  count: number,
  onProgress: (leads: number) => void,
): Promise<void> {
  const people = await findPeople(ctx);
  const from = await ctx.repo(Lead).count({ source: { eq: SOURCE } });
  const nowMs = ctx.now().getTime();
  for (let done = 0; done < count; done += LEADS_PER_BATCH) {
    const size = Math.min(LEADS_PER_BATCH, count - done);
    const batch: Batch = { lead: [], note: [], call: [], appointment: [], lead_tag: [] };
    for (let at = 0; at < size; at++) addLead(batch, from + done + at, ctx.account, people, nowMs);
    await database.ofAccount(ctx.account.id).transaction(async (runner) => {
      const client = (await runner.connect()) as PoolClient;
      for (const table of Object.keys(batch) as (keyof Batch)[])
        await copyInto(client, table, COLUMNS[table], batch[table].join(''));
    });
    onProgress(done + size);
  }
  await database.acrossAccounts.query('analyze', []);
}
