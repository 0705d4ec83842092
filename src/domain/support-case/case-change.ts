import type { Context } from '../context';
import { type Changes, changesBetween, rowEvent } from '../event';
import { withLinks } from '../links';
import { visibleOf } from '../table';
import { shorten } from '../text';
import type { Author } from './case-author';
import { CaseEntry } from './case-entry.entity';
import type { CaseVerb } from './case-verb';
import { SupportCase } from './support-case.entity';

/** An entry of the history before it is written. */
export type EntryDraft = Pick<CaseEntry, 'kind'> &
  Partial<Pick<CaseEntry, 'title' | 'body' | 'emailId' | 'chatId'>>;

/** What becomes of a case, in one write. */
export interface CaseChange {
  author: Author;
  /** Values of its columns. */
  values?: Partial<SupportCase>;
  /** What the history gets, oldest first. */
  entries: EntryDraft[];
  /** Events besides `updated`. */
  verbs?: readonly CaseVerb[];
  /** What has changed in join tables. */
  joined?: Changes;
}

const TITLE_MAX = 255;

/** Writes entries into the history of a case, each with its event. */
export async function writeEntries(
  ctx: Context,
  caseId: string,
  author: Author,
  entries: EntryDraft[],
): Promise<void> {
  const rows = entries.map(({ title = '', body = '', ...entry }) => ({
    ...{ ...entry, ...author, caseId, body },
    title: shorten(title, TITLE_MAX),
  }));
  const made = await ctx.repo(CaseEntry).insertMany(rows);
  await ctx.emit(...made.map((entry) => rowEvent(CaseEntry, 'created', entry)));
}

/**
 * Changes a locked case: columns, history and events in the open transaction. Any entry counts as a change of the
 * case, so that `updatedAt` tells when something was last heard of it.
 */
export async function changeCase(
  ctx: Context,
  before: SupportCase,
  change: CaseChange,
): Promise<SupportCase> {
  const { author, values = {}, entries, verbs = [], joined = {} } = change;
  const columns = visibleOf(SupportCase, changesBetween(before, { ...before, ...values }));
  const changes = { ...columns, ...joined };
  const isChanged = Object.keys(changes).length > 0;
  if (!isChanged && entries.length === 0 && verbs.length === 0) return before;
  await writeEntries(ctx, before.id, author, entries);
  const after = await ctx.repo(SupportCase).update(before.id, values);
  const shown = await withLinks(ctx, SupportCase, after);
  const told = isChanged || verbs.length === 0 ? ['updated' as const, ...verbs] : verbs;
  await ctx.emit(...told.map((verb) => rowEvent(SupportCase, verb, shown, changes)));
  return after;
}
