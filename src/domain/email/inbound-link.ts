import { isUuid } from '../field-kinds';
import type { Vault } from '../vault';

const PLACE = 'inbound mail link';

/** The end of the address that an account's mails are posted to: only this installation can make and read it. */
export function inboundToken(vault: Vault, accountId: string): string {
  return vault.encrypt(accountId, PLACE);
}

/** The account of the address; undefined for one that was not made here. */
export function readInboundToken(vault: Vault, token: string): string | undefined {
  try {
    const accountId = vault.decrypt(token, PLACE);
    return isUuid(accountId) ? accountId : undefined;
  } catch {
    return undefined;
  }
}
