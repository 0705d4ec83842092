import { hashPassword, isPassword } from '../../src/domain/agent/password';

test('a hash says how it was made, has a salt of its own, and knows its password alone', async () => {
  const hashes = [await hashPassword('opensesame'), await hashPassword('opensesame')];
  for (const hash of hashes) {
    expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await isPassword('opensesame', hash)).toBe(true);
  }
  expect(hashes[0]).not.toBe(hashes[1]);
  for (const wrong of ['opensesamE', 'opensesame ', '']) {
    expect(await isPassword(wrong, hashes[0])).toBe(false);
  }
});

test('a password of another cost is known by the cost in its hash', async () => {
  // Worked out with Python: hashlib.scrypt(b'opensesame', salt=b'0123456789abcdef', n=1024, r=8, p=1, dklen=32)
  const hash = '$scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$3O6KTZifz9U3BnLzGXgBp6SNPyAukAHIMgu1LtyNnmY';
  expect(await isPassword('opensesame', hash)).toBe(true);
  expect(await isPassword('opensesamf', hash)).toBe(false);
});

test('the same characters in another encoding are the same password', async () => {
  const hash = await hashPassword('caf\u00e9 1234');
  expect(await isPassword('cafe\u0301 1234', hash)).toBe(true);
});

test('nobody’s password is never right, and takes as long to find out', async () => {
  const hash = await hashPassword('opensesame');
  const shortest = async (before: number, stored: string | null) => {
    const from = performance.now();
    expect(await isPassword('wrong', stored)).toBe(false);
    return Math.min(before, performance.now() - from);
  };
  // A busy machine makes some rounds longer, and none shorter.
  let [known, unknown, round] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  const isAlike = () => unknown / known > 0.5 && unknown / known < 2;
  for (; round < 3 || (round < 40 && !isAlike()); round += 1) {
    known = await shortest(known, hash);
    unknown = await shortest(unknown, null);
  }
  expect({ known, unknown, isAlike: isAlike() }).toMatchObject({ isAlike: true });
});

test('a stored hash of another kind is a fault, not a wrong password', async () => {
  await expect(isPassword('x', '$2b$10$abcdefghijklmnopqrstuv')).rejects.toThrow('is not readable');
});

test('those who come when fifty wait already are told to try again', async () => {
  // The cheapest hash there can be, so that the fifty are soon done.
  const hash = '$scrypt$ln=1,r=1,p=1$c2FsdA$aGFzaA';
  const tries = Array.from({ length: 53 }, () => isPassword('x', hash).catch((error) => error));
  const answers = await Promise.all(tries);
  expect(answers.slice(0, 52)).toEqual(Array(52).fill(false));
  expect(answers[52]).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 5 });
});
