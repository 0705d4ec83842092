import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
import { Door } from './door';

export const LOGIN = `mutation M($input: LoginInput!) {
  login(input: $input) { accessToken refreshToken expiresAt agent { id username } } }`;

export const REFRESH = `mutation M($token: String!) {
  refreshSession(refreshToken: $token) { accessToken refreshToken expiresAt agent { id } } }`;

/** What every session may ask. */
export const WHO = '{ agents(first: 1) { totalCount } }';

/** What a login answers. */
export type Tokens = Pick<SessionTokens, 'accessToken' | 'refreshToken' | 'expiresAt' | 'agent'>;

/** What a door that has met nobody yet answers to a token, at the time of another. */
export async function answerElsewhere(
  door: Door,
  token: string,
): Promise<{ status: number; message?: string | undefined }> {
  const elsewhere = await Door.open();
  elsewhere.clock.at = door.clock.at;
  const { status, body } = await elsewhere.send(token, WHO);
  await elsewhere.close();
  return { status, message: body.errors?.[0]?.message };
}

/** What it answers to a token whose session has ended. */
export const ENDED = { status: 401, message: 'The session has ended.' };
