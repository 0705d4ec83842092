import type { Agent } from '../agent/agent.entity';
import type { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import { attach, attachMany } from '../related';
import type { Tag } from '../tag/tag.entity';
import type { Team } from '../team/team.entity';
import { CaseEntry } from './case-entry.entity';
import { SupportCase } from './support-case.entity';

/** A case with what flat records show of it. */
export type CaseRecord = SupportCase & {
  team: Team | null;
  agent: Agent | null;
  contact: Contact | null;
  tags: Tag[];
};

/** An entry of the history with its writer. */
export type EntryRecord = CaseEntry & { agent: Agent | null; contact: Contact | null };

/** A case with its whole history, oldest first. */
export type CaseWithHistory = CaseRecord & { entries: EntryRecord[] };

const ENTRIES_MAX = 10_000;

/** The cases with team, agent, contact and tags: four statements, however many. */
export async function caseRecordsOf(ctx: Context, cases: SupportCase[]): Promise<CaseRecord[]> {
  if (cases.length === 0) return [];
  const withTeam = await attach(ctx, SupportCase, cases, 'team');
  const withAgent = await attach(ctx, SupportCase, withTeam, 'agent');
  const withContact = await attach(ctx, SupportCase, withAgent, 'contact');
  return (await attachMany(ctx, SupportCase, withContact, 'tags')) as CaseRecord[];
}

/** The history of a case with who wrote it, oldest first. */
export async function historyOf(ctx: Context, caseId: string): Promise<EntryRecord[]> {
  const entries = await ctx.repo(CaseEntry).slice({
    filter: { caseId: { eq: caseId } },
    ...{ sort: { field: 'id', direction: 'asc' }, limit: ENTRIES_MAX, offset: 0 },
  });
  if (entries.length === 0) return [];
  const withAgent = await attach(ctx, CaseEntry, entries, 'agent');
  return (await attach(ctx, CaseEntry, withAgent, 'contact')) as EntryRecord[];
}
