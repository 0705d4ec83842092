import { type Period, stretchesOf, stretchOf } from './period.rules';

/** Numbers of one day. */
export type DayNumbers<Key extends string> = Record<Key, number> & { day: string };

/** The numbers of days summed by stretches of the period, those without any included. */
export function sumSeries<Key extends string>(
  period: Period,
  days: readonly DayNumbers<Key>[],
  keys: readonly Key[],
): (Record<Key, number> & { date: string })[] {
  const zero = Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
  const stepByDate = new Map(stretchesOf(period).map((date) => [date, { ...zero, date }]));
  for (const numbers of days) {
    const step = stepByDate.get(stretchOf(period, numbers.day)) as Record<Key, number> | undefined;
    if (!step) throw new Error(`${numbers.day} is outside of the period`);
    for (const key of keys) step[key] += numbers[key];
  }
  return [...stepByDate.values()];
}

/** The sums over all steps. */
export function sumTotals<Key extends string>(
  steps: readonly Record<Key, number>[],
  keys: readonly Key[],
): Record<Key, number> {
  const sumOf = (key: Key) => steps.reduce((sum, step) => sum + step[key], 0);
  return Object.fromEntries(keys.map((key) => [key, sumOf(key)])) as Record<Key, number>;
}
