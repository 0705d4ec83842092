import * as fc from 'fast-check';
import { wellFormed } from './wire-request';

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '');

/** Pairs of a form, with lists and objects in PHP's brackets. */
export function pairsOf(value: unknown, name: string, depth = 0): [string, string][] {
  if (value === null || typeof value !== 'object' || depth > 7) return [[name, textOf(value)]];
  return Object.entries(value)
    .slice(0, 1_200)
    .flatMap(([key, item]) => pairsOf(item, name === '' ? key : `${name}[${key}]`, depth + 1));
}

function multipartOf(value: unknown, boundary: string): string {
  const parts = pairsOf(value, '').map(([name, text]) => {
    const quoted = wellFormed(name).replace(/["\r\n]/g, '_');
    return `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${wellFormed(text)}\r\n`;
  });
  return `${parts.join('')}--${boundary}--\r\n`;
}

const ENCODINGS: Record<string, (value: unknown) => { type: string; body: string }> = {
  json: (value) => ({ type: 'application/json', body: JSON.stringify(value) ?? '' }),
  urlencoded: (value) => ({
    type: 'application/x-www-form-urlencoded',
    body: pairsOf(value, '')
      .map(
        ([name, text]) => `${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(wellFormed(text))}`,
      )
      .join('&'),
  }),
  multipart: (value) => ({ type: 'multipart/form-data; boundary=x-y', body: multipartOf(value, 'x-y') }),
};

const mutation: fc.Arbitrary<(body: Buffer) => Buffer> = fc.oneof(
  { weight: 24, arbitrary: fc.constant((body: Buffer) => body) },
  fc.nat(60).map((at) => (body: Buffer) => body.subarray(0, at)),
  fc.tuple(fc.nat(60), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(
    ([at, bytes]) =>
      (body: Buffer) =>
        Buffer.concat([body.subarray(0, at), bytes, body.subarray(at)]),
  ),
  fc.constant((body: Buffer) => Buffer.from(body.toString('utf8'), 'utf16le')),
  fc.constant((body: Buffer) => Buffer.concat([Buffer.from('\ufeff'), body])),
  // Deeper than what walks by recursion can go.
  fc.constantFrom(['[', ']'], ['{"a":', '}']).map(
    ([open = '', close = '']) =>
      (body: Buffer) =>
        Buffer.from(
          body
            .toString('utf8')
            .replace(/:("[^"]*"|-?\d+)/, () => `:${open.repeat(50_000)}1${close.repeat(50_000)}`),
        ),
  ),
  // The same key twice.
  fc.constant((body: Buffer) =>
    Buffer.from(body.toString('utf8').replace(/^\{(?=")/, '{"name":1,"name":"x",')),
  ),
  fc.constant((body: Buffer) => Buffer.concat([body, body])),
);

/** Values as bodies of the usual types, some of them damaged. */
export const bodyOf = (value: fc.Arbitrary<unknown>) =>
  fc
    .tuple(
      value,
      fc.oneof({ weight: 8, arbitrary: fc.constant('json') }, fc.constantFrom('urlencoded', 'multipart')),
      mutation,
    )
    .map(([given, encoding, mutate]) => {
      const { type, body } = (ENCODINGS[encoding] as (value: unknown) => { type: string; body: string })(
        given,
      );
      return { type, body: mutate(Buffer.from(body, 'utf8')) };
    });
