import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { type Instant, parseInstant } from './datetime';

function parse(value: unknown): Instant {
  const instant = typeof value === 'string' ? parseInstant(value) : undefined;
  if (!instant) throw new GraphQLError('DateTime must be a text like 2026-01-31T14:30:00Z, with a zone.');
  return instant;
}

/** A point in time, out as `YYYY-MM-DDTHH:mm:ss.sssZ`; instants are texts inside, so nothing is converted. */
export const instantScalar = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description:
    'A point in time (RFC 3339). Any zone is accepted; answers are always UTC with milliseconds, like 2026-01-31T14:30:00.000Z.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value as string,
  parseValue: parse,
  parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
});
