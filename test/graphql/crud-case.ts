/** Values by name. */
export type Values = Record<string, unknown>;

/** Rows that others refer to, by what they are. */
export type Known = Record<
  'leadId' | 'teamId' | 'agentId' | 'callId' | 'feedId' | 'otherAgentId' | 'audienceId' | 'deskTeamId',
  string
>;

/** How a noun is made, and what is changed of it. */
export interface Case {
  noun: string;
  plural: string;
  label: string;
  create: (known: Known) => Values;
  /** What the created one has besides what was given. */
  defaults: (known: Known) => Values;
  update: Values;
  /** What else a change brings about. */
  effects?: Values;
}
