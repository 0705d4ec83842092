import type { SharedState } from './redis';

/** For so long whoever has heard of growth is left alone: under many writes one look serves them all. */
const REST_MS = 5;

/** Does the work at once, and again after the rest when it was asked for meanwhile. */
function atMostEvery(restMs: number, work: () => void): () => void {
  let isResting = false;
  let isDue = false;
  const rested = () => {
    isResting = false;
    if (isDue) run();
  };
  const run = () => {
    isDue = false;
    isResting = true;
    setTimeout(rested, restMs).unref();
    work();
  };
  return () => {
    if (isResting) isDue = true;
    else run();
  };
}

/** Tells whoever reads the change log that it has grown: in this process, and through Redis in the others. */
export class ChangeSignal {
  private readonly listeners: (() => void)[] = [];
  private readonly tellOthers: () => void;

  constructor(shared: SharedState | undefined) {
    this.tellOthers = atMostEvery(REST_MS, () => shared?.announceChange());
    shared?.onChange(() => this.tell());
  }

  /** A transaction that appended to the log was committed here. */
  readonly announce = (): void => {
    this.tell();
    this.tellOthers();
  };

  /** Hears of growth at once, wherever it came from, and of what follows within the rest together. */
  onChange(listener: () => void, restMs = REST_MS): void {
    this.listeners.push(atMostEvery(restMs, listener));
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
