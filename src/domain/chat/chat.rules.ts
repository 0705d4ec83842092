import { hasOwnCase } from '../support-case/case-view.rules';
import { isOfOwnTeam } from '../team/team.rules';

/** The SQL condition that the agent answers the chat, is of its team, or sees the case that it belongs to. */
export function isOwnChat(agent: string, account: string, one = '"chat"'): string {
  return `(${one}."agent_id" = ${agent} or ${isOfOwnTeam(one, agent, account)}
    or ${hasOwnCase(one, agent, account)})`;
}

/** The SQL condition that a message is of a chat that the agent sees. */
export function isInOwnChat(agent: string, account: string): string {
  return `exists (select from chat talk where talk."account_id" = ${account}
    and talk."id" = "chat_message"."chat_id" and ${isOwnChat(agent, account, 'talk')})`;
}
