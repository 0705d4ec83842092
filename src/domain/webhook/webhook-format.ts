import type { ChangeEvent } from '../change-log';
import type { Context } from '../context';
import type { SigningKey } from './signing-key.rules';
import type { ChangeFilters } from './webhook.rules';

/** An event as formats see it; a test has no position. */
export interface OutboundEvent extends Omit<ChangeEvent, 'position' | 'requestId'> {
  position: number | null;
  /** Position of the entry before it of the same record; null for the first one that is kept. */
  previousPosition: number | null;
}

/** What the headers of one attempt are made from. */
export interface OutboundMessage {
  /** Stable over all attempts and repetitions of the event. */
  id: string;
  event: string;
  /** The stored body, exactly as it is sent. */
  body: string;
  /** The keys that sign, the current one first. */
  keys: SigningKey[];
  /** The time of the attempt. */
  at: Date;
}

/** The one message of an event that is not taken apart. */
export const WHOLE = '';

/** How events look to an endpoint: the native format, or that of a vendor, which its dialect registers. */
export interface WebhookFormat {
  /** The word that a webhook names it by. */
  name: string;
  contentType: string;
  /** Milliseconds until an attempt has failed without a complete answer; at most 30,000. */
  timeoutMs: number;
  /** Milliseconds before each retry; a delivery that fails once more after the last is given up. */
  retryDelaysMs: readonly number[];
  /** Share by which each of these is shortened or lengthened at random; 0.2 when not given, 0 for exactly these. */
  jitter?: number;
  /** Whether signatures are made with the text of a secret as it is; default: with what `whsec_…` encodes. */
  isSignedWithText?: boolean;
  /** Whether the answer means that the event was taken. */
  isSuccess: (statusCode: number) => boolean;
  /** Whether 410 Gone ends a delivery at once and disables the endpoint; true when not given. */
  heedsGone?: boolean;
  /** Plurals of the nouns that bodies show beside that of the event; who may not read them has no use of the format. */
  shows?: readonly string[];
  /**
   * The messages that an event makes for an endpoint with these filters, such as one per changed field; each is a
   * delivery of its own, in this order. When not given, every event is one message, {@link WHOLE}.
   */
  parts?: (event: OutboundEvent, filters: ChangeFilters) => readonly string[];
  /** The body, made once per event and part. `context` acts for the event's account and can read what the event lacks. */
  body: (event: OutboundEvent, context: () => Promise<Context>, part: string) => string | Promise<string>;
  /** Headers besides content-type and user-agent, made anew for each attempt. */
  headers: (message: OutboundMessage) => Record<string, string> | Promise<Record<string, string>>;
}
