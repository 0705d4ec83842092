/** Does so many things, no more than a few of them at a time, and answers what came of them in their order. */
export async function manyAtATime<T>(
  count: number,
  atATime: number,
  work: (at: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const goOn = async () => {
    while (next < count) {
      const at = next;
      next += 1;
      results[at] = await work(at);
    }
  };
  await Promise.all(Array.from({ length: atATime }, goOn));
  return results;
}
