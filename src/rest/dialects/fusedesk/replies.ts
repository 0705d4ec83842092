import type { Reply } from '../../dialect';

/** Every success is 200: a bare object, or a bare list. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}
