/** The SQL condition that the team of a row of the table is one of the agent’s. */
export function isOfOwnTeam(table: string, agent: string, account: string): string {
  // An array, so that it is made once for a statement and finds its rows by index.
  return `${table}."team_id" = any(array(select team."id" from team
    where team."account_id" = ${account} and team."deleted_at" is null and (team."is_for_all_agents" or exists (
      select from team_member place where place."account_id" = ${account}
        and place."team_id" = team."id" and place."agent_id" = ${agent}))))`;
}
