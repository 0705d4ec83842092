import jwt, { type JwtPayload, type VerifyOptions } from 'jsonwebtoken';
import { DomainError } from '../error';
import type { Vault } from '../vault';

/** What a token is good for: requests, or getting new tokens. */
export type TokenUse = 'access' | 'refresh';

/** What a token says. */
export interface TokenClaims {
  accountId: string;
  agentId: string;
  sessionId: string;
  /** How many refreshes came before it. */
  refreshes: number;
}

/** How long tokens are good, in seconds. */
export const TOKEN_SECONDS: Record<TokenUse, number> = { access: 15 * 60, refresh: 7 * 24 * 60 * 60 };

const PURPOSE = 'agent tokens';
const ISSUER = 'switchboard';
const ALGORITHM = 'HS256';
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const NOT_VALID = 'token_not_valid';

/** Whether a text has the form of a token; no API key has it. */
export function isTokenForm(text: string): boolean {
  return TOKEN.test(text);
}

/** UNAUTHENTICATED because of a token; {@link isTokenRefusal} tells it from other refusals. */
export function tokenRefused(message: string): DomainError {
  return new DomainError('UNAUTHENTICATED', message, { cause: NOT_VALID });
}

/** Whether a failure is that a token is expired, ended, or none. */
export function isTokenRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.cause === NOT_VALID;
}

/** A signed token (JWT, HS256). */
export function issueToken(vault: Vault, use: TokenUse, claims: TokenClaims, now: Date): string {
  const { accountId: account, agentId: sub, sessionId: session, refreshes } = claims;
  const iat = Math.floor(now.getTime() / 1000);
  const payload = {
    iss: ISSUER,
    aud: use,
    sub,
    account,
    session,
    refreshes,
    iat,
    exp: iat + TOKEN_SECONDS[use],
  };
  return jwt.sign(payload, vault.signingKeys(PURPOSE)[0] as Buffer, { algorithm: ALGORITHM });
}

/** What a token says. Throws UNAUTHENTICATED ({@link isTokenRefusal}) when it is none, was tampered with, or is expired. */
export function readToken(vault: Vault, use: TokenUse, token: string, now: Date): TokenClaims {
  const clockTimestamp = Math.floor(now.getTime() / 1000);
  const algorithms: VerifyOptions['algorithms'] = [ALGORITHM];
  const options = { algorithms, issuer: ISSUER, audience: use, clockTimestamp };
  for (const key of vault.signingKeys(PURPOSE)) {
    try {
      const { sub = '', account, session, refreshes } = jwt.verify(token, key, options) as JwtPayload;
      return { accountId: account, agentId: sub, sessionId: session, refreshes };
    } catch (error) {
      if (error instanceof jwt.TokenExpiredError) throw tokenRefused(`The ${use} token has expired.`);
      if (!(error instanceof jwt.JsonWebTokenError)) throw error;
    }
  }
  throw tokenRefused(`The ${use} token is not valid.`);
}
