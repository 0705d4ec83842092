import { BlockList, isIP } from 'node:net';

// https://www.iana.org/assignments/iana-ipv4-special-registry and the addresses where clouds keep their secrets.
const REFUSED_IPV4 = {
  '0.0.0.0/8': 'this network',
  '10.0.0.0/8': 'private',
  '100.64.0.0/10': 'carrier-grade NAT',
  '127.0.0.0/8': 'loopback',
  '168.63.129.16/32': 'metadata of a cloud',
  '169.254.0.0/16': 'link-local',
  '172.16.0.0/12': 'private',
  '192.0.0.0/24': 'protocol assignments',
  '192.0.2.0/24': 'documentation',
  '192.88.99.0/24': '6to4 relay',
  '192.168.0.0/16': 'private',
  '198.18.0.0/15': 'benchmarks',
  '198.51.100.0/24': 'documentation',
  '203.0.113.0/24': 'documentation',
  '224.0.0.0/4': 'multicast',
  '240.0.0.0/4': 'reserved',
} as const;

// Only 2000::/3 is global unicast (https://www.iana.org/assignments/ipv6-address-space), and parts of it are not.
const REFUSED_IPV6 = {
  '::/128': 'unspecified',
  '::1/128': 'loopback',
  '::ffff:0:0/96': 'IPv4-mapped',
  '64:ff9b::/96': 'NAT64',
  '64:ff9b:1::/48': 'NAT64',
  '::/3': 'not global',
  '2001::/23': 'protocol assignments, Teredo and benchmarks',
  '2001:db8::/32': 'documentation',
  '2002::/16': '6to4',
  '3fff::/20': 'documentation',
  'fc00::/7': 'unique-local',
  'fe80::/10': 'link-local',
  'fec0::/10': 'site-local',
  'ff00::/8': 'multicast',
  '4000::/2': 'not global',
  '8000::/1': 'not global',
} as const;

interface Range {
  why: string;
  has: (address: string) => boolean;
}

// A list of its own for each range and family: one list would take IPv4 addresses for IPv4-mapped ones.
function rangeOf(cidr: string, why: string): Range {
  const [network = '', prefix] = cidr.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  return { why, has: (address) => isIP(address) === isIP(network) && list.check(address, family) };
}

const REFUSED = Object.entries({ ...REFUSED_IPV4, ...REFUSED_IPV6 }).map(([cidr, why]) => rangeOf(cidr, why));

/** Says why an address must not be connected to for a host name, or undefined when it may be. */
export type AddressGuard = (hostname: string, address: string) => string | undefined;

/** A guard that lets only public addresses through, and what is on the list: host names, addresses, CIDR ranges. */
export function createAddressGuard(allow: readonly string[]): AddressGuard {
  const isRange = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0;
  const ranges = allow.filter(isRange).map((cidr) => rangeOf(cidr, 'allowed'));
  const hostnames = new Set(allow.filter((entry) => !isRange(entry)).map((name) => name.toLowerCase()));
  return (hostname, address) => {
    if (hostnames.has(hostname.toLowerCase()) || ranges.some(({ has }) => has(address))) return undefined;
    if (isIP(address) === 0) return 'no address';
    return REFUSED.find(({ has }) => has(address))?.why;
  };
}
