import type { Context } from '../context';
import type { TenantEntity } from '../entity';
import type { DomainError } from '../error';
import type { Changes } from '../event';
import type { ImportJob } from './import-job.entity';

/** The values of a row in stored form. */
export type Draft = Record<string, unknown>;

/** What the rows of a file become, and how one that is there is found; all within the open transaction. */
export interface ImportTarget<T extends TenantEntity = TenantEntity> {
  entity: abstract new () => T;
  /** The input of a row with what the job says of it, in stored form. Throws INVALID. */
  draftOf: (ctx: Context, job: ImportJob, input: Draft) => Draft;
  /** For each draft why it is refused, or undefined; may change the drafts. */
  refuse: (ctx: Context, drafts: Draft[]) => Promise<(DomainError | undefined)[]>;
  /** Keeps what it imports into from being deleted until the transaction ends; answers why it cannot be imported into. */
  hold: (ctx: Context, job: ImportJob) => Promise<string | undefined>;
  /** By what a draft is there already. */
  keyOf: (draft: Draft) => string;
  /** By what others would find the draft. */
  keysOf: (draft: Draft) => string[];
  /** Nothing in the database keeps it from standing twice: it has to be looked for first. */
  isLookedFor: (draft: Draft) => boolean;
  /** The rows that drafts are already, by their keys, locked. */
  twinsByKey: (ctx: Context, job: ImportJob, drafts: Draft[]) => Promise<Map<string, T>>;
  /** Why a row that is there is refused. */
  duplicateMessage: string;
  /** The part of the draft that changes a row that is there. */
  changesOf: (draft: Draft, twin: T) => Draft;
  /** The lists that a draft gives a new row, as events tell of them. */
  listsOf: (draft: Draft) => Draft;
  /** Writes these lists into their join tables. */
  link: (ctx: Context, drafts: { id: string; values: Draft }[]) => Promise<void>;
  /** Writes the lists that drafts give rows that are there, each once; answers what changed by their ids. */
  relink: (ctx: Context, duplicates: { twin: T; draft: Draft }[]) => Promise<Map<string, Changes>>;
  /** The rows as events tell of them, with their lists. */
  withLists: (ctx: Context, rows: T[]) => Promise<object[]>;
}
