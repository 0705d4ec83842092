import { Audience } from '../audience/audience.entity';
import { contacts } from '../contact/contact.service';
import type { Context } from '../context';
import { DomainError } from '../error';
import { rowEvent } from '../event';
import { Feed } from '../feed/feed.entity';
import { FormPage } from '../form-page/form-page.entity';
import { TRAP_FIELD } from '../form-page/form-page.rules';
import { leads } from '../lead/lead.service';
import { linkedIdsById } from '../links';
import type { BoundStore } from '../store';
import { isStorable } from '../text';
import { contactInputOf, leadInputOf } from './form-targets.rules';
import { checkFormValues, type FormValues } from './form-values.rules';
import { Submission } from './submission.entity';

/** What was sent to a page, and from where. */
export interface Sent {
  /** What was filled in, by the names of the fields. */
  given: Readonly<Record<string, unknown>>;
  /** Network address of the sender. */
  address: string | undefined;
  /** The site that the form was sent from. */
  origin: string | undefined;
}

const FIND = `
select form_page.account_id as "accountId", form_page.id as "pageId"
from form_page join account on account.id = form_page.account_id and account.is_active
where form_page.slug = $1 and form_page.status = 'published' and form_page.deleted_at is null`;

/** Whose page has the slug; undefined where the public may see none. For the public door, which knows no account. */
export async function findPublished(
  store: Pick<BoundStore, 'query'>,
  slug: string,
): Promise<{ accountId: string; pageId: string } | undefined> {
  if (!isStorable(slug)) return undefined;
  const values = [slug.toLowerCase()];
  const [found] = await store.query<{ accountId: string; pageId: string }>(FIND, values, 'published page');
  return found;
}

/** Whether something that only a program can see was filled in. */
export function isTrapped(given: Readonly<Record<string, unknown>>): boolean {
  return Object.hasOwn(given, TRAP_FIELD) && ![undefined, null, ''].includes(given[TRAP_FIELD] as string);
}

async function contactOf(ctx: Context, page: FormPage, values: FormValues): Promise<string | null> {
  if (!page.audienceId || !(await ctx.repo(Audience).find(page.audienceId))) return null;
  const groupIds = (await linkedIdsById(ctx, FormPage, [page.id])).get(page.id)?.groupIds ?? [];
  const input = { ...contactInputOf(page.fields, values), ...(groupIds.length > 0 && { groupIds }) };
  return (await contacts.upsertInto(ctx, page.audienceId, input)).contact.id;
}

async function leadOf(ctx: Context, page: FormPage, values: FormValues): Promise<string | null> {
  if (!page.feedId || !(await ctx.repo(Feed).find(page.feedId))) return null;
  const input = { ...leadInputOf(page.fields, values), feedId: page.feedId, source: page.name };
  return (await leads.create(ctx, input, { onDuplicate: 'match' })).id;
}

async function keep(ctx: Context, page: FormPage, values: FormValues, sent: Sent): Promise<Submission> {
  const contactId = await contactOf(ctx, page, values);
  const leadId = await leadOf(ctx, page, values);
  const sender = sent.address ? ctx.vault.hash(`${ctx.account.id} ${sent.address}`) : null;
  const origin = sent.origin?.slice(0, 255) ?? null;
  // Last, because counting it takes a lock that others wait for.
  const row = { pageId: page.id, values, contactId, leadId, sender, origin };
  const submission = await ctx.repo(Submission).insert(row);
  await ctx.emit(rowEvent(Submission, 'created', submission));
  return submission;
}

/** What the page names can go while it is sent: then it is worth another try, which finds it gone. */
function asPassing(thrown: unknown): unknown {
  if (!(thrown instanceof DomainError && /^(NOT_FOUND|CONFLICT|INVALID)$/.test(thrown.code))) return thrown;
  const message = 'It could not be kept at the moment: send it again.';
  return new DomainError('UNAVAILABLE', message, { cause: thrown, retryAfterSeconds: 1 });
}

/**
 * Keeps what was sent to a published page, with its contact and its lead, in one transaction. An audience or a feed
 * that is gone is left out. Throws INVALID with a sentence for each field.
 */
export async function submit(ctx: Context, page: FormPage, sent: Sent): Promise<Submission> {
  const { values, problems } = checkFormValues(page.fields, sent.given, ctx.account.defaultCountry);
  if (Object.keys(problems).length > 0)
    throw new DomainError('INVALID', 'Some fields are not filled in as they should be.', {
      fields: problems,
    });
  try {
    return await ctx.transaction((tx) => keep(tx, page, values, sent));
  } catch (thrown) {
    throw asPassing(thrown);
  }
}
