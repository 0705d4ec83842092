import { isTokenForm } from './agent/agent-token';
import type { Context } from './context';

/** What a request says of itself before anybody knows whose it is. */
export interface SignInRequest {
  /** The key as it was sent, or undefined. */
  key?: string | undefined;
  /** The access token of an agent's session as it was sent, or undefined. */
  token?: string | undefined;
  requestId: string;
  /** Id of the client account that an agency’s key acts for. */
  accountId?: string | undefined;
  /** The network address that the request came from. */
  address?: string | undefined;
}

/**
 * Turns a key, an access token or both into a context; with a token the agent acts,
 * under a key besides within the scopes of the key. Throws UNAUTHENTICATED for a key
 * that is missing, unknown, expired or revoked, for a token that is not good (`isTokenRefusal`), and when key and
 * token are of different accounts.
 */
export type SignIn = (request: SignInRequest) => Promise<Context>;

/** The key and the access token among the texts of a request, told apart by their form; of each kind the first. */
export function credentialsAmong(texts: (string | undefined)[]): Pick<SignInRequest, 'key' | 'token'> {
  const found: Pick<SignInRequest, 'key' | 'token'> = { key: undefined, token: undefined };
  for (const text of texts) {
    if (!text) continue;
    if (isTokenForm(text)) found.token ??= text;
    else found.key ??= text;
  }
  return found;
}
