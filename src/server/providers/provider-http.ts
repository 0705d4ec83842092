import type { Dispatcher } from 'undici';
import { undici } from '../../delivery/undici';
import { ProviderError, type ProviderFailure } from '../../domain/integration/provider';

/** One request to a provider. */
export interface ProviderRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** What a provider answered. */
export interface ProviderAnswer {
  status: number;
  /** The parsed JSON; undefined for none. */
  body: unknown;
  retryAfterMs: number;
}

/** A provider and how it is reached. */
export interface Line {
  /** As people know it, for messages. */
  name: string;
  dispatcher: () => Dispatcher;
}

const BODY_MAX_BYTES = 16_000_000;
const RETRY_AFTER_MAX_MS = 3_600_000;

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new Error('too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a request and reads its answer, whatever its status. Throws UNAVAILABLE when none comes before the signal. */
export async function exchange({ name, dispatcher }: Line, one: ProviderRequest): Promise<ProviderAnswer> {
  const { url, method, headers, body, signal } = one;
  try {
    const answer = await undici().request(url, {
      ...{ dispatcher: dispatcher(), method, signal },
      headers: { accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
    });
    const seconds = Number(answer.headers['retry-after'] ?? 0);
    const retryAfterMs = Math.min(Math.max(seconds * 1000 || 0, 0), RETRY_AFTER_MAX_MS);
    return { status: answer.statusCode, body: parsed(await textOf(answer.body)), retryAfterMs };
  } catch (error) {
    const isLate = signal.aborted || (error as Error).name === 'TimeoutError';
    throw new ProviderError(
      'unavailable',
      isLate ? `${name} did not answer in time.` : `${name} could not be reached.`,
    );
  }
}

const FAILURES: Record<number, ProviderFailure> = {
  401: 'credentials',
  404: 'missing',
  409: 'exists',
  410: 'gone',
};

/** What the provider says of a failure, in its own words. */
function reasonOf(body: unknown): string {
  const { error, message } = (body ?? {}) as { error?: { message?: unknown }; message?: unknown };
  const text = error?.message ?? message;
  return typeof text === 'string' ? `: ${text.replaceAll('\u0000', '').slice(0, 150)}` : '.';
}

/** Throws what a failed answer means. */
export function requireSuccess({ name }: Line, { status, body, retryAfterMs }: ProviderAnswer): void {
  if (status < 300) return;
  const failure = FAILURES[status] ?? (status < 500 ? 'refused' : 'unavailable');
  throw new ProviderError(failure, `${name} answered ${status}${reasonOf(body)}`, retryAfterMs);
}

/** An answer of a form that is not documented: nobody knows what was done. */
export function unreadable({ name }: Line): ProviderError {
  return new ProviderError('unavailable', `${name} gave an answer of an unknown form.`);
}
