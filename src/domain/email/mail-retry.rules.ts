const MINUTE_MS = 60_000;

/** Minutes to wait after the first, second, … try that a server has put off. */
const WAITS_MINUTES = [1, 5, 15, 60, 240];

/** When a mail is tried again after so many tries; null when it has had all of them. */
export function nextMailTryAt(tries: number, now: Date): Date | null {
  const minutes = WAITS_MINUTES[tries - 1];
  return minutes === undefined ? null : new Date(now.getTime() + minutes * MINUTE_MS);
}
