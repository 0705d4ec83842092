import type { Dialect } from './dialect';

type Named = Pick<Dialect, 'name'>;

function isDecodable(path: string): boolean {
  try {
    decodeURI(path);
    return true;
  } catch {
    return false;
  }
}

/** What stands before the dialect's paths at its own host: `callingly.crm.example.com/v1/leads` is `/callingly/v1/leads`. */
function prefixOf(dialects: readonly Named[], host: string, path: string): string {
  const [label = ''] = host.toLowerCase().split('.');
  const isDialect = dialects.some(({ name }) => name === label) && !path.startsWith(`/${label}/`);
  return isDialect ? `/${label}` : '';
}

/** The path with the first of the prefixes that it begins with replaced; prefixes end at a slash. */
function renamed(path: string, aliases: Record<string, string>): string {
  const [alias, target] = Object.entries(aliases).find(([prefix]) => path.startsWith(`${prefix}/`)) ?? [];
  return alias === undefined ? path : target + path.slice(alias.length);
}

/** The address with one slash at its start: a client whose base URL ends with one sends two. */
export function withOneSlash(url: string): string {
  return url.replace(/^\/{2,}/, '/');
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
  const [path = '', ...query] = withOneSlash(url).split('?');
  const decodable = isDecodable(path) ? path : path.replaceAll('%', '%25');
  return [renamed(prefixOf(dialects, host, path) + decodable, aliases), ...query].join('?');
}
