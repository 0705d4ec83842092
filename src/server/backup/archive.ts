import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { extract, type Pack, pack } from 'tar-stream';
import { z } from 'zod';

const manifest = z.object({
  format: z.literal('switchboard-backup'),
  version: z.literal(1),
  createdAt: z.string(),
  /** Names of the migrations that made the tables, in order. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()) })),
  /** Tells whether a secret is the one that keys are hashed with. */
  secretMark: z.string(),
  /** The secret itself, where the installation made it. */
  secret: z.string().optional(),
});

const ending = z.object({
  /** Number of rows by table. */
  rows: z.record(z.string(), z.number()),
  /** Highest numbers that sequences have handed out; null for one that has handed out none. */
  sequences: z.record(z.string(), z.string().nullable()),
  sha256: z.string(),
});

/** What a backup says of itself before its rows. */
export type Manifest = z.infer<typeof manifest>;
/** What a backup says of itself behind its rows. */
export type Ending = z.infer<typeof ending>;
/** A part of a backup; the rows of a table come in several, in COPY’s text format. */
export type Part =
  | { kind: 'manifest'; manifest: Manifest }
  | { kind: 'rows'; table: string; bytes: Buffer }
  | { kind: 'ending'; ending: Ending };

const MANIFEST = 'manifest.json';
const ENDING = 'ending.json';
const PART_MAX_BYTES = 16_777_216;
const GZIP_LEVEL = 1;

const hashOver = () => {
  const hash = createHash('sha256');
  return {
    add: (name: string, bytes: Buffer) => hash.update(`${name}\0${bytes.length}\0`).update(bytes),
    end: () => hash.digest('hex'),
  };
};

/** A backup that is being written: a tar file, compressed; it has its name only when it is complete. */
export class ArchiveWriter {
  private readonly hash = hashOver();
  private readonly packing: Pack = pack();
  private readonly written: Promise<void>;
  private parts = 0;

  private constructor(
    private readonly file: string,
    target: WriteStream,
  ) {
    this.written = pipeline(this.packing, createGzip({ level: GZIP_LEVEL }), target);
    // Whoever adds a part hears of it too.
    this.written.catch(() => {});
  }

  /** Begins a file that only its owner reads. */
  static async create(file: string): Promise<ArchiveWriter> {
    const unfinished = `${file}.unfinished`;
    await rm(unfinished, { force: true });
    const target = createWriteStream(unfinished, { flags: 'wx', mode: 0o600, flush: true });
    await once(target, 'open');
    return new ArchiveWriter(file, target);
  }

  addManifest(written: Manifest): Promise<void> {
    return this.add(MANIFEST, Buffer.from(JSON.stringify(written, null, 2)));
  }

  addRows(table: string, bytes: Buffer): Promise<void> {
    this.parts += 1;
    return this.add(`rows/${String(this.parts).padStart(8, '0')}/${table}.copy`, bytes);
  }

  /** Completes the file and answers its size in bytes. */
  async finish(end: Omit<Ending, 'sha256'>): Promise<number> {
    await this.add(ENDING, Buffer.from(JSON.stringify({ ...end, sha256: this.hash.end() })), false);
    this.packing.finalize();
    await this.written;
    const { size } = await stat(`${this.file}.unfinished`);
    await rename(`${this.file}.unfinished`, this.file);
    return size;
  }

  /** Gives the file up. */
  async abandon(): Promise<void> {
    this.packing.destroy();
    await this.written.catch(() => {});
    await rm(`${this.file}.unfinished`, { force: true });
  }

  private async add(name: string, bytes: Buffer, isHashed = true): Promise<void> {
    if (isHashed) this.hash.add(name, bytes);
    const taken = new Promise<void>((resolve, reject) => {
      this.packing.entry({ name, mode: 0o600 }, bytes, (error) => (error ? reject(error) : resolve()));
    });
    await Promise.race([taken, this.written.then(() => taken)]);
  }
}

async function bytesOf(entry: AsyncIterable<Buffer>, size = 0): Promise<Buffer> {
  if (size > PART_MAX_BYTES) throw new Error('a part is too large');
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function partOf(name: string, bytes: Buffer): Part {
  const table = /^rows\/\d+\/(\w+)\.copy$/.exec(name)?.[1];
  if (table) return { kind: 'rows', table, bytes };
  const json = JSON.parse(bytes.toString('utf8'));
  if (name === MANIFEST) return { kind: 'manifest', manifest: manifest.parse(json) };
  if (name === ENDING) return { kind: 'ending', ending: ending.parse(json) };
  throw new Error(`${name} is unknown`);
}

/**
 * The parts of a backup in order: manifest, rows, ending. Throws when the file is no backup, is cut off or was
 * changed; only behind the last part is it known to be whole.
 */
export async function* readArchive(file: string): AsyncGenerator<Part> {
  const hash = hashOver();
  const unpacking = extract();
  const reading = pipeline(createReadStream(file), createGunzip(), unpacking);
  reading.catch(() => {});
  let last: Part['kind'] | undefined;
  try {
    for await (const entry of unpacking) {
      const { name, size } = entry.header;
      const bytes = await bytesOf(entry as AsyncIterable<Buffer>, size);
      const part = partOf(name, bytes);
      if ((part.kind === 'manifest') !== (last === undefined) || last === 'ending')
        throw new Error('its parts are out of order');
      if (part.kind !== 'ending') hash.add(name, bytes);
      else if (part.ending.sha256 !== hash.end()) throw new Error('its checksum is wrong');
      last = part.kind;
      yield part;
    }
    await reading;
    if (last !== 'ending') throw new Error('its end is missing');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
      throw new Error(`The file ${file} cannot be read: ${message}.`, { cause });
    // What is wrong with JSON is told with a piece of it, which may have several lines.
    const why = message.replace(/\s+/g, ' ');
    throw new Error(`${file} is no backup, or is damaged: ${why}. Nothing was changed.`, { cause });
  } finally {
    unpacking.destroy();
  }
}
