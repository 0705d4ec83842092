import type { AgentRole } from './agent.entity';

const WORKS_ON = [
  ...['appointments', 'calendarEvents', 'calls', 'chats', 'leads', 'notes', 'smsMessages', 'supportCases'],
];
const READS = [
  ...['agents', 'callRings', 'caseEntries', 'chatMessages', 'contacts', 'emails', 'feeds', 'inboundEmails'],
  ...['phoneNumbers', 'tags', 'teamMembers', 'teams', 'templates'],
];

/** What agents may do who have signed in, by their role; null is everything. A new noun is for admins until it is named. */
export const SCOPES_OF_ROLE: Record<AgentRole, ReadonlySet<string> | null> = {
  admin: null,
  agent: new Set([
    ...WORKS_ON.flatMap((plural) => [`${plural}:read`, `${plural}:write`]),
    ...READS.map((plural) => `${plural}:read`),
  ]),
};
