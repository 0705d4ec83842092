import { uuidv7 } from 'uuidv7';
import type { Context } from './context';
import { asDomainError, type DomainError, invalid } from './error';

/** What becomes of the good rows of a bulk write when others are bad. */
export type ErrorPolicy = 'all_or_nothing' | 'skip_invalid';

/** Most rows of one bulk write. */
export const BULK_MAX = 1000;

/** What became of one row of a bulk write, by its place in the input. */
export interface RowOutcome<T> {
  index: number;
  /** The row that was written, or the one that it was matched with. */
  row: T | null;
  /** Whether the row was made by this write. */
  isNew: boolean;
  error: DomainError | null;
}

/** A row of a bulk write that was found good. */
export interface RowDraft {
  index: number;
  id: string;
  values: Record<string, unknown>;
}

/** How the rows of a bulk write are checked. */
export interface RowCheck {
  /** The values of an input in stored form; throws for a bad one. */
  parse: (input: object) => Record<string, unknown>;
  /** For each of the parsed values why it is refused, or undefined; may change the values. */
  refuse: (drafts: Record<string, unknown>[]) => Promise<(DomainError | undefined)[]>;
}

class BulkRefused extends Error {
  constructor(readonly outcomes: RowOutcome<never>[]) {
    super('rolled back');
  }
}

/** Checks the inputs; the good ones become drafts, the others outcomes with an error. */
export async function checkRows<T>(
  inputs: object[],
  outcomes: RowOutcome<T>[],
  { parse, refuse }: RowCheck,
): Promise<RowDraft[]> {
  const fail = (index: number, error: DomainError) =>
    outcomes.push({ index, row: null, isNew: false, error });
  const parsed: RowDraft[] = [];
  inputs.forEach((input, index) => {
    try {
      parsed.push({ index, id: uuidv7(), values: parse(input) });
    } catch (error) {
      fail(index, asDomainError(error));
    }
  });
  const refusals = await refuse(parsed.map(({ values }) => values));
  return parsed.filter(({ index }, at) => {
    const error = refusals[at];
    if (error) fail(index, error);
    return !error;
  });
}

/** Writes rows in one transaction, which is undone when the policy wants all and one is bad. */
export async function writeRows<T>(
  ctx: Context,
  policy: ErrorPolicy,
  write: (tx: Context) => Promise<RowOutcome<T>[]>,
): Promise<RowOutcome<T>[]> {
  try {
    return await ctx.transaction(async (tx) => {
      const outcomes = await write(tx);
      if (policy === 'all_or_nothing' && outcomes.some(({ error }) => error))
        throw new BulkRefused(outcomes as RowOutcome<never>[]);
      return outcomes;
    });
  } catch (error) {
    if (!(error instanceof BulkRefused)) throw error;
    return error.outcomes.map((outcome) => ({ ...outcome, row: null, isNew: false }));
  }
}

/** Throws INVALID unless there are 1 to {@link BULK_MAX} rows; `plural` is what they are. */
export function checkBulkSize(plural: string, inputs: readonly object[]): void {
  if (inputs.length > 0 && inputs.length <= BULK_MAX) return;
  throw invalid({ inputs: [`Give 1 to ${BULK_MAX} ${plural}, not ${inputs.length}.`] });
}
