import { isUtf8 } from 'node:buffer';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';

/** Most bytes of one row. */
const ROW_MAX_BYTES = 262_144;

const QUOTE = 0x22;
const NEWLINES = [0x0a, 0x0d];
const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const UTF16_BOMS = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const DELIMITERS = [',', ';', '\t'];
const HEAD_BYTES = 65_536;

/** A row of a CSV file, and where the next one begins. */
export interface CsvRecord {
  cells: string[];
  endByte: number;
  /** Why it cannot be read; it has no cells then. */
  fault?: string;
}

/** Where the rows of a file begin, and what stands between their cells. */
export interface CsvForm {
  startByte: number;
  delimiter: string;
}

/** The form of a file, told by its first bytes. Throws a sentence for one that is no UTF-8. */
export async function formOf(path: string): Promise<CsvForm> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (UTF16_BOMS.some((bom) => head.subarray(0, 2).equals(bom)))
      throw new Error('The file is UTF-16: save it as CSV in UTF-8.');
    const [line = ''] = head.toString('latin1').split(/[\r\n]/, 1);
    const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
    const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))] as string;
    return { delimiter, startByte: head.subarray(0, 3).equals(UTF8_BOM) ? 3 : 0 };
  } finally {
    await file.close();
  }
}

/** The cells, which were read a byte a character, as UTF-8; undefined when they are not. */
function decoded(cells: string[]): string[] | undefined {
  let isBad = false;
  const texts = cells.map((cell) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is ASCII
    if (/^[\x00-\x7f]*$/.test(cell)) return cell;
    const bytes = Buffer.from(cell, 'latin1');
    isBad ||= !isUtf8(bytes);
    return bytes.toString();
  });
  return isBad ? undefined : texts;
}

/** Where the row that begins at the byte ends, however long it is, and whether every quote in it is closed. */
async function endOfRow(
  path: string,
  start: number,
  delimiter: string,
): Promise<{ end: number; isClosed: boolean }> {
  let [end, isQuoted, isFieldStart, afterQuote] = [start, false, true, false];
  const comma = delimiter.charCodeAt(0);
  for await (const chunk of createReadStream(path, { start }) as AsyncIterable<Buffer>) {
    for (const byte of chunk) {
      end += 1;
      if (isQuoted) {
        if (byte === QUOTE) [isQuoted, afterQuote] = [false, true];
        continue;
      }
      // Two quotes are one in the text.
      if (byte === QUOTE && (isFieldStart || afterQuote)) isQuoted = true;
      else if (NEWLINES.includes(byte)) return { end, isClosed: true };
      isFieldStart = byte === comma;
      afterQuote = false;
    }
  }
  return { end, isClosed: !isQuoted };
}

function recordOf(cells: string[], endByte: number): CsvRecord {
  const texts = decoded(cells);
  return texts ? { cells: texts, endByte } : { cells: [], endByte, fault: 'The row is not UTF-8.' };
}

/** The rows from a byte on, some at a time. Throws a CsvError behind the rows before the one that it is about. */
async function* readSegment(path: string, start: number, delimiter: string): AsyncGenerator<CsvRecord[]> {
  let [records, failure]: [CsvRecord[], Error | undefined] = [[], undefined];
  const parser = parse({
    ...{ delimiter, encoding: 'latin1', record_delimiter: ['\r\n', '\n', '\r'] },
    ...{ relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
    max_record_size: ROW_MAX_BYTES,
    // Taken here, and not from the stream, which forgets rows that nobody has read when the next one is bad.
    on_record: (cells: string[], { bytes }: { bytes: number }) => {
      records.push(recordOf(cells, start + bytes));
      return null;
    },
  });
  const ended = once(parser, 'close').catch(() => {});
  parser.on('error', (error) => {
    failure = error;
  });
  parser.resume();
  for await (const chunk of createReadStream(path, { start, highWaterMark: HEAD_BYTES })) {
    await new Promise((done) => parser.write(chunk, done));
    if (records.length > 0) yield records;
    records = [];
    if (failure) throw failure;
  }
  parser.end();
  await ended;
  if (records.length > 0) yield records;
  if (failure) throw failure;
}

/**
 * The rows of a file from a byte on at which one begins, in order, empty lines left out, some at a time. A row that
 * cannot be read is a row with a fault; a few hundred kilobytes at most are in memory.
 */
export async function* readRecords(
  path: string,
  { startByte, delimiter }: CsvForm,
): AsyncGenerator<CsvRecord[]> {
  let at = startByte;
  for (;;) {
    try {
      for await (const records of readSegment(path, at, delimiter)) {
        at = records.at(-1)?.endByte ?? at;
        yield records;
      }
      return;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      const { end, isClosed } = await endOfRow(path, at, delimiter);
      const fault = isClosed
        ? `The row is longer than ${ROW_MAX_BYTES} bytes.`
        : 'A quote in the row is never closed: what follows it could not be read.';
      at = end;
      yield [{ cells: [], endByte: at, fault }];
      if (!isClosed) return;
    }
  }
}
