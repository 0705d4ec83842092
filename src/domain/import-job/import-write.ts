import { uuidv7 } from 'uuidv7';
import type { RowDraft } from '../bulk';
import type { Context } from '../context';
import type { TenantEntity } from '../entity';
import { type Changes, changesBetween, rowEvent } from '../event';
import { insertWithEvents } from '../insert-with-events';
import { tableOf, visibleOf } from '../table';
import type { ImportJob } from './import-job.entity';
import { updateMany } from './import-rows';
import type { Draft, ImportTarget } from './import-target';

/** A row of a file: its number, behind the titles from 1, and its input, or why it could not be read. */
export type FileRow = { row: number } & ({ input: Draft } | { fault: string });

/** What became of a row of a file. */
export interface FileRowOutcome {
  row: number;
  outcome: 'imported' | 'updated' | 'unchanged' | 'skipped' | 'failed';
  /** The contact or lead. */
  id: string | null;
  message: string;
}

const ID = new Set(['id']);

interface Duplicate {
  draft: RowDraft;
  twin: TenantEntity;
}

// Rows that others write and delete at the same moment are tried again, not for ever.
const ROUNDS_MAX = 20;
const CONTENDED = 'Others were writing it at the same moment: import the row again.';

/** One batch of rows on its way into the tables; all of it in one transaction. */
class BatchWriter {
  readonly outcomes: FileRowOutcome[] = [];

  constructor(
    private readonly ctx: Context,
    private readonly job: ImportJob,
    private readonly target: ImportTarget,
    private readonly rowNumbers: readonly number[],
  ) {}

  private tell(
    { index }: RowDraft,
    outcome: FileRowOutcome['outcome'],
    id: string | null,
    message = '',
  ): void {
    this.outcomes.push({ row: this.rowNumbers[index] as number, outcome, id, message });
  }

  async write(drafts: RowDraft[]): Promise<void> {
    let pending = drafts;
    for (let round = 0; pending.length > 0 && round < ROUNDS_MAX; round++) {
      pending = await this.writeRound(pending, round === 0);
    }
    for (const draft of pending) this.tell(draft, 'failed', null, CONTENDED);
  }

  /** Inserts what is new and decides on what is there; answers the rows that have to be looked at again. */
  private async writeRound(pending: RowDraft[], isFirst: boolean): Promise<RowDraft[]> {
    const { keyOf, keysOf, isLookedFor } = this.target;
    // Changes come in the order of the rows; for what is only passed over, the insert finds out for less.
    const isLooking = !isFirst || this.job.onDuplicate === 'update';
    const wanted = pending.map(({ values }) => values).filter((values) => isLooking || isLookedFor(values));
    const twins =
      wanted.length > 0
        ? await this.target.twinsByKey(this.ctx, this.job, wanted)
        : new Map<string, TenantEntity>();
    const [fresh, duplicates]: [RowDraft[], Duplicate[]] = [[], []];
    const taken = new Set<string>();
    const later = new Set<RowDraft>();
    for (const draft of pending) {
      const key = keyOf(draft.values);
      const twin = twins.get(key);
      if (twin) duplicates.push({ draft, twin });
      else if (taken.has(key)) later.add(draft);
      else {
        fresh.push(draft);
        for (const one of keysOf(draft.values)) taken.add(one);
      }
    }
    for (const refused of await this.insert(fresh)) later.add(refused);
    await this.decide(duplicates);
    return pending.filter((draft) => later.has(draft));
  }

