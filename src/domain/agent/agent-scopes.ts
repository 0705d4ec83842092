import type { AgentRole } from './agent.entity';

const WORKS_ON = ['appointments', 'calendarEvents', 'calls', 'leads', 'notes', 'smsMessages'];
const READS = ['agents', 'callRings', 'feeds', 'phoneNumbers', 'tags', 'teamMembers', 'teams'];

/** What agents may do who have signed in, by their role; null is everything. A new noun is for admins until it is named. */
export const SCOPES_OF_ROLE: Record<AgentRole, ReadonlySet<string> | null> = {
  admin: null,
  agent: new Set([
    ...WORKS_ON.flatMap((plural) => [`${plural}:read`, `${plural}:write`]),
    ...READS.map((plural) => `${plural}:read`),
  ]),
};
