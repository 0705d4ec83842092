import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SoakDoor } from './soak-doors';
import type { SoakStage } from './soak-stage';

/** Words of refusals that pass: nothing was done, or it is not known. */
const PASSING = new Set([409, 429, 503]);
const AGAIN_MS = 50;
/** Within this time a request is answered, or its connection ends. */
const ANSWERED_MS = 60_000;
/** Within this time what a server has logged of an answer is here. */
const LOGGED_MS = 1_000;

/** What a request came to. */
type Fate = 'done' | 'unknown';

interface Request {
  path: string;
  headers: Record<string, string>;
  body: object;
}

/** What one writer was told, by mark. */
export interface Written {
  door: SoakDoor;
  /** Written under an Idempotency-Key, and sent again until it was acknowledged. */
  once: Set<string>;
  /** Sent once, and acknowledged. */
  acknowledged: Set<string>;
  /** Sent once, and not answered. */
  unknown: Set<string>;
}

/** Sends requests to whichever server is there. */
export class SoakSender {
  /** Answers by status; 0 where there was none. */
  readonly answers: Record<number, number> = {};
  private turn = 0;

  constructor(private readonly stage: SoakStage) {}

  /** Sends it once. Throws when it is refused for good. */
  async send({ path, headers, body }: Request): Promise<{ fate: Fate; data?: unknown }> {
    this.turn += 1;
    const url = `http://127.0.0.1:${this.stage.ports[this.turn % 2]}${path}`;
    const sent = { 'content-type': 'application/json', ...headers };
    const signal = AbortSignal.timeout(ANSWERED_MS);
    const answer = await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(body), signal })
      .then(async (response) => ({
        status: response.status,
        json: (await response.json()) as Answer,
        requestId: response.headers.get('x-request-id') ?? 'none',
      }))
      .catch((error: Error) => {
        if (error.name === 'TimeoutError') throw new Error(`${url} was not answered.`);
        return undefined;
      });
    const status = answer?.status ?? 0;
    this.answers[status] = (this.answers[status] ?? 0) + 1;
    if (!answer || PASSING.has(status)) return { fate: 'unknown' };
    const { errors, data, errorcode } = answer.json;
    const codes = errors?.map?.(({ extensions }) => extensions?.code) ?? [];
    if (codes.some((code) => code === 'UNAVAILABLE' || code === 'KEY_IN_USE')) return { fate: 'unknown' };
    // FuseDesk says 405 for each refusal, and what it is in a word.
    if (/unavailable|inuse/.test(errorcode ?? '')) return { fate: 'unknown' };
    if (status >= 400 || codes.length > 0) {
      await sleep(LOGGED_MS);
      const log = this.stage.logOf(answer.requestId);
      throw new Error(`${path} answered ${status}: ${JSON.stringify(answer.json)}\n${log}`);
    }
    this.stage.happened();
    return { fate: 'done', data };
  }

  /** Sends it again until it is acknowledged; under its Idempotency-Key it is done once. */
  async insist(request: Request): Promise<unknown> {
    const headers = { ...request.headers, 'idempotency-key': randomUUID() };
    for (;;) {
      const { fate, data } = await this.send({ ...request, headers });
      if (fate === 'done') return data;
      await sleep(AGAIN_MS);
    }
  }
}

interface Answer {
  data?: unknown;
  errorcode?: string;
  errors?: { extensions?: { code?: string } }[];
}

/** Writes at a door until it is over, every other record under an Idempotency-Key. */
export async function writeAt(door: SoakDoor, sender: SoakSender, isOver: () => boolean): Promise<Written> {
  const written: Written = { door, once: new Set(), acknowledged: new Set(), unknown: new Set() };
  for (let number = 1; !isOver(); number++) {
    const request = { path: door.path, headers: door.headersOf(number), body: door.bodyOf(number) };
    const mark = door.markOf(number);
    if (number % 2 === 0) {
      await sender.insist(request);
      written.once.add(mark);
    } else {
      const { fate } = await sender.send(request);
      written[fate === 'done' ? 'acknowledged' : 'unknown'].add(mark);
      if (fate === 'unknown') await sleep(AGAIN_MS);
    }
  }
  return written;
}
