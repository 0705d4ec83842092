import type { ChangeEvent } from './change-log';

/** Hears the settled changes of an account in order, a few at a time. */
export type ChangeListener = (events: readonly ChangeEvent[]) => void;

/** The change log as it grows. */
export interface ChangeFeed {
  /** Starts to hear an account; answers up to which position all is past, and how to stop. */
  listen: (accountId: string, listener: ChangeListener) => Promise<{ from: number; stop: () => void }>;
}
