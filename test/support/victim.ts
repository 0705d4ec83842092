import { setImmediate as nextTurn } from 'node:timers/promises';
import { freePort } from './free-port';
import { type Gateway, startGateway } from './gateway';

/** The most that may happen between two kills. */
const HAPPENINGS_MAX = 400;
const TURNS_MAX = 50;

/** A gateway that is killed at random moments, and started again on its port each time. */
export class Victim {
  private happenings = 0;
  private notify: () => void = () => {};

  private constructor(
    readonly port: number,
    private up: Promise<Gateway>,
  ) {}

  static async start(): Promise<Victim> {
    const port = await freePort();
    const up = startGateway({ PORT: String(port) });
    await up;
    return new Victim(port, up);
  }

  /** Settles when the gateway is up, as far as anybody knows. */
  get ready(): Promise<Gateway> {
    return this.up;
  }

  /** Something has happened that a kill may follow. */
  happened(): void {
    this.happenings += 1;
    this.notify();
  }

  /** Kills so many times, each a random number of happenings and of turns of the loop after the last start. */
  async kill(times: number, random: (below: number) => number): Promise<void> {
    for (let kill = 0; kill < times; kill++) {
      const gateway = await this.up;
      const until = this.happenings + 1 + random(HAPPENINGS_MAX);
      while (this.happenings < until) {
        await new Promise<void>((resolve) => {
          this.notify = resolve;
        });
      }
      for (let turns = random(TURNS_MAX); turns > 0; turns--) await nextTurn();
      this.up = gateway.kill().then(() => startGateway({ PORT: String(this.port) }));
    }
    await this.up;
  }
}
