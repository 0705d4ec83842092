import type { LookupAddress } from 'node:dns';
import { createAddressGuard } from '../../src/delivery/address-guard';
import { createSafeFetch, type SafeFetch } from '../../src/delivery/safe-fetch';
import { Receiver } from '../support/receiver';

const guard = createAddressGuard([]);
const opened: SafeFetch[] = [];

afterAll(() => Promise.all(opened.map((http) => http.close())));

function open(allow: string[], resolve?: (hostname: string) => Promise<LookupAddress[]>): SafeFetch {
  const http = createSafeFetch({ allow, ...(resolve && { resolve }) });
  opened.push(http);
  return http;
}

const post = (http: SafeFetch, url: string, timeoutMs = 60_000) =>
  http.post({ url, headers: {}, body: '{}', timeoutMs });

describe('addresses', () => {
  test.each([
    ['8.8.8.8', undefined],
    ['93.184.215.14', undefined],
    ['172.15.255.255', undefined],
    ['172.32.0.0', undefined],
    ['100.63.255.255', undefined],
    ['198.17.255.255', undefined],
    ['223.255.255.255', undefined],
    ['2606:4700:4700::1111', undefined],
    ['2a00:1450:4001:81b::200e', undefined],
    ['0.0.0.0', 'this network'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'carrier-grade NAT'],
    ['169.254.169.254', 'link-local'],
    ['168.63.129.16', 'metadata of a cloud'],
    ['192.0.0.192', 'protocol assignments'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['198.18.0.1', 'benchmarks'],
    ['198.19.255.255', 'benchmarks'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'not global'],
    ['::ffff:127.0.0.1', 'IPv4-mapped'],
    ['::ffff:8.8.8.8', 'IPv4-mapped'],
    ['64:ff9b::7f00:1', 'NAT64'],
    ['64:ff9b:1::1', 'NAT64'],
    ['2001::1', 'protocol assignments, Teredo and benchmarks'],
    ['2001:2::1', 'protocol assignments, Teredo and benchmarks'],
    ['2001:db8::1', 'documentation'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'documentation'],
    ['fc00::1', 'unique-local'],
    ['fd00:ec2::254', 'unique-local'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['5f00::1', 'not global'],
    ['100::1', 'not global'],
    ['localhost', 'no address'],
  ])('%s: %s', (address, why) => expect(guard('example.com', address)).toBe(why));

  test('what is allowed by address, range or name is let through, and nothing beside it', () => {
    const own = createAddressGuard(['127.0.0.1/32', '10.0.0.0/8', 'Hooks.internal', '::1']);
    expect(own('x', '127.0.0.1')).toBeUndefined();
    expect(own('x', '127.0.0.2')).toBe('loopback');
    expect(own('x', '10.255.0.1')).toBeUndefined();
    expect(own('x', '::1')).toBeUndefined();
    expect(own('x', '::ffff:127.0.0.1')).toBe('IPv4-mapped');
    expect(own('hooks.internal', '192.168.0.1')).toBeUndefined();
    expect(own('evil.hooks.internal', '192.168.0.1')).toBe('private');
  });
});

describe('a POST', () => {
  let receiver: Receiver;
  let port: string;

  beforeAll(async () => {
    receiver = await Receiver.start();
    ({ port } = new URL(receiver.url));
  });

  test.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://2130706433',
    'http://0177.0.0.1',
    'http://0x7f.1',
    'http://127.1',
    'http://0',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://１２７.0.0.1',
    'http://169.254.169.254',
    'http://[fd00:ec2::254]',
  ])('to %s is refused before anything is connected', async (host) => {
    await expect(post(open([]), `${host}:${port}/`)).rejects.toThrow(
      / is refused: .* is not a public address \(.+\)\.$/,
    );
    expect(receiver.connections).toBe(0);
  });

  test.each([
    ['ftp://127.0.0.1/', 'The address must begin with http or https.'],
    ['http://user:pass@127.0.0.1/', 'The address must not hold a user name or a password.'],
  ])('to %s is refused', async (url, sentence) => {
    await expect(post(open(['127.0.0.1']), url)).rejects.toThrow(sentence);
  });

  test('one private address among public ones refuses the name', async () => {
    const http = open([], async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
    await expect(post(http, `http://two.example:${port}/`)).rejects.toThrow(
      'two.example is refused: 127.0.0.1 is not a public address (loopback).',
    );
  });

  test('a name that resolves otherwise the second time gains nothing: what was checked is what is connected to', async () => {
    const answers = ['127.0.0.1', '127.0.0.2'];
    const asked: string[] = [];
    const http = open(['127.0.0.1/32'], async (hostname) => {
      asked.push(hostname);
      return [{ address: answers.shift() ?? '127.0.0.2', family: 4 }];
    });
    const before = receiver.received.length;
    receiver.answer = () => ({ status: 200, headers: { connection: 'close' } });
    expect(await post(http, `http://rebind.example:${port}/`)).toMatchObject({ statusCode: 200 });
    expect(asked).toEqual(['rebind.example']);
    await expect(post(http, `http://rebind.example:${port}/`)).rejects.toThrow(
      'rebind.example is refused: 127.0.0.2 is not a public address (loopback).',
    );
    expect(receiver.received.length).toBe(before + 1);
  });

  test('redirects are answers, and are not followed', async () => {
    receiver.answer = () => ({ status: 307, headers: { location: receiver.url } });
    const before = receiver.received.length;
    const answer = await post(open(['127.0.0.1']), receiver.url);
    expect(answer).toMatchObject({ statusCode: 307, headers: { location: receiver.url } });
    expect(receiver.received.length).toBe(before + 1);
  });

  test('headers and body of the answer are kept to their limits', async () => {
    receiver.answer = () => ({
      status: 200,
      headers: { 'x-a': 'a'.repeat(7000), 'x-b': 'b'.repeat(2000) },
      body: '😀'.repeat(500_000),
    });
    const { headers, body } = await post(open(['127.0.0.1']), receiver.url);
    expect(headers['x-a']).toHaveLength(7000);
    expect(headers).not.toHaveProperty('x-b');
    expect([...body]).toEqual(Array(1000).fill('😀'));
    receiver.answer = () => ({ status: 200, headers: { 'x-a': 'a'.repeat(20_000) } });
    await expect(post(open(['127.0.0.1']), receiver.url)).rejects.toThrow(
      'The headers of the answer are longer than 16 KiB.',
    );
  });

  test('an answer that does not come, or does not end, fails in time', async () => {
    receiver.answer = () => new Promise(() => {});
    await expect(post(open(['127.0.0.1']), receiver.url, 50)).rejects.toThrow(
      'No complete answer came within 0.05 s.',
    );
    receiver.answer = () => ({ status: 200, headers: { 'content-length': '10' }, body: 'half' });
    await expect(post(open(['127.0.0.1']), receiver.url, 50)).rejects.toThrow(
      'No complete answer came within 0.05 s.',
    );
  });

  test('a name that is not known fails in a sentence', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    await expect(
      post(
        open([], () => Promise.reject(unknown)),
        'http://nobody.example/',
      ),
    ).rejects.toThrow('The host name is not known.');
    await expect(
      post(
        open([], async () => []),
        'http://nobody.example/',
      ),
    ).rejects.toThrow('nobody.example has no address.');
  });
});
