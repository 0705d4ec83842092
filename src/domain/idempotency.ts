import { createHash } from 'node:crypto';
import type { Context } from './context';
import { toInstant } from './datetime';
import { DomainError, type ErrorCode, invalid } from './error';

/** How long an answer is kept for those who ask again. */
export const ANSWER_KEPT_HOURS = 72;
const HOUR_MS = 3_600_000;

const KEY_FORM = /^[\x20-\x7e]{1,255}$/;

/** A request that names itself, so that its sender may send it again and never have it done twice. */
export interface KeyedRequest {
  /** As the sender chose it. */
  key: string;
  /** Whose keys it is told apart from: an API key, an agent, a page. */
  holderId: string;
  /** What is the same when the request is the same; any JSON value. */
  content: unknown;
}

/** What came of a request: the answer as its door keeps it, and every failure that it tells of. */
export interface Outcome {
  text: string;
  failures: readonly ErrorCode[];
}

/** An answer, and whether it is that of an earlier request. */
export interface Answer {
  text: string;
  isReplayed: boolean;
}

interface Kept {
  fingerprint: string;
  text: string;
}

/** Failures that ask for another try: nothing of the request is kept. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['INTERNAL', 'UNAVAILABLE', 'RATE_LIMITED']);
/** Failures that are the result of a request, and not a fault of its form or of its sender. */
const RESULTS: ReadonlySet<ErrorCode> = new Set(['NOT_FOUND', 'CONFLICT']);

/** Whether the failures ask for another try, before which all that the request did is undone. */
export function isPassing(failures: readonly ErrorCode[]): boolean {
  return failures.some((code) => PASSING.has(code));
}

const HAS_WRITTEN = 'select pg_current_xact_id_if_assigned() is not null as "hasWritten"';

async function isKept(tx: Context, { failures }: Outcome, parts: number): Promise<boolean> {
  if (isPassing(failures)) return false;
  if (failures.length === 0 || failures.some((code) => RESULTS.has(code))) return true;
  if (parts === 0) return false;
  const [row] = await tx.query<{ hasWritten: boolean }>(HAS_WRITTEN, []);
  return row?.hasWritten ?? true;
}

const FIND = `
select answer from idempotent_answer
where account_id = $1 and holder_id = $2 and key = $3 and created_at > $4`;

// An answer that is too old to be found gives way.
const KEEP = `
insert into idempotent_answer (account_id, holder_id, key, answer, created_at) values ($1, $2, $3, $4, $5)
on conflict (account_id, holder_id, key) do update set answer = excluded.answer, created_at = excluded.created_at`;

// Held by the transaction, so it is free again as soon as the process that held it is gone.
const TRY_LOCK = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "isMine"';

/** One key of one holder in one account. */
class KeyedAnswer {
  private readonly ids: [string, string, string];
  private readonly fingerprint: string;

  constructor({ account }: Context, { key, holderId, content }: KeyedRequest) {
    this.ids = [account.id, holderId, key];
    this.fingerprint = createHash('sha256').update(JSON.stringify(content)).digest('base64url');
  }

  private get place(): string {
    return `idempotent answer ${this.ids.join(' ')}`;
  }

  /** The answer of the request, if it has one. Throws KEY_REUSED when it is that of another request. */
  async find(ctx: Context): Promise<Answer | undefined> {
    const after = toInstant(new Date(ctx.now().getTime() - ANSWER_KEPT_HOURS * HOUR_MS));
    const [row] = await ctx.query<{ answer: string }>(FIND, [...this.ids, after], 'find idempotent answer');
    if (!row) return undefined;
    const { fingerprint, text }: Kept = JSON.parse(ctx.vault.decrypt(row.answer, this.place));
    if (fingerprint === this.fingerprint) return { text, isReplayed: true };
    throw new DomainError('KEY_REUSED', 'This Idempotency-Key was used for another request.');
  }

  /** Keeps others who send the request at the same time from it. Throws KEY_IN_USE when one of them came first. */
  async lock(tx: Context): Promise<void> {
    const [row] = await tx.query<{ isMine: boolean }>(TRY_LOCK, [this.place]);
    if (row?.isMine) return;
    throw new DomainError('KEY_IN_USE', 'A request with this Idempotency-Key is still running.', {
      retryAfterSeconds: 1,
    });
  }

  /** Answers may hold what is shown only once, such as a new API key: they are encrypted. */
  async keep(tx: Context, text: string): Promise<void> {
    const kept: Kept = { fingerprint: this.fingerprint, text };
    const answer = tx.vault.encrypt(JSON.stringify(kept), this.place);
    await tx.query(KEEP, [...this.ids, answer, tx.instant()], 'keep idempotent answer');
  }
}

/** Undoes a request whose answer is not kept. */
class Undone extends Error {
  constructor(readonly text: string) {
    super('undone');
  }
}

/**
 * Does a request once, whoever sends it again and when: all that it writes and its answer are one transaction. Kept are
 * successes, whatever comes with something that was written, and NOT_FOUND and CONFLICT, which are results too. What was
 * refused for its form or its sender may be put right under the same key, and what failed for a passing cause leaves
 * nothing. Throws INVALID for a bad key, KEY_IN_USE while the first one runs, KEY_REUSED when it was another request.
 */
export async function answerOnce(
  ctx: Context,
  request: KeyedRequest,
  work: (tx: Context) => Promise<Outcome>,
): Promise<Answer> {
  if (!KEY_FORM.test(request.key))
    throw invalid({ 'Idempotency-Key': ['Idempotency-Key must be 1 to 255 printable ASCII characters.'] });
  const answer = new KeyedAnswer(ctx, request);
  const known = await answer.find(ctx);
  if (known) return known;
  try {
    return await ctx.asOneTransaction(async (tx, parts) => {
      await answer.lock(tx);
      const found = await answer.find(tx);
      if (found) return found;
      const outcome = await work(tx);
      if (!(await isKept(tx, outcome, parts()))) throw new Undone(outcome.text);
      await answer.keep(tx, outcome.text);
      return { text: outcome.text, isReplayed: false };
    });
  } catch (thrown) {
    if (thrown instanceof Undone) return { text: thrown.text, isReplayed: false };
    throw thrown;
  }
}
