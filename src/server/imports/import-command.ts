import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SingleBar } from 'cli-progress';
import { Audience } from '../../domain/audience/audience.entity';
import type { Context } from '../../domain/context';
import { Feed } from '../../domain/feed/feed.entity';
import { finishJob } from '../../domain/import-job/import-batch';
import type { ImportJob, ImportKind } from '../../domain/import-job/import-job.entity';
import { importJobs } from '../../domain/import-job/import-job.service';
import { ImportFiles } from './import-files';
import { runImport } from './import-runner';

/** What the command line says of an import. */
export interface ImportCommand {
  kind: ImportKind;
  path: string;
  dataDir: string;
  audience?: string | undefined;
  feed?: string | undefined;
  /** `Title=field`. */
  map: string[];
  'on-duplicate': string;
}

interface CommandScreen {
  bar: Pick<SingleBar, 'start' | 'update' | 'stop'>;
  isInterrupted: () => boolean;
}

function mappingOf(pairs: string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const at = pair.lastIndexOf('=');
    if (at < 1) throw new Error(`--map must be TITLE=FIELD, not ${pair}.`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

/** The account’s audience or feed of the name. Throws a sentence when there is none, or more than one. */
async function idByName(ctx: Context, entity: typeof Audience | typeof Feed, name: string): Promise<string> {
  const filter = { name: { eq: name } };
  const [found, other] = await ctx.repo<Audience | Feed>(entity).slice({ filter, limit: 2, offset: 0 });
  const label = entity === Audience ? 'audience' : 'feed';
  if (!found) throw new Error(`There is no ${label} ${name}.`);
  if (other) throw new Error(`There is more than one ${label} ${name}.`);
  return found.id;
}

async function openJob(ctx: Context, command: ImportCommand): Promise<ImportJob> {
  const { kind, path, audience, feed, map, 'on-duplicate': onDuplicate } = command;
  const input = { fileName: basename(path), mapping: mappingOf(map), onDuplicate };
  if (kind === 'leads') {
    const feedId = feed === undefined ? undefined : await idByName(ctx, Feed, feed);
    return (await importJobs.importLeads(ctx, { ...input, feedId })).importJob;
  }
  if (audience === undefined)
    throw new Error('Name the audience that the contacts come into: --audience NAME.');
  const audienceId = await idByName(ctx, Audience, audience);
  return (await importJobs.importContacts(ctx, { ...input, audienceId })).importJob;
}

function reportOf({ status, imported, updated, skipped, failed, error }: ImportJob, results: string): string {
  const counts = `${imported} imported, ${updated} updated, ${skipped} skipped, ${failed} failed`;
  const why = error ? ` ${error}` : '';
  return `The import is ${status}: ${counts}.${why}\nWhat became of each row: ${results}`;
}

/**
 * Imports a file from the command line and answers what to tell at its end. Interrupted, it ends behind the last
 * batch and the job is cancelled; killed, a server goes on with it.
 */
export async function importFile(
  ctx: Context,
  command: ImportCommand,
  { bar, isInterrupted }: CommandScreen,
): Promise<string> {
  const file = await stat(command.path).catch(() => undefined);
  if (!file?.isFile()) throw new Error(`There is no file ${command.path}.`);
  const files = new ImportFiles(command.dataDir);
  const owner = randomUUID();
  const { id } = await openJob(ctx, command);
  const stored = await files.store(createReadStream(command.path));
  const job = await importJobs.start(ctx, id, stored, owner);
  bar.start(job.fileBytes, 0, { rows: 0 });
  const options = { files, owner, isStopping: isInterrupted, isKeptOnStop: true };
  const onProgress = ({ bytesDone, total }: ImportJob) => bar.update(bytesDone, { rows: total });
  const after = await runImport(ctx, job, { ...options, onProgress }).finally(() => bar.stop());
  const ended = after.finishedAt ? after : await finishJob(ctx, id, owner, { status: 'cancelled' });
  if (ended.finishedAt) await files.remove(stored.storedAs);
  return reportOf(ended, files.resultsPath(id));
}
