import { Agent } from '../agent/agent.entity';
import { Contact } from '../contact/contact.entity';
import { contactIdsByOtherEmail } from '../contact/contact-by-email';
import type { Context } from '../context';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import type { Condition, Filter } from '../filter';
import type { Sort } from '../page';
import { Team } from '../team/team.entity';
import type { SupportCaseStatus } from './case-status';
import { SupportCase } from './support-case.entity';

/** A stretch of time, its ends included; instants in UTC. */
export interface Period {
  after?: string | undefined;
  before?: string | undefined;
}

/** Which cases a search is for; all that is given must hold. */
export interface CaseQuery {
  /** Words in number, summary, details and history. */
  text?: string | undefined;
  /** Any of these contacts. */
  contactIds?: readonly RowRef[] | undefined;
  companyId?: number | undefined;
  /** Address of the contact, upper and lower case alike. */
  email?: string | undefined;
  /** A part of who asked. */
  from?: string | undefined;
  /** A part of the summary. */
  subject?: string | undefined;
  /** `active` is new or open, `all` is any. */
  status?: SupportCaseStatus | 'active' | 'all' | undefined;
  agentId?: RowRef | undefined;
  teamId?: RowRef | undefined;
  /** The agent who made it. */
  createdByAgentId?: RowRef | undefined;
  opened?: Period | undefined;
  assigned?: Period | undefined;
  firstResponse?: Period | undefined;
  lastResponse?: Period | undefined;
  created?: Period | undefined;
  updated?: Period | undefined;
  closed?: Period | undefined;
  isArchived?: boolean | undefined;
  /** First of these first; the newest first when not given. */
  sort?: readonly Sort[] | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
}

/** Most cases of one answer. */
const CASE_SEARCH_MAX = 1000;
const LIMIT = 50;
const CONTACTS_MAX = 100;
const OFFSET_MAX = 1_000_000;

/** What a search can be ordered by. */
const CASE_SORTS = [
  ...['id', 'number', 'status', 'contactId', 'openedAt', 'assignedAt', 'firstResponseAt', 'lastResponseAt'],
  ...['updatedAt', 'createdAt', 'closedAt'],
];

async function idsOf(
  ctx: Context,
  entity: abstract new () => Contact | Agent | Team,
  refs: readonly RowRef[],
) {
  return { in: [...(await ctx.repo(entity).idsByRef([...refs])).values()] };
}

const BY_EMAIL = `
select id from contact where account_id = $1 and email_folded = lower($2) limit ${CONTACTS_MAX}`;

async function contactsOf(ctx: Context, email: string): Promise<Condition> {
  const rows = await ctx.query<{ id: string }>(BY_EMAIL, [ctx.account.id, email], 'contacts by email');
  const others = await contactIdsByOtherEmail(ctx, email, CONTACTS_MAX);
  return { in: [...new Set([...rows.map(({ id }) => id), ...others])].slice(0, CONTACTS_MAX) };
}

const within = ({ after, before }: Period): Condition => ({
  ...(after !== undefined && { gte: after }),
  ...(before !== undefined && { lte: before }),
});

function statusFilter(status: CaseQuery['status']): Filter[] {
  if (status === undefined || status === 'all') return [];
  return [{ status: status === 'active' ? { in: ['new', 'open'] } : { eq: status } }];
}

const PERIODS = {
  opened: 'openedAt',
  assigned: 'assignedAt',
  firstResponse: 'firstResponseAt',
  lastResponse: 'lastResponseAt',
  created: 'createdAt',
  updated: 'updatedAt',
  closed: 'closedAt',
} as const;

/** The filter of a query; what it names and is not there leaves nothing. */
export async function caseFilter(ctx: Context, query: CaseQuery): Promise<Filter> {
  const { contactIds, email, agentId, teamId, createdByAgentId, companyId, isArchived } = query;
  const { text, from, subject } = query;
  const periods = Object.entries(PERIODS).flatMap(([name, field]) => {
    const period = query[name as keyof typeof PERIODS];
    return period ? [{ [field]: within(period) }] : [];
  });
  return {
    and: [
      ...statusFilter(query.status),
      ...periods,
      ...(contactIds ? [{ contactId: await idsOf(ctx, Contact, contactIds) }] : []),
      ...(email === undefined ? [] : [{ contactId: await contactsOf(ctx, email) }]),
      ...(agentId === undefined ? [] : [{ agentId: await idsOf(ctx, Agent, [agentId]) }]),
      ...(teamId === undefined ? [] : [{ teamId: await idsOf(ctx, Team, [teamId]) }]),
      ...(createdByAgentId === undefined
        ? []
        : [{ createdByAgentId: await idsOf(ctx, Agent, [createdByAgentId]) }]),
      ...(companyId === undefined ? [] : [{ companyId: { eq: companyId } }]),
      ...(isArchived === undefined ? [] : [{ isArchived: { eq: isArchived } }]),
      ...(from === undefined ? [] : [{ openedBy: { contains: from } }]),
      ...(subject === undefined ? [] : [{ summary: { contains: subject } }]),
      ...(text === undefined ? [] : [{ words: { matches: text } }]),
    ],
  };
}

/** The cases of a query, by offset. Throws INVALID for sizes and orders that there are not. */
export async function searchCases(ctx: Context, query: CaseQuery): Promise<SupportCase[]> {
  const { limit = LIMIT, offset = 0, sort = [] } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > CASE_SEARCH_MAX)
    throw invalid({ limit: [`limit must be from 1 to ${CASE_SEARCH_MAX}, not ${limit}.`] });
  if (!Number.isInteger(offset) || offset < 0 || offset > OFFSET_MAX)
    throw invalid({ offset: [`offset must be from 0 to ${OFFSET_MAX}, not ${offset}.`] });
  const strange = sort.find(({ field }) => !CASE_SORTS.includes(field));
  if (strange) throw invalid({ sort: [`${strange.field} is no field to sort by.`] });
  const filter = await caseFilter(ctx, query);
  return ctx.repo(SupportCase).slice({ filter, limit, offset, ...(sort.length > 0 && { sort: [...sort] }) });
}
