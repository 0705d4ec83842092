import type { SharedState } from './redis';

/** Tells whoever reads the change log that it has grown: in this process, and through Redis in the others. */
export class ChangeSignal {
  private readonly listeners: (() => void)[] = [];

  constructor(private readonly shared: SharedState | undefined) {
    shared?.onChange(() => this.tell());
  }

  /** A transaction that appended to the log was committed here. */
  readonly announce = (): void => {
    this.tell();
    this.shared?.announceChange();
  };

  /** Hears of every growth, wherever it came from. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
