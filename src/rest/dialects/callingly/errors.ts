import type { FieldMessages } from '../../../domain/error';
import type { Dialect, Reply } from '../../dialect';
import { retryHeaders } from '../../quota-headers';

// What the domain says of every door, as the vendor's clients know it.
const VENDOR_TEXTS = new Map([
  [
    'From must be a phone number of the account that is in use.',
    'The sms_number must be a phone number of the account that is in use.',
  ],
  [
    'Calls to the lead were stopped: set isStopped to false to call again.',
    'Calls to the lead were stopped: set is_stopped to 0 to call again.',
  ],
]);

function inVendorWords(text: string): string {
  return VENDOR_TEXTS.get(text) ?? text;
}

function errorsOf(fields: FieldMessages): FieldMessages {
  return Object.fromEntries(Object.entries(fields).map(([name, texts]) => [name, texts.map(inVendorWords)]));
}

/** What the vendor answers when something is refused: a message, and messages by field where there are any. */
export function failure(status: number, message: string, more: object = {}): Reply {
  return { status, body: { success: false, message: inVendorWords(message), ...more } };
}

/**
 * The vendor's answers to failures: real statuses with a body for clients that read `message` and `errors` as well as
 * for those that look at `success`. A body that cannot be read lacks what is required, so it is 422 too.
 */
export const errors: Dialect['errors'] = {
  UNAUTHENTICATED: () => failure(401, 'Unauthenticated.'),
  FORBIDDEN: ({ message }) => failure(403, message),
  NOT_FOUND: () => failure(404, 'Not found.'),
  INVALID: ({ message, fields }) => failure(422, message, fields && { errors: errorsOf(fields) }),
  CONFLICT: ({ message }) => failure(409, message),
  KEY_IN_USE: (error) => ({ ...failure(409, error.message), headers: retryHeaders(error) }),
  KEY_REUSED: ({ message }) => failure(422, message),
  RATE_LIMITED: (error) => ({ ...failure(429, 'Too Many Attempts.'), headers: retryHeaders(error) }),
  PAYLOAD_TOO_LARGE: ({ message }) => failure(413, message),
  UNAVAILABLE: (error) => ({ ...failure(503, error.message), headers: retryHeaders(error) }),
  INTERNAL: () => failure(500, 'Server Error'),
};

/** The answer to a method that a known path does not have. */
export function otherMethod(method: string): Reply {
  return failure(405, `The ${method} method is not supported for this route.`);
}
