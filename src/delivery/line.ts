import type { Attempted } from './attempt';
import type { Verdict } from './health';

/** How long a delivery waits in a line at most: its lease must outlast the attempt. */
const WAIT_MAX_MS = 5_000;

interface Waiting {
  since: number;
  /** Ends the wait: its turn has come, or it is given back. */
  end: (isTurn: boolean) => void;
}

/**
 * What a process has claimed for one endpoint: some of it is being sent, the rest waits for its turn, so that a fast
 * endpoint does not wait for the database.
 */
export class Line {
  private busy = 0;
  private waiting: Waiting[] = [];
  /** Deliveries that the endpoint took since the last claim. */
  private tookNow = 0;

  constructor(
    /** Most attempts at a time. */
    private readonly places: number,
    /** Most deliveries that are claimed for a fast endpoint. */
    private readonly longest: number,
    private readonly now: () => Date,
  ) {}

  /**
   * How many more may be claimed, asked before each claim: as many as have places, and of an endpoint that takes
   * them faster twice what it took since the last time.
   */
  room(): number {
    const length = Math.max(this.places, Math.min(2 * this.tookNow, this.longest));
    this.tookNow = 0;
    return Math.max(length - this.busy - this.waiting.length, 0);
  }

  /** Whether nothing has happened since the last claim, and nothing is under way. */
  get isIdle(): boolean {
    return this.busy === 0 && this.waiting.length === 0 && this.tookNow === 0;
  }

  /** Makes an attempt when its turn has come; answers undefined when the delivery is to be given back instead. */
  async run(attempt: () => Promise<Attempted>): Promise<Attempted | undefined> {
    if (!(await this.turn())) return undefined;
    let verdict: Verdict = 'nothing';
    try {
      const attempted = await attempt();
      verdict = attempted.verdict;
      return attempted;
    } finally {
      this.leave(verdict);
    }
  }

  private turn(): Promise<boolean> {
    return new Promise((end) => {
      this.waiting.push({ since: this.now().getTime(), end });
      this.advance();
    });
  }

  private leave(verdict: Verdict): void {
    this.busy -= 1;
    if (verdict === 'works') this.tookNow += 1;
    // An endpoint that fails is not sent what waits.
    else if (verdict !== 'nothing') for (const { end } of this.waiting.splice(0)) end(false);
    this.advance();
  }

  private advance(): void {
    const late = this.now().getTime() - WAIT_MAX_MS;
    while (this.busy < this.places) {
      const next = this.waiting.shift();
      if (!next) return;
      const isTurn = next.since > late;
      if (isTurn) this.busy += 1;
      next.end(isTurn);
    }
  }
}
