import { isOwnChat } from '../chat/chat.rules';
import { isOwnCase } from '../support-case/case-view.rules';

/** The SQL condition that the contact is of a support case or a chat that the agent sees. */
export function isKnownContact(agent: string, account: string): string {
  const isOf = (table: string) => `from ${table} known where known."account_id" = ${account}
    and known."contact_id" = "contact"."id"`;
  return `(exists (select ${isOf('support_case')} and known."deleted_at" is null and ${isOwnCase(agent, account, 'known')})
    or exists (select ${isOf('chat')} and ${isOwnChat(agent, account, 'known')}))`;
}
