import type { Vault } from '../vault';

const PLACE = 'feedback link';
const ID_BYTES = 16;

/** Which case a feedback link is about. */
export interface FeedbackTarget {
  accountId: string;
  caseId: string;
}

const bytesOf = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex');
const idOf = (bytes: Buffer) =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The end of a case's feedback link: only this installation can make and read it. */
export function feedbackToken(vault: Vault, { accountId, caseId }: FeedbackTarget): string {
  return vault.encrypt(Buffer.concat([bytesOf(accountId), bytesOf(caseId)]).toString('base64url'), PLACE);
}

/** Which case the link is about; undefined for one that was not made here. */
export function readFeedbackToken(vault: Vault, token: string): FeedbackTarget | undefined {
  try {
    const ids = Buffer.from(vault.decrypt(token, PLACE), 'base64url');
    return { accountId: idOf(ids.subarray(0, ID_BYTES)), caseId: idOf(ids.subarray(ID_BYTES)) };
  } catch {
    return undefined;
  }
}
