import type { Context } from './context';

/** What a request says of itself before anybody knows whose it is. */
export interface SignInRequest {
  /** The key as it was sent, or undefined. */
  key: string | undefined;
  requestId: string;
  /** Id of the client account that an agency’s key acts for. */
  accountId?: string | undefined;
}

/** Turns a key into a context. Throws UNAUTHENTICATED for a key that is missing, unknown, expired or revoked. */
export type SignIn = (request: SignInRequest) => Promise<Context>;
