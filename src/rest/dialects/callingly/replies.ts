import { z } from 'zod';
import type { Reply } from '../../dialect';

/** Every success is 200. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** The answer to what leaves nothing to show. */
export const done = (): Reply => ok({ success: true });

/** What {@link done} looks like. */
export const doneOutput = z.object({ success: z.literal(true) });

/** The message for a body that is no object. */
export const NO_OBJECT = 'The body must be a JSON object.';
