import { Audience } from '../audience/audience.entity';
import type { Context } from '../context';
import type { Actor } from '../context-seed';
import { type Crud, crud, saveChanges } from '../crud';
import { type Instant, toInstant } from '../datetime';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { Feed } from '../feed/feed.entity';
import { EnumField, JsonField, ReferenceField, TextField } from '../field';
import { checkReferences, parseInput } from '../input';
import type { Store } from '../store';
import { tableOf } from '../table';
import type { Vault } from '../vault';
import { endJob, leaseEnd, targetOf } from './import-batch';
import { isImportable } from './import-columns.rules';
import { type ImportDuplicates, ImportJob, type ImportKind, importDuplicates } from './import-job.entity';

const OPTIONAL = { inputOnly: true } as const;
const MAPPING =
  'Which field a column is, by the column’s title: { "Mail": "email", "Plan": "customFields.plan" }; an empty text passes it over. Titles that say it, such as First name, need none.';

abstract class StartImport {
  @JsonField(MAPPING, OPTIONAL)
  mapping?: Record<string, unknown>;

  @EnumField(importDuplicates, 'What becomes of rows that are there; they are passed over when not given.', {
    ...OPTIONAL,
  })
  onDuplicate?: ImportDuplicates;

  @TextField('Name of the file, for people.', { ...OPTIONAL, nullable: true })
  fileName?: string | null;
}

/** An import of contacts. */
export class ImportContacts extends StartImport {
  @ReferenceField(() => Audience, 'The audience that they come into.', { ...OPTIONAL, required: true })
  audienceId!: string;
}

/** An import of leads. */
export class ImportLeads extends StartImport {
  @ReferenceField(() => Feed, 'The feed that they come into; the default feed when not given.', OPTIONAL)
  feedId?: string;
}

/** A job that waits for its file, and where that is sent to. */
export interface OpenedImport {
  importJob: ImportJob;
  /** Path below the address of this installation; who knows it may upload the file. */
  uploadPath: string;
}

const placeOf = (id: string) => `import upload ${id}`;

/** The account of a job whose upload address has this token; undefined for one that was not made here. */
export function readUploadToken(vault: Vault, id: string, token: string): string | undefined {
  try {
    return vault.decrypt(token, placeOf(id.toLowerCase()));
  } catch {
    return undefined;
  }
}

function checkMapping(kind: ImportKind, mapping: Record<string, unknown>): void {
  const { entity } = targetOf({ kind } as ImportJob);
  for (const [title, field] of Object.entries(mapping)) {
    if (field === '' || (typeof field === 'string' && isImportable(entity, field))) continue;
    throw invalid({
      mapping: [
        `The mapping says that “${title}” is ${JSON.stringify(field)}, which is no field of ${kind}.`,
      ],
    });
  }
}

async function open(
  ctx: Context,
  kind: ImportKind,
  target: { audienceId: string } | { feedId: string },
  { mapping = {}, onDuplicate = 'skip', fileName = null }: StartImport,
): Promise<OpenedImport> {
  checkMapping(kind, mapping);
  const importJob = await ctx.transaction(async (tx) => {
    const job = await tx.repo(ImportJob).insert({
      ...{ kind, ...target, onDuplicate, fileName, status: 'uploading', actor: { ...tx.actor } },
      mapping: Object.fromEntries(
        Object.entries(mapping).map(([title, field]) => [title.trim(), String(field)]),
      ),
      ...{ fileBytes: 0, bytesDone: 0, resultsBytes: 0 },
      ...{ total: 0, imported: 0, updated: 0, skipped: 0, failed: 0 },
    });
    await tx.emit(rowEvent(ImportJob, 'created', job));
    return job;
  });
  const token = ctx.vault.encrypt(ctx.account.id, placeOf(importJob.id));
  return { importJob, uploadPath: `/imports/${importJob.id}?token=${token}` };
}

