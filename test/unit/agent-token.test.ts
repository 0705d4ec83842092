import jwt from 'jsonwebtoken';
import { issueToken, isTokenForm, isTokenRefusal, readToken } from '../../src/domain/agent/agent-token';
import { generateKey } from '../../src/domain/api-key/api-key.rules';
import { DomainError } from '../../src/domain/error';
import { credentialsAmong } from '../../src/domain/sign-in';
import { Vault } from '../../src/domain/vault';

const OLD = 'the first secret, which has been replaced';
const NEW = 'the second secret, which is the one today';
const CLAIMS = { accountId: 'account', agentId: 'agent', sessionId: 'session', refreshes: 2 };
const NOW = new Date('2026-03-02T10:00:00.500Z');
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const vault = new Vault(NEW);

function refusalOf(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a token says what it was issued with, and when it ends', () => {
  const token = issueToken(vault, 'access', CLAIMS, NOW);
  expect(readToken(vault, 'access', token, NOW)).toEqual(CLAIMS);
  const issuedAt = Date.parse('2026-03-02T10:00:00Z') / 1000;
  expect(jwt.decode(token, { complete: true })).toMatchObject({
    header: { alg: 'HS256', typ: 'JWT' },
    payload: {
      ...{ iss: 'switchboard', aud: 'access', sub: 'agent', account: 'account', session: 'session' },
      ...{ refreshes: 2, iat: issuedAt, exp: issuedAt + 900 },
    },
  });
});

test.each([
  ['access', 15 * 60],
  ['refresh', 7 * 86_400],
] as const)('an %s token is good until its time is over', (use, seconds) => {
  const token = issueToken(vault, use, CLAIMS, NOW);
  expect(readToken(vault, use, token, after(seconds - 1))).toEqual(CLAIMS);
  const error = refusalOf(() => readToken(vault, use, token, after(seconds)));
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: `The ${use} token has expired.` });
  expect(isTokenRefusal(error)).toBe(true);
});

test('what is no token of this use, from here, is refused', () => {
  const access = issueToken(vault, 'access', CLAIMS, NOW);
  const [header, payload, signature] = access.split('.');
  const changed = Buffer.from(JSON.stringify({ ...(jwt.decode(access) as object), sub: 'boss' }));
  const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  const key = vault.signingKeys('agent tokens')[0] as Buffer;
  for (const token of [
    'a.b.c',
    issueToken(vault, 'refresh', CLAIMS, NOW),
    issueToken(new Vault(OLD), 'access', CLAIMS, NOW),
    `${header}.${changed.toString('base64url')}.${signature}`,
    `${unsigned}.${payload}.`,
    `${unsigned}.${payload}.${signature}`,
    jwt.sign({ aud: 'access', iss: 'elsewhere' }, key),
    jwt.sign({ aud: 'access', iss: 'switchboard' }, key, { algorithm: 'HS384' }),
    jwt.sign({ aud: 'access', iss: 'switchboard' }, NEW),
  ]) {
    const error = refusalOf(() => readToken(vault, 'access', token, NOW));
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', message: 'The access token is not valid.' });
    expect(isTokenRefusal(error)).toBe(true);
  }
  expect(isTokenRefusal(new DomainError('UNAUTHENTICATED', 'Invalid or missing API key'))).toBe(false);
});

test('a token of a secret that was replaced is good while SECRET_PREVIOUS names it', () => {
  const token = issueToken(new Vault(OLD), 'access', CLAIMS, NOW);
  expect(readToken(new Vault(NEW, [OLD]), 'access', token, NOW)).toEqual(CLAIMS);
  const fresh = issueToken(new Vault(NEW, [OLD]), 'access', CLAIMS, NOW);
  expect(readToken(vault, 'access', fresh, NOW)).toEqual(CLAIMS);
  const late = refusalOf(() => readToken(new Vault(NEW, [OLD]), 'access', token, after(900)));
  expect(late.message).toBe('The access token has expired.');
});

test('keys and tokens are told apart by their form, wherever they stand', () => {
  const [key, token] = [generateKey('sb_live'), issueToken(vault, 'access', CLAIMS, NOW)];
  expect([key, 'garbage', '', token].map(isTokenForm)).toEqual([false, false, false, true]);
  expect(credentialsAmong([undefined, token, key])).toEqual({ key, token });
  expect(credentialsAmong([key, token])).toEqual({ key, token });
  expect(credentialsAmong(['garbage', key])).toEqual({ key: 'garbage', token: undefined });
  expect(credentialsAmong([token, ''])).toEqual({ key: undefined, token });
  expect(credentialsAmong([undefined])).toEqual({ key: undefined, token: undefined });
});
