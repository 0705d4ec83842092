import { DIALECTS } from './dialects';

/** What the server itself has, or keeps free for itself, at the start of paths. */
const RESERVED = [
  '/graphql',
  '/docs',
  '/healthz',
  '/readyz',
  '/p',
  '/u',
  '/mail',
  '/feedback',
  '/imports',
  '/exports',
];

const EPIXEL = 'epixel';
const DOCUMENTED_BASE = '/api/v1';
const EPIXEL_BASE = `/epixel${DOCUMENTED_BASE}`;

const isWithin = (path: string, base: string) => path === base || path.startsWith(`${base}/`);

/**
 * The prefixes of paths that stand for Epixel's where an installation has chosen a base of its own: as it is, and below
 * `/epixel`, where the dialect's host leads. Throws a sentence that names the setting and what it collides with.
 */
export function epixelAliases(base: string | undefined): Record<string, string> {
  if (base === undefined || base === DOCUMENTED_BASE) return {};
  const others = DIALECTS.filter(({ name }) => name !== EPIXEL).flatMap(({ bases }) => bases);
  const taken = [...others, ...DIALECTS.map(({ name }) => `/${name}`), ...RESERVED];
  const collision = taken.find((path) => isWithin(base, path) || isWithin(path, base));
  if (collision !== undefined) {
    throw new Error(
      `EPIXEL_BASE must not be ${base}: ${collision} is taken. Choose a path like /backoffice/v2.`,
    );
  }
  return { [base]: EPIXEL_BASE, [`/${EPIXEL}${base}`]: EPIXEL_BASE };
}
