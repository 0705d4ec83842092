import { type ContactStatus, contactStatus } from '../contact/contact.entity';
import type { Context } from '../context';

/** How an audience stands now. */
export interface AudienceStats {
  contactCount: number;
  emailCount: number;
  phoneCount: number;
  groupCount: number;
  /** How many contacts have each status. */
  statusCounts: { status: ContactStatus; count: number }[];
}

// Those that may not be written to are the few, and have an index; the others are the rest of the counter.
const STATS = `
with other as (
  select status, count(*)::int as count from contact
  where account_id = $1 and audience_id = $2 and status <> 'subscribed' group by status
)
select contact_count as "contactCount", email_count as "emailCount", phone_count as "phoneCount",
  (select count(*)::int from audience_group where account_id = $1 and audience_id = $2) as "groupCount",
  (select coalesce(json_object_agg(status, count), '{}') from other) as "others"
from audience where account_id = $1 and id = $2`;

type StatsRow = Omit<AudienceStats, 'statusCounts'> & { others: Partial<Record<ContactStatus, number>> };

/** How the audience stands now: one statement, so all numbers are of the same moment. */
export async function readStats(ctx: Context, audienceId: string): Promise<AudienceStats | undefined> {
  const values = [ctx.account.id, audienceId];
  const [row] = await ctx.query<StatsRow & Record<string, unknown>>(STATS, values, 'audience stats');
  if (!row) return undefined;
  const { others, ...counts } = row;
  const rest = Object.values(others).reduce((sum, count) => sum + count, 0);
  const countOf = (status: ContactStatus) =>
    status === 'subscribed' ? row.contactCount - rest : (others[status] ?? 0);
  return {
    ...counts,
    statusCounts: contactStatus.values.map((status) => ({ status, count: countOf(status) })),
  };
}
