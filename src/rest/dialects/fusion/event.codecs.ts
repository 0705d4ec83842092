import { z } from 'zod';
import type { ResponseStatus } from '../../../domain/calendar-event/attendee';
import { isE164 } from '../../../domain/phone';
import { text, wordOf } from '../../codecs';
import { datetime, emailAddress } from './codecs';

/** The vendor's words for what an attendee answered. */
export const RESPONSE_WORDS: Record<string, ResponseStatus> = {
  needsAction: 'needs_action',
  accepted: 'accepted',
  declined: 'declined',
  tentative: 'tentative',
};

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const expected = (type: string) => ({
  error: ({ input }: { input?: unknown }) => `Expected ${type}, received ${typeOf(input)}`,
});

/** True or false; words and numbers that stand for them are refused. */
export const flag = z.boolean(expected('boolean'));

const BAD_RESPONSE = `Response status must be one of: ${Object.keys(RESPONSE_WORDS).join(', ')}`;
const BAD_DISPLAY_NAME = 'Display name must be at most 200 characters';

const attendee = z
  .object(
    {
      email: emailAddress,
      display_name: text({ max: 200, missing: BAD_DISPLAY_NAME, wrong: BAD_DISPLAY_NAME })
        .nullable()
        .optional(),
      response_status: wordOf(RESPONSE_WORDS, BAD_RESPONSE).optional(),
    },
    expected('object'),
  )
  .transform(({ email, display_name: displayName, response_status: responseStatus }) => ({
    ...{ email, displayName, responseStatus },
  }));

/** The people invited to an event. */
export const attendees = z.array(attendee, expected('array')).max(50, 'Maximum 50 guests allowed');

const BAD_CALLER = 'Caller phone must be in E.164 format, like +15551234567';

/** The number of a caller, E.164 only; null empties the field. */
export const callerPhone = z
  .string({ error: BAD_CALLER })
  .refine(isE164, BAD_CALLER)
  .meta({ pattern: '^\\+[1-9]\\d{6,14}$' })
  .nullable();

const DAY = /^\s*\d{4}-\d{2}-\d{2}\s*$/;

/** The inclusive end of a range: a date without a time is the whole day. */
export const until = z
  .string({ error: 'Invalid datetime format' })
  .transform((end) => (DAY.test(end) ? `${end.trim()}T23:59:59.999` : end))
  .pipe(datetime);
