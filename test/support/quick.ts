const TRIES = 20;

/** How long the work takes, in milliseconds. */
export async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The least of what is measured, anew while it is not below the bound: a busy machine makes times longer, none shorter. */
export async function leastMs(bound: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let left = TRIES; left > 0 && least >= bound; left -= 1) least = Math.min(least, await measure());
  return least;
}

/** Milliseconds that this process has worked since the call, however long it has waited for the machine. */
export function workedMs(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
