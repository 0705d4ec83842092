import type { Context } from '../context';
import { type Instant, parseInstant, toInstant } from '../datetime';
import { type DueOptions, eachFound } from '../due';
import type { RowRef } from '../entity';
import { DomainError, invalid } from '../error';
import { actorAuthor, authorOf } from './case-author';
import { type CaseChange, changeCase } from './case-change';
import { SupportCase } from './support-case.entity';

/** Until when a case is to be out of sight, and who says so. */
export interface SnoozeInput {
  /** Null brings it back. */
  until: string | null;
  authorId?: RowRef | null;
  /** What messages call the time. */
  field?: string;
}

const BATCH = 100;

const DUE = `
select account_id as "accountId", id from support_case
where snoozed_until <= $1 and deleted_at is null order by snoozed_until limit ${BATCH}`;

const WOKEN: Pick<CaseChange, 'values' | 'entries' | 'verbs'> = {
  values: { snoozedUntil: null },
  entries: [{ kind: 'snooze', title: 'Back' }],
  verbs: ['woken'],
};

/** Throws INVALID for a time that is none, or over. */
function futureInstant(ctx: Context, text: string, field: string): Instant {
  const instant = parseInstant(text);
  if (instant && instant > ctx.instant()) return instant;
  throw invalid({ [field]: ['A case is snoozed until a time to come, like 2026-01-31T14:30:00Z.'] });
}

/** Puts a case out of sight, or brings it back, in the open transaction. Throws INVALID, NOT_FOUND, CONFLICT for a closed one. */
export async function snoozeCase(
  ctx: Context,
  id: RowRef,
  { until, authorId, field = 'until' }: SnoozeInput,
): Promise<SupportCase> {
  const snoozedUntil = until === null ? null : futureInstant(ctx, until, field);
  const before = await ctx.repo(SupportCase).lock(id);
  const author = await authorOf(ctx, authorId);
  if (snoozedUntil === before.snoozedUntil) return before;
  if (snoozedUntil === null) return changeCase(ctx, before, { author, ...WOKEN });
  if (before.status === 'closed') throw new DomainError('CONFLICT', 'The case is closed: open it first.');
  return changeCase(ctx, before, {
    ...{ author, values: { snoozedUntil } },
    ...{ entries: [{ kind: 'snooze', title: `Until ${snoozedUntil}` }], verbs: ['snoozed'] },
  });
}

function wake(ctx: Context, id: string): Promise<boolean> {
  return ctx.transaction(async (tx) => {
    const before = await tx.repo(SupportCase).lockIfThere(id);
    if (!before?.snoozedUntil || before.snoozedUntil > tx.instant()) return false;
    await changeCase(tx, before, { author: actorAuthor(tx), ...WOKEN });
    return true;
  });
}

/** Brings cases back whose time has come, in every account; any number of processes may. Answers how many. */
export function endDueSnoozes(options: DueOptions): Promise<number> {
  return eachFound(options, { text: DUE, values: [toInstant(options.now())] }, wake);
}
