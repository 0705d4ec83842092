import type { Context } from '../context';
import type { Filter } from '../filter';
import type { Page, PageRequest } from '../page';
import { attach } from '../related';
import type { Email } from './email.entity';
import { InboundEmail } from './inbound-email.entity';

/** Which of the e-mails that nobody has taken are wanted: parts of texts, upper and lower case alike. */
export interface UnassignedQuery {
  from?: string | null | undefined;
  subject?: string | null | undefined;
  content?: string | null | undefined;
}

/** An e-mail that came in with its contents. */
export type UnassignedRecord = InboundEmail & { email: Email };

const MATCHES_MAX = 10_000;

// The queue is what people work through by hand, so it is short; its e-mails are looked at one by one.
const MATCHES = `
select one.id from inbound_email one join email on email.account_id = one.account_id and email.id = one.email_id
where one.account_id = $1 and one.status = 'unassigned'
  and ($2::text is null or email."from" ilike $2 or email.from_name ilike $2)
  and ($3::text is null or email.subject ilike $3)
  and ($4::text is null or email.text ilike $4)
order by one.id desc limit ${MATCHES_MAX}`;

const partOf = (text: string | null | undefined) =>
  text ? `%${text.replaceAll('\u0000', '').replace(/[\\%_]/g, '\\$&')}%` : null;

async function unassignedFilter(ctx: Context, { from, subject, content }: UnassignedQuery): Promise<Filter> {
  const status = { status: { eq: 'unassigned' } };
  if (!from && !subject && !content) return status;
  const parts = [from, subject, content].map(partOf);
  const rows = await ctx.query<{ id: string }>(MATCHES, [ctx.account.id, ...parts], 'unassigned by part');
  // A filter takes lists of a hundred.
  const ids = rows.map(({ id }) => id);
  const lists = Array.from({ length: Math.ceil(ids.length / 100) }, (_, at) =>
    ids.slice(at * 100, at * 100 + 100),
  );
  return { and: [status, { or: lists.map((list) => ({ id: { in: list } })) }] };
}

/** One page of the queue. */
export async function unassignedPage(
  ctx: Context,
  query: UnassignedQuery,
  request: Omit<PageRequest, 'filter' | 'sort'>,
): Promise<Page<InboundEmail>> {
  return ctx.repo(InboundEmail).page({ ...request, filter: await unassignedFilter(ctx, query) });
}

/** A part of the queue by offset, each with its e-mail. */
export async function unassignedRecords(
  ctx: Context,
  query: UnassignedQuery,
  { limit, offset, direction = 'desc' }: { limit: number; offset: number; direction?: 'asc' | 'desc' },
): Promise<UnassignedRecord[]> {
  const filter = await unassignedFilter(ctx, query);
  const rows = await ctx
    .repo(InboundEmail)
    .slice({ filter, limit, offset, sort: { field: 'id', direction } });
  return (await attach(ctx, InboundEmail, rows, 'email')) as UnassignedRecord[];
}
