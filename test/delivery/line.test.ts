import type { Attempted } from '../../src/delivery/attempt';
import type { Verdict } from '../../src/delivery/health';
import { Line } from '../../src/delivery/line';
import { TestClock } from '../support/account';

/** A line of two places and at most ten deliveries, and what is sent by it. */
function openLine() {
  const clock = new TestClock();
  const line = new Line(2, 10, clock.now);
  const sent: string[] = [];
  const answers: ((verdict: Verdict) => void)[] = [];
  const run = (name: string) =>
    line.run(async () => {
      sent.push(name);
      const verdict = await new Promise<Verdict>((answer) => answers.push(answer));
      return { outcome: { lane: { subjectId: name } }, verdict } as Attempted;
    });
  const answer = async (verdict: Verdict) => {
    while (answers.length === 0) await null;
    answers.shift()?.(verdict);
  };
  return { line, clock, sent, run, answer };
}

test('as many are claimed as there are places, and of a fast endpoint twice what it took', async () => {
  const { line, run, answer } = openLine();
  const take = async (count: number) => {
    const running = Array.from({ length: count }, (_, at) => run(String(at)));
    for (let at = 0; at < count; at += 1) await answer('works');
    await Promise.all(running);
  };
  expect(line.room()).toBe(2);
  for (const [count, room] of [
    [1, 2],
    [2, 4],
    [4, 8],
    [8, 10],
  ] as const) {
    await take(count);
    expect(line.room()).toBe(room);
  }
  expect(line.room()).toBe(2);
});

test('what waits is sent in order when places become free', async () => {
  const { line, sent, run, answer } = openLine();
  const running = ['a', 'b', 'c', 'd'].map(run);
  await null;
  expect(sent).toEqual(['a', 'b']);
  expect(line.room()).toBe(0);
  await answer('works');
  await running[0];
  expect(sent).toEqual(['a', 'b', 'c']);
  for (let at = 0; at < 3; at += 1) {
    await answer('nothing');
    await running[at + 1];
  }
  expect(sent).toEqual(['a', 'b', 'c', 'd']);
  expect(await running[3]).toMatchObject({ outcome: { lane: { subjectId: 'd' } } });
});

test.each(['fails', 'gone'] as const)(
  'an endpoint of which an answer says %s is not sent what waits',
  async (verdict) => {
    const { line, sent, run, answer } = openLine();
    const running = ['a', 'b', 'c', 'd'].map(run);
    await null;
    await answer(verdict);
    expect(await Promise.all(running.slice(2))).toEqual([undefined, undefined]);
    await answer('works');
    expect(await running[1]).toMatchObject({ verdict: 'works' });
    expect(sent).toEqual(['a', 'b']);
    expect(line.isIdle).toBe(false);
    expect(line.room()).toBe(2);
    expect(line.isIdle).toBe(true);
  },
);

test('what has waited for 5 s is given back, so that its lease outlasts its attempt', async () => {
  const { clock, sent, run, answer } = openLine();
  const running = ['a', 'b', 'c'].map(run);
  clock.advance(4_999);
  running.push(run('d'));
  clock.advance(1);
  await answer('works');
  expect(await running[2]).toBeUndefined();
  await null;
  expect(sent).toEqual(['a', 'b', 'd']);
  await answer('works');
  await answer('works');
  await Promise.all(running);
});
