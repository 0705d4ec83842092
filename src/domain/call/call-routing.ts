import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import { startOfDay } from '../datetime';
import type { Team } from '../team/team.entity';
import { placesOf } from '../team/team-members';
import type { Call } from './call.entity';
import { CallRing } from './call-ring.entity';
import { type Candidate, isCallable, TURNS } from './routing.rules';

// Waits for others who pick agents of the team, and for nobody who only refers to it.
const LOCK_TEAM = `select "id" from team where "account_id" = $1 and "id" = $2 for no key update`;

const LEADS_TODAY = `
select agent.id,
  count(distinct call."lead_id") filter (where call."agent_id" = agent.id)::int as taken,
  count(distinct call."lead_id") filter (where call."agent_id" is distinct from agent.id)::int as ringing
from unnest($3::uuid[], $4::timestamptz[]) as agent(id, since)
join call on call."account_id" = $1 and call."team_id" = $2 and call."started_at" >= agent.since
where call."lead_id" <> $5 and (call."agent_id" = agent.id or call."status" = 'ringing' and exists (
  select from call_ring ring where ring."account_id" = $1 and ring."call_id" = call."id"
    and ring."agent_id" = agent.id and ring."rung_at" is not null))
group by agent.id`;

const NOTE_TURN = `
update team_member set "last_turn" = 1 + (
  select max("last_turn") from team_member where "account_id" = $1 and "team_id" = $2)
where "account_id" = $1 and "team_id" = $2 and "agent_id" = any($3)`;

const RING = `
update call_ring set "rung_at" = $3 where "account_id" = $1 and "call_id" = $2 and "agent_id" = any($4)`;

/** Who is called, and who could be. */
export interface Routing {
  candidates: Candidate[];
  /** The agents to ring, turn after turn; empty when nobody can be rung. */
  turns: Agent[][];
}

type Used = Pick<Candidate, 'taken' | 'ringing'>;

async function usedCaps(
  ctx: Context,
  teamId: string,
  capped: Agent[],
  leadId: string,
): Promise<Map<string, Used>> {
  if (capped.length === 0) return new Map();
  const since = capped.map(({ timeZone }) => startOfDay(ctx.now(), timeZone).toISOString());
  const ids = capped.map(({ id }) => id);
  const values = [ctx.account.id, teamId, ids, since, leadId];
  const rows = await ctx.query<Used & { id: string }>(LEADS_TODAY, values, 'leads today');
  return new Map(rows.map((row) => [row.id, row]));
}

/** The agents of a team as they stand for a call to a lead. Others who pick agents of the team wait from here on. */
async function candidatesOf(ctx: Context, team: Team, leadId: string): Promise<Candidate[]> {
  await ctx.query(LOCK_TEAM, [ctx.account.id, team.id], 'lock turns');
  const members = await placesOf(ctx, team.id);
  const agents = await ctx.repo(Agent).findMany(members.map(({ agentId }) => agentId));
  const agentById = new Map(agents.map((agent) => [agent.id, agent]));
  const capped = members.flatMap(({ cap, agentId }) => (cap === null ? [] : (agentById.get(agentId) ?? [])));
  const used = await usedCaps(ctx, team.id, capped, leadId);
  return members.flatMap((member) => {
    const agent = agentById.get(member.agentId);
    const { taken = 0, ringing = 0 } = used.get(member.agentId) ?? {};
    return agent ? [{ agent, member, taken, ringing }] : [];
  });
}

/** Picks the agents for a call of the team to the lead. Needs an open transaction. */
export async function route(ctx: Context, team: Team, leadId: string): Promise<Routing> {
  const candidates = await candidatesOf(ctx, team, leadId);
  const callable = candidates.filter((candidate) => isCallable(candidate, ctx.now()));
  const turns = TURNS[team.callMode](callable).map((turn) => turn.map(({ agent }) => agent));
  return { candidates, turns };
}

async function noteTurn(ctx: Context, teamId: string, agentIds: string[]): Promise<void> {
  await ctx.query(NOTE_TURN, [ctx.account.id, teamId, agentIds], 'note turn');
}

/** Writes down who is rung for a call; the first turn rings now. */
export async function writeRings(
  ctx: Context,
  callId: string,
  teamId: string,
  turns: Agent[][],
): Promise<void> {
  const rings = turns.flatMap((agents, turn) =>
    agents.map(({ id }) => ({ callId, agentId: id, turn, rungAt: turn === 0 ? ctx.instant() : null })),
  );
  await ctx.repo(CallRing).insertMany(rings);
  await noteTurn(ctx, teamId, turns[0]?.map(({ id }) => id) ?? []);
}

/** The rings of a call in turn. */
export function ringsOf(ctx: Context, callId: string): Promise<CallRing[]> {
  return ctx.repo(CallRing).slice({
    filter: { callId: { eq: callId } },
    ...{ sort: { field: 'id', direction: 'asc' }, limit: 10_000, offset: 0 },
  });
}

/** Rings the next turn in which somebody can be rung, and answers whether there is one. */
export async function ringNextTurn(ctx: Context, { id, leadId }: Call, team: Team): Promise<boolean> {
  const waiting = (await ringsOf(ctx, id)).filter(({ rungAt }) => rungAt === null);
  if (waiting.length === 0) return false;
  const candidates = await candidatesOf(ctx, team, leadId);
  const callable = candidates.filter((candidate) => isCallable(candidate, ctx.now()));
  const callableIds = new Set(callable.map(({ agent }) => agent.id));
  const ready = waiting.filter(({ agentId }) => callableIds.has(agentId));
  const next = ready.filter(({ turn }) => turn === ready[0]?.turn).map(({ agentId }) => agentId);
  if (next.length === 0) return false;
  await ctx.query(RING, [ctx.account.id, id, ctx.instant(), next], 'ring turn');
  await noteTurn(ctx, team.id, next);
  return true;
}
