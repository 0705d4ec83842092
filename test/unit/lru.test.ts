import { Lru } from '../../src/graphql/lru';

const present = (lru: Lru<number>, keys: string) =>
  [...keys].filter((key) => lru.get(key) !== undefined).join('');

test('what was used longest ago goes first', () => {
  const lru = new Lru<number>(3);
  for (const key of 'abc') lru.set(key, 1);
  lru.get('a');
  lru.set('d', 1);
  expect(present(lru, 'abcd')).toBe('acd');
  lru.set('a', 2);
  lru.set('e', 1);
  expect(present(lru, 'acde')).toBe('ade');
  expect({ size: lru.size, a: lru.get('a') }).toEqual({ size: 3, a: 2 });
});

test('keys have so many characters together, and none has more', () => {
  const lru = new Lru<number>(100, 10);
  lru.set('aaaa', 1);
  lru.set('bbbb', 1);
  lru.set('bbbb', 2);
  expect(lru.size).toBe(2);
  lru.set('cccccccc', 1);
  expect(lru.size).toBe(1);
  lru.set('d'.repeat(11), 1);
  expect([lru.size, lru.get('cccccccc')]).toEqual([1, 1]);
});
