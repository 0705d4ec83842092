import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import type { Agent, buildConnector } from 'undici';
import { type AddressGuard, createAddressGuard } from './address-guard';
import { exchange } from './exchange';
import { undici } from './undici';

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** One POST. */
export interface SafeRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Until the answer is complete. */
  timeoutMs: number;
}

/** What came back, as much of it as is kept. */
export interface SafeAnswer {
  statusCode: number;
  headers: Record<string, string>;
  /** At most 1,000 characters. */
  body: string;
}

/** Posts to addresses that strangers chose. */
export interface SafeFetch {
  /** Throws an error with a sentence that can be shown to who chose the address. */
  post: (request: SafeRequest) => Promise<SafeAnswer>;
  close: () => Promise<void>;
}

interface SafeFetchOptions {
  /** Host names, addresses and CIDR ranges that may be connected to although they are not public. */
  allow: readonly string[];
  resolve?: Resolve;
}

const HEADERS_MAX_BYTES = 16_384;
const HEADERS_KEPT_CHARS = 8192;
const BODY_KEPT_CHARS = 1000;

class RefusedAddress extends Error {}

const resolveBySystem: Resolve = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true, verbatim: true }, (error, addresses) =>
      error ? reject(error) : resolve(addresses),
    );
  });

/**
 * Connects only to addresses that the guard has let through. It is handed to the socket as its resolver, so that
 * the very address that was checked is connected to, whatever the name resolves to at any other moment.
 */
function guardedConnector(guard: AddressGuard, resolve: Resolve): buildConnector.connector {
  const check = (hostname: string, address: string) => {
    const why = guard(hostname, address);
    if (why) throw new RefusedAddress(`${hostname} is refused: ${address} is not a public address (${why}).`);
  };
  const connect = undici().buildConnector({
    lookup: (hostname, { all }, callback) => {
      resolve(hostname)
        .then((addresses) => {
          for (const { address } of addresses) check(hostname, address);
          const [first] = addresses;
          if (!first) throw new Error(`${hostname} has no address.`);
          if (all) callback(null, addresses);
          else callback(null, first.address, first.family);
        })
        .catch((error) => callback(error, ''));
    },
  });
  return (options, callback) => {
    try {
      // A literal address is never looked up.
      if (isIP(options.hostname)) check(options.hostname, options.hostname);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(options, callback);
  };
}

/** A client for POSTs to addresses that strangers chose: public addresses only, no redirects, all sizes and times bounded. */
export function createSafeFetch({ allow, resolve = resolveBySystem }: SafeFetchOptions): SafeFetch {
  let opened: Agent | undefined;
  const open = () =>
    new (undici().Agent)({
      connect: guardedConnector(createAddressGuard(allow), resolve),
      maxHeaderSize: HEADERS_MAX_BYTES,
      pipelining: 1,
    });

  async function post({ url, ...rest }: SafeRequest): Promise<SafeAnswer> {
    const { protocol, username, password, origin, pathname, search } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:')
      throw new Error('The address must begin with http or https.');
    if (username || password) throw new Error('The address must not hold a user name or a password.');
    opened ??= open();
    const { statusCode, headers, chunks } = await exchange(opened, {
      origin,
      path: pathname + search,
      ...rest,
    });
    return { statusCode, headers: keptHeaders(headers), body: startOf(chunks) };
  }

  return {
    post: (one) => post(one).catch((error) => Promise.reject(readableError(error, one.timeoutMs))),
    close: async () => opened?.destroy(),
  };
}

function startOf(chunks: Buffer[]): string {
  // The decoder answers no unpaired surrogates; PostgreSQL takes no NUL.
  const text = new TextDecoder().decode(Buffer.concat(chunks)).replaceAll('\u0000', '\ufffd');
  return [...text.slice(0, 2 * BODY_KEPT_CHARS)].slice(0, BODY_KEPT_CHARS).join('');
}

function keptHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  let chars = 0;
  for (const [name, value] of Object.entries(headers)) {
    const text = [value ?? ''].flat().join(', ');
    chars += name.length + text.length;
    if (chars > HEADERS_KEPT_CHARS) break;
    kept[name] = text;
  }
  return kept;
}

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was closed before the answer.',
  UND_ERR_SOCKET: 'The connection was closed before the answer.',
  ENOTFOUND: 'The host name is not known.',
  EAI_AGAIN: 'The host name could not be looked up.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The network cannot be reached.',
  ETIMEDOUT: 'The connection was not made in time.',
  UND_ERR_CONNECT_TIMEOUT: 'The connection was not made in time.',
  UND_ERR_HEADERS_OVERFLOW: 'The headers of the answer are longer than 16 KiB.',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are longer than 16 KiB.',
};

function readableError(error: Error & { code?: string }, timeoutMs: number): Error {
  const sentence =
    error.name === 'TimeoutError'
      ? `No complete answer came within ${timeoutMs / 1000} s.`
      : (SENTENCES[error.code ?? ''] ?? error.message);
  return new Error(sentence, { cause: error });
}
