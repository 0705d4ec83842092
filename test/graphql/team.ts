import type { Door } from './door';

/** Sets the agents of a team. */
export const SET_AGENTS = `mutation M($teamId: ID!, $agentIds: [ID!]!) {
  made: setTeamAgents(teamId: $teamId, agentIds: $agentIds) { id priority cap agent { firstName } } }`;

/** Makes a team with an agent for each name, and answers their ids. */
export async function openTeam(door: Door, key: string, settings: object, names: string[]) {
  const teamId = await door.make(key, 'team', { name: 'Sales', ...settings });
  const agentIds: string[] = [];
  for (const firstName of names) agentIds.push(await door.make(key, 'agent', { firstName }));
  await door.run(key, SET_AGENTS, { teamId, agentIds });
  return { team: { id: teamId }, agentIds };
}
