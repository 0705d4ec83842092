import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

const GROUPS = 8;
/** What one household or one server usually has of the new internet: a network of 64 bits. */
const NETWORK_GROUPS = 4;
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** A network address as senders are told apart by: one of the old internet, or a network of the new. */
export function senderOf(address: string): string {
  const mapped = MAPPED.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const bare = address.replace(/%.*$/, '').replace(/\d+\.\d+\.\d+\.\d+$/, '0:0');
  const [head = '', tail] = bare.split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : GROUPS - before.length - after.length;
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

const originOf = (url: string) => (URL.canParse(url) ? new URL(url).origin : undefined);

/** The site that a browser sends from when it is another than the page’s own; undefined for programs too. */
export function foreignOrigin({ headers, host }: FastifyRequest): string | undefined {
  const { origin } = headers;
  // Browsers say so themselves, whatever stands between them and this server.
  if (origin === undefined || headers['sec-fetch-site'] === 'same-origin') return undefined;
  // A proxy may have taken the encryption off: only the hosts are alike then.
  const own = ['http', 'https'].map((scheme) => originOf(`${scheme}://${host}`));
  return own.includes(originOf(origin)) ? undefined : origin;
}