const base: Crud<ImportJob> = crud(ImportJob);

/** Imports of CSV files. */
export const importJobs = {
  get: base.get,
  page: base.page,

  /** Opens an import of contacts into an audience. Throws INVALID for a bad mapping, NOT_FOUND for the audience. */
  async importContacts(ctx: Context, input: object): Promise<OpenedImport> {
    ctx.require('importJobs:write');
    ctx.require('contacts:write');
    const given = parseInput(ctx, ImportContacts, 'create', input);
    await checkReferences(ctx, ImportContacts, given);
    const { audienceId, ...rest } = given as unknown as ImportContacts;
    return open(ctx, 'contacts', { audienceId }, rest);
  },

  /** Opens an import of leads into a feed. Throws INVALID for a bad mapping, NOT_FOUND for the feed. */
  async importLeads(ctx: Context, input: object): Promise<OpenedImport> {
    ctx.require('importJobs:write');
    ctx.require('leads:write');
    const given = parseInput(ctx, ImportLeads, 'create', input);
    await checkReferences(ctx, ImportLeads, given);
    const { feedId = ctx.account.defaultFeedId, ...rest } = given as unknown as ImportLeads;
    return open(ctx, 'leads', { feedId }, rest);
  },

  /** Stops an import after the rows that are being written; what was imported stays. Throws CONFLICT when it is over. */
  async cancel(ctx: Context, id: string): Promise<ImportJob> {
    ctx.require('importJobs:write');
    return ctx.transaction(async (tx) => {
      const job = await tx.repo(ImportJob).lock(id);
      if (job.finishedAt)
        throw new DomainError('CONFLICT', `The import is over: it is ${job.status} already.`);
      return endJob(tx, job, { status: 'cancelled' });
    });
  },

  /** The job that waits for its file. Throws NOT_FOUND, and CONFLICT when it has it. */
  async waiting(ctx: Context, id: string): Promise<ImportJob> {
    ctx.require('importJobs:write');
    const job = await ctx.repo(ImportJob).get(id);
    if (job.status !== 'uploading') throw hasFile(job);
    return job;
  },

  /** Gives a job its file, from which on it runs; the owner is who works on it, if that is known. */
  async start(
    ctx: Context,
    id: string,
    { storedAs, bytes }: { storedAs: string; bytes: number },
    owner?: string,
  ): Promise<ImportJob> {
    return ctx.transaction(async (tx) => {
      const job = await tx.repo(ImportJob).lock(id);
      if (job.status !== 'uploading') throw hasFile(job);
      return saveChanges(tx, ImportJob, job, {
        ...{ status: 'running', storedAs, fileBytes: bytes, startedAt: tx.instant() },
        ...(owner && { leaseOwner: owner, leaseUntil: leaseEnd(tx.now()) }),
      });
    });
  },
};

function hasFile({ status }: ImportJob): DomainError {
  return new DomainError('CONFLICT', `The import takes no file: it is ${status} already.`);
}

const CLAIM = `
update import_job set "lease_owner" = $1, "lease_until" = $3
where ("account_id", "id") in (
  select "account_id", "id" from import_job
  where "status" = 'running' and ("lease_until" is null or "lease_until" < $2)
    and exists (select from account where account.id = import_job.account_id and is_active)
  order by "created_at" limit 1 for update skip locked)
returning ${tableOf(ImportJob).selectList}`;

/** Takes the oldest job that nobody works on, of whatever account; undefined when there is none. */
export async function claimJob(store: Store, owner: string, now: Date): Promise<ImportJob | undefined> {
  const at: Instant = toInstant(now);
  const [job] = await store.acrossAccounts.query<ImportJob & Record<string, unknown>>(CLAIM, [
    owner,
    at,
    leaseEnd(now),
  ]);
  return job;
}

/** Who imports, as the change log names them. */
export function actorOf({ actor }: ImportJob): Actor {
  return actor as unknown as Actor;
}
