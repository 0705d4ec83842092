import { isOfOwnTeam } from '../team/team.rules';

/** The SQL condition that the agent works the case, or is of its team. */
export function isOwnCase(agent: string, account: string, one = '"support_case"'): string {
  return `(${one}."agent_id" = ${agent} or ${isOfOwnTeam(one, agent, account)})`;
}

/** The SQL condition that a row of the table belongs to a case of the agent’s. */
export function hasOwnCase(table: string, agent: string, account: string): string {
  return `exists (select from support_case own where own."account_id" = ${account} and own."deleted_at" is null
    and own."id" = ${table}."case_id" and ${isOwnCase(agent, account, 'own')})`;
}

/** The SQL condition that an e-mail stands in the history of a case of the agent’s. */
export function isInOwnCase(agent: string, account: string): string {
  return `exists (select from case_entry entry where entry."account_id" = ${account}
    and entry."email_id" = "email"."id" and ${hasOwnCase('entry', agent, account)})`;
}
