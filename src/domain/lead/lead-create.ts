import { checkRows, type RowDraft, type RowOutcome } from '../bulk';
import type { Context } from '../context';
import { DomainError, invalid } from '../error';
import { Feed } from '../feed/feed.entity';
import { missingReferences, parseInput } from '../input';
import { type InsertOptions, insertWithEvents } from '../insert-with-events';
import type { Projection } from '../projection';
import { notOwn } from '../view';
import { Lead } from './lead.entity';
import { splitName } from './lead.rules';
import { addTags } from './lead-tags';

/** What happens when a live lead of the feed has the phone number already. */
export type OnDuplicate = 'reject' | 'match' | 'allow';

/** How leads are created. */
export interface CreateOptions {
  /** They are rejected when not given. */
  onDuplicate?: OnDuplicate;
  /** The fields that the caller needs of them; undefined is all. */
  projection?: Projection | undefined;
}

function duplicateLead(): DomainError {
  return new DomainError('CONFLICT', 'Duplicate lead', {
    fields: { phone: ['Another lead of the feed has this phone number.'] },
  });
}

/** The input of a lead in stored form; without a feed it is the default feed’s. Throws INVALID. */
export function leadDraft(ctx: Context, input: object): Record<string, unknown> {
  const draft = parseInput(ctx, Lead, 'create', input);
  const names = typeof draft.name === 'string' ? splitName(draft.name) : {};
  const owner = ctx.agent && draft.ownerId === undefined ? { ownerId: ctx.agent.id } : {};
  return { ...draft, ...names, ...owner, feedId: draft.feedId ?? ctx.account.defaultFeedId };
}

/** For each draft why it is refused: what it refers to is missing, or its feed is of another kind. */
export async function leadRefusals(
  ctx: Context,
  drafts: Record<string, unknown>[],
): Promise<(DomainError | undefined)[]> {
  // The default feed is never deleted.
  const missing = await missingReferences(ctx, Lead, drafts, new Map([[Feed, ctx.account.defaultFeedId]]));
  const mismatched = await feedKindErrors(ctx, drafts);
  return missing.map((error, at) => error ?? mismatched[at]);
}

const KINDS_OF_FEEDS = `select "id", "kind" from feed where "account_id" = $1 and "id" = any($2)`;

/** For each draft with a feedKind the error that its feed (`feedId`) is of another kind. */
export async function feedKindErrors(
  ctx: Context,
  drafts: Record<string, unknown>[],
): Promise<(DomainError | undefined)[]> {
  const guarded = drafts.filter(({ feedKind }) => feedKind);
  if (guarded.length === 0) return [];
  const ids = [...new Set(guarded.map(({ feedId }) => feedId))];
  const feeds = await ctx.query<{ id: string; kind: string }>(
    KINDS_OF_FEEDS,
    [ctx.account.id, ids],
    'feed kinds',
  );
  const kindById = new Map(feeds.map(({ id, kind }) => [id, kind]));
  return drafts.map(({ feedKind, feedId }) => {
    if (!feedKind || kindById.get(feedId as string) === feedKind) return undefined;
    return invalid({ feedKind: [`Kind ${feedKind} does not match the target’s kind.`] });
  });
}

const tagNamesOf = ({ values }: RowDraft) => (values.tagNames as string[] | undefined) ?? [];

/** Inserts drafts with their tags and events; those whose number is taken are missing from the answer. */
async function insertDrafts(
  ctx: Context,
  drafts: RowDraft[],
  { isDuplicate, ...options }: InsertOptions & { isDuplicate: boolean },
): Promise<Map<string, Lead>> {
  // In one order for all, so that two bulk writes of the same numbers never wait for one another.
  const keyOf = ({ values }: RowDraft) => `${values.feedId} ${values.phone}`;
  const rows = drafts
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((draft) => ({
      id: draft.id,
      values: { ...draft.values, isDuplicate },
      lists: { tagNames: tagNamesOf(draft) },
    }));
  const made = await insertWithEvents(ctx, Lead, rows, options);
  const madeById = new Map(made.map((lead) => [lead.id, lead]));
  const tagged = drafts.filter((draft) => madeById.has(draft.id) && tagNamesOf(draft).length > 0);
  await addTags(ctx, new Map(tagged.map((draft) => [draft.id, tagNamesOf(draft)])));
  return madeById;
}

/** The live lead that a draft is refused for. */
function findTwin(ctx: Context, { values }: RowDraft): Promise<Lead | undefined> {
  return ctx.repo(Lead).findBy({ feedId: values.feedId as string, phone: values.phone as string });
}

/** Why a draft is not written: the number is taken, or it was to be matched with a lead that is another agent's. */
async function refusalOf(ctx: Context, draft: RowDraft, onDuplicate: OnDuplicate): Promise<DomainError> {
  const isMatch = onDuplicate === 'match' && ctx.view.agentId !== undefined;
  return isMatch && (await findTwin(ctx.forAccount(), draft)) ? notOwn('Lead', 'phone') : duplicateLead();
}

/**
 * Writes leads in the open transaction and answers an outcome for each input, in order. The first lead of a
 * number in its feed takes the unique index `lead_phone_once`, so two requests at once cannot both win.
 */
export async function writeLeads(
  ctx: Context,
  inputs: object[],
  { onDuplicate = 'reject', projection }: CreateOptions,
): Promise<RowOutcome<Lead>[]> {
  const outcomes: RowOutcome<Lead>[] = [];
  const drafts = await checkRows(inputs, outcomes, {
    parse: (input) => leadDraft(ctx, input),
    refuse: (values) => leadRefusals(ctx, values),
  });
  // Nothing follows a lead alone that could undo it, or that is asked.
  const hasTags = drafts.some((draft) => tagNamesOf(draft).length > 0);
  const isLast = inputs.length === 1 && !hasTags && onDuplicate === 'reject';
  const created = await insertDrafts(ctx, drafts, { isDuplicate: false, projection, isLast });
  const refused = drafts.filter(({ id }) => !created.has(id));
  if (onDuplicate === 'allow') {
    for (const [id, lead] of await insertDrafts(ctx, refused, { isDuplicate: true, projection }))
      created.set(id, lead);
  }
  for (const draft of drafts) {
    const row = created.get(draft.id) ?? (onDuplicate === 'match' ? await findTwin(ctx, draft) : undefined);
    const error = row ? null : await refusalOf(ctx, draft, onDuplicate);
    outcomes.push({ index: draft.index, row: row ?? null, isNew: created.has(draft.id), error });
  }
  return outcomes.sort((a, b) => a.index - b.index);
}
