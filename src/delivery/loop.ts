import { setTimeout as sleep } from 'node:timers/promises';

/** Something that is done again and again until it is stopped. */
export interface Loop {
  /** There is something to do: do it now. */
  wake: () => void;
  /** Ends after the step that is under way. */
  stop: () => Promise<void>;
}

interface LoopOptions {
  /** Does what is there to do, and answers after how many milliseconds to look again if nobody wakes it. */
  step: () => Promise<number>;
  onError: (error: unknown) => void;
  /** Milliseconds between two steps at least, so that what wakes it often is served together. */
  restMs?: number;
}

const AFTER_ERROR_MS = 1000;

/** Starts a loop; its first step is done at once. */
export function startLoop({ step, onError, restMs = 0 }: LoopOptions): Loop {
  let isStopped = false;
  let isWoken = false;
  let endWait = () => {};

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      endWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function run(): Promise<void> {
    while (!isStopped) {
      isWoken = false;
      const waitMs = await step().catch((error) => {
        onError(error);
        isWoken = false;
        return AFTER_ERROR_MS;
      });
      if (restMs > 0) await sleep(restMs);
      if (!isStopped && !isWoken && waitMs > restMs) await wait(waitMs - restMs);
    }
  }

  const ended = run();
  return {
    wake: () => {
      isWoken = true;
      endWait();
    },
    stop: () => {
      isStopped = true;
      endWait();
      return ended;
    },
  };
}
