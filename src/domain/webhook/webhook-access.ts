import type { Context } from '../context';
import { nounsOfPatterns } from './webhook.rules';
import { formatOf } from './webhook-formats';

/** Nobody is sent what the key that says so could not read itself. Throws FORBIDDEN that names the scope. */
export function requireReadable(
  ctx: Context,
  { events, format }: { events: string[]; format?: string },
): void {
  const nouns = nounsOfPatterns(events).map(({ plural }) => plural);
  const shown = (format && formatOf(format)?.shows) || [];
  for (const plural of [...nouns, ...shown]) ctx.require(`${plural}:read`);
}
