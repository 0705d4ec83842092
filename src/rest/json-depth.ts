function objectsIn(values: unknown[]): object[] {
  return values.filter((value): value is object => value !== null && typeof value === 'object');
}

/** Whether lists and objects stand in more levels within each other; without recursion, since callers choose the depth. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let level = objectsIn([value]);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = objectsIn(level.flatMap((object) => Object.values(object)));
  }
  return false;
}
