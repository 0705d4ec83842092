import { Readable } from 'node:stream';

/** Whether an answer comes in batches. */
export function isBatches(body: unknown): body is AsyncIterable<unknown[]> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

async function* chunksOf(first: IteratorResult<unknown[]>, rest: AsyncIterator<unknown[]>) {
  let separator = '[';
  for (let batch = first; !batch.done; batch = await rest.next()) {
    if (batch.value.length === 0) continue;
    yield separator + batch.value.map((item) => JSON.stringify(item)).join();
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}

/**
 * The items of all batches as one JSON list that is sent while it comes. The first batch is awaited, so that what
 * fails at once can still be answered as a failure; what fails later cuts the answer off.
 */
export async function jsonListOf(batches: AsyncIterable<unknown[]>): Promise<Readable> {
  const iterator = batches[Symbol.asyncIterator]();
  return Readable.from(chunksOf(await iterator.next(), iterator), { highWaterMark: 1 });
}
