import fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { findKey } from '../../src/rest/credentials';
import type { Credential } from '../../src/rest/dialect';

const BEARER: Credential[] = [{ in: 'bearer' }];
const ANYWHERE: Credential[] = [
  { in: 'header', name: 'X-Api-Key' },
  { in: 'query', name: 'api_key' },
  { in: 'body', name: 'apikey' },
  { in: 'bearer' },
];

/** The part of a request that keys are looked for in. */
function request(parts: { headers?: object; query?: object; body?: unknown }): FastifyRequest {
  return { headers: {}, query: {}, body: undefined, ...parts } as unknown as FastifyRequest;
}

describe('a bearer header', () => {
  test.each([
    ['Bearer bf207bcf-c0de-4067-bd28-45728bd305aa', 'bf207bcf-c0de-4067-bd28-45728bd305aa'],
    ['Bearer   key', 'key'],
    ['Bearer\tkey', 'key'],
    [' Bearer key ', 'key'],
    ['bearer key', undefined],
    ['BEARER key', undefined],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer key more', undefined],
    ['Bearer: key', undefined],
    ['Basic key', undefined],
    ['key', undefined],
    ['', undefined],
  ])('%p has the key %p', (authorization, key) => {
    expect(findKey(BEARER, request({ headers: { authorization } }))).toBe(key);
  });

  test('is two words of which the first is Bearer, and nothing else', () => {
    const word = fc.string({ unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(fc.constantFrom('Bearer', 'bearer', 'Token', ''), word, word, (scheme, one, two) => {
        const authorization = `${scheme} ${one} ${two}`;
        const words = authorization.split(/\s+/).filter(Boolean);
        const key = words.length === 2 && words[0] === 'Bearer' ? words[1] : undefined;
        expect(findKey(BEARER, request({ headers: { authorization } }))).toBe(key);
      }),
    );
  });

  test('is not looked for elsewhere', () => {
    const parts = { headers: { 'x-api-key': 'key' }, query: { api_key: 'key' }, body: { apikey: 'key' } };
    expect(findKey(BEARER, request(parts))).toBeUndefined();
  });
});

test.each([
  ['a header', { headers: { 'x-api-key': 'key' } }, 'key'],
  ['the query', { query: { api_key: 'key' } }, 'key'],
  ['the body', { body: { apikey: 'key' } }, 'key'],
  ['the first place that has one', { headers: { 'x-api-key': 'one' }, query: { api_key: 'two' } }, 'one'],
  ['the next place after an empty one', { headers: { 'x-api-key': '' }, query: { api_key: 'two' } }, 'two'],
  ['no list', { query: { api_key: ['one', 'two'] } }, undefined],
  ['no object', { body: { apikey: { $ne: null } } }, undefined],
  ['no body that is null', { body: null }, undefined],
  ['no body that is a text', { body: 'apikey' }, undefined],
])('a key is found in %s', (_, parts, key) => expect(findKey(ANYWHERE, request(parts))).toBe(key));
