import type { Dialect } from './dialect';

type Named = Pick<Dialect, 'name'>;

function isDecodable(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    decodeURI(path);
    return true;
  } catch {
    return false;
  }
}

/** What stands before the dialect's paths at its own host: `callingly.crm.example.com/v1/leads` is `/callingly/v1/leads`. */
function prefixOf(dialects: readonly Named[], host: string, path: string): string {
  const [label = ''] = host.toLowerCase().split('.', 1);
  const isDialect = dialects.some(({ name }) => name === label) && !path.startsWith(`/${label}/`);
  return isDialect ? `/${label}` : '';
}

/** The path with the first of the prefixes that it begins with replaced; prefixes end at a slash. */
function renamed(path: string, aliases: Record<string, string>): string {
  for (const alias in aliases) {
    if (path.startsWith(`${alias}/`)) return aliases[alias] + path.slice(alias.length);
  }
  return path;
}

/** The address with one slash at its start: a client whose base URL ends with one sends two. */
export function withOneSlash(url: string): string {
  return url.startsWith('//') ? url.replace(/^\/+/, '/') : url;
}

/**
 * The address that a request is routed by: `aliases` are prefixes of paths that stand for others. A percent sign that
 * starts no character is taken as it is, so that the dialect of the path can answer that nothing is there.
 */
export function routedUrl(
  dialects: readonly Named[],
  host: string,
  url: string,
  aliases: Record<string, string> = {},
): string {
  const address = withOneSlash(url);
  const queryAt = address.indexOf('?');
  const path = queryAt < 0 ? address : address.slice(0, queryAt);
  const query = queryAt < 0 ? '' : address.slice(queryAt);
  const decodable = isDecodable(path) ? path : path.replaceAll('%', '%25');
  return renamed(prefixOf(dialects, host, path) + decodable, aliases) + query;
}
