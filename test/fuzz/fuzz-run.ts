import * as fc from 'fast-check';

/** Requests of a whole run, both files together. */
export const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 4_000);
/** Where the random numbers start: in a gate always at the same place, else at another each time. */
const SEED = Number(process.env.FUZZ_SEED ?? (process.env.CI ? 1 : Date.now() % 2 ** 31));
/** As many requests are on their way at once. */
const LANES = 4;

/** Sends so many of the requests, several at once; the first that fails is made as small as it can be. */
export async function fuzz<T>(
  requests: fc.Arbitrary<T>,
  count: number,
  check: (request: T) => Promise<void>,
): Promise<void> {
  const lane = (_: unknown, at: number) =>
    fc.assert(fc.asyncProperty(requests, check), {
      ...{ seed: SEED + at, numRuns: Math.ceil(count / LANES) },
    });
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

/** Prints how to do the same again, and what was answered how often. */
export function sayOf(name: string, statuses: ReadonlyMap<number, number>): void {
  const counts = JSON.stringify(Object.fromEntries(statuses));
  process.stdout.write(`fuzz ${name}: FUZZ_SEED=${SEED} FUZZ_REQUESTS=${REQUESTS} ${counts}\n`);
}