  /** Inserts the rows with their events; answers those that are there. */
  private async insert(fresh: RowDraft[]): Promise<RowDraft[]> {
    if (fresh.length === 0) return [];
    const { entity, keyOf, listsOf, link } = this.target;
    // In one order for all, so that two writes of the same keys never wait for one another.
    const keyed = fresh.map((draft) => ({ draft, key: keyOf(draft.values) }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
    const rows = keyed.map(({ draft: { id, values } }) => ({ id, values, lists: listsOf(values) }));
    const made = new Set(
      (await insertWithEvents(this.ctx, entity, rows, { projection: ID })).map(({ id }) => id),
    );
    const inserted = fresh.filter(({ id }) => made.has(id));
    await link(this.ctx, inserted);
    for (const draft of inserted) this.tell(draft, 'imported', draft.id);
    return fresh.filter(({ id }) => !made.has(id));
  }

  private async decide(duplicates: Duplicate[]): Promise<void> {
    if (this.job.onDuplicate === 'update') return this.update(duplicates);
    const { duplicateMessage } = this.target;
    const outcome = this.job.onDuplicate === 'skip' ? 'skipped' : 'failed';
    for (const { draft, twin } of duplicates) this.tell(draft, outcome, twin.id, duplicateMessage);
  }

  /** Changes what is there, a row of the file at a time for each, so that every row is a change of its own. */
  private async update(duplicates: Duplicate[]): Promise<void> {
    const current = new Map(duplicates.map(({ twin }) => [twin.id, twin]));
    let left = duplicates;
    while (left.length > 0) {
      const seen = new Set<string>();
      const pass: Duplicate[] = [];
      const later: Duplicate[] = [];
      for (const one of left) {
        (seen.has(one.twin.id) ? later : pass).push(one);
        seen.add(one.twin.id);
      }
      await this.updatePass(pass, current);
      left = later;
    }
  }

  private async updatePass(pass: Duplicate[], current: Map<string, TenantEntity>): Promise<void> {
    const { entity, changesOf, relink, withLists } = this.target;
    const changesById = new Map<string, Changes>();
    const [changed, fields]: [TenantEntity[], Set<string>] = [[], new Set()];
    const relinked = await relink(
      this.ctx,
      pass.map(({ draft, twin }) => ({ twin, draft: draft.values })),
    );
    for (const { draft, twin } of pass) {
      const before = current.get(twin.id) as TenantEntity;
      const given = Object.entries(changesOf(draft.values, before));
      const after = { ...before, ...Object.fromEntries(given.filter(([name]) => isColumn(entity, name))) };
      const columns = changesBetween(before, after);
      const changes = { ...visibleOf(entity, columns), ...relinked.get(twin.id) };
      const isChanged = Object.keys(changes).length > 0;
      this.tell(draft, isChanged ? 'updated' : 'unchanged', twin.id);
      if (!isChanged) continue;
      changesById.set(twin.id, changes);
      changed.push(after);
      for (const name of Object.keys(columns)) fields.add(name);
    }
    const rows = await updateMany(this.ctx, entity, changed, [...fields]);
    for (const row of rows) current.set(row.id, row);
    const ordered = changed.map(({ id }) => current.get(id) as TenantEntity);
    const told = (await withLists(this.ctx, ordered)) as TenantEntity[];
    await this.ctx.emit(...told.map((row) => rowEvent(entity, 'updated', row, changesById.get(row.id))));
  }
}

function isColumn(entity: ImportTarget['entity'], name: string): boolean {
  return tableOf(entity).fields.has(name);
}

/** Writes the rows in the open transaction with their events, and answers what became of each, in order. */
export async function writeFileRows(
  ctx: Context,
  job: ImportJob,
  target: ImportTarget,
  rows: readonly FileRow[],
): Promise<FileRowOutcome[]> {
  const outcomes: FileRowOutcome[] = [];
  const fail = (row: number, message: string) => outcomes.push({ row, outcome: 'failed', id: null, message });
  const drafts: RowDraft[] = [];
  rows.forEach((one, index) => {
    if ('fault' in one) fail(one.row, one.fault);
    else drafts.push({ index, id: uuidv7(), values: one.input });
  });
  const refusals = await target.refuse(
    ctx,
    drafts.map(({ values }) => values),
  );
  const good = drafts.filter(({ index }, at) => {
    const refusal = refusals[at];
    if (refusal) fail(rows[index]?.row as number, messageOf(refusal));
    return !refusal;
  });
  const writer = new BatchWriter(
    ctx,
    job,
    target,
    rows.map(({ row }) => row),
  );
  await writer.write(good);
  return [...outcomes, ...writer.outcomes].sort((a, b) => a.row - b.row);
}

/** Everything that an error says is wrong with a row. */
export function messageOf({
  message,
  fields,
}: {
  message: string;
  fields?: Record<string, string[]> | undefined;
}): string {
  const all = Object.values(fields ?? {}).flat();
  return all.length > 0 ? all.join(' ') : message;
}
