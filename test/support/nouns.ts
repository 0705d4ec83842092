import { capitalize } from '../../src/domain/text';

/** Values by name. */
export type Values = Record<string, unknown>;

/** Every noun with identifiers, with input for one and a change to it. */
export const NOUNS: { noun: string; plural: string; create: (ids: Values) => Values; update: Values }[] = [
  { noun: 'agent', plural: 'agents', create: () => ({ firstName: 'A' }), update: { firstName: 'B' } },
  { noun: 'team', plural: 'teams', create: () => ({ name: 'A' }), update: { name: 'B' } },
  { noun: 'feed', plural: 'feeds', create: () => ({ name: 'A' }), update: { name: 'B' } },
  { noun: 'tag', plural: 'tags', create: () => ({ name: 'A' }), update: { name: 'B' } },
  { noun: 'lead', plural: 'leads', create: () => ({ phone: '+12025550100' }), update: { firstName: 'B' } },
  {
    noun: 'phoneNumber',
    plural: 'phoneNumbers',
    create: () => ({ phone: '+12025550101' }),
    update: { name: 'B' },
  },
  {
    ...{ noun: 'teamMember', plural: 'teamMembers', update: { priority: 1 } },
    create: ({ team, agent }) => ({ teamId: team, agentId: agent }),
  },
  { noun: 'call', plural: 'calls', create: ({ lead }) => ({ leadId: lead }), update: { seconds: 1 } },
  {
    noun: 'note',
    plural: 'notes',
    create: ({ lead }) => ({ leadId: lead, body: 'A' }),
    update: { body: 'B' },
  },
  {
    ...{ noun: 'appointment', plural: 'appointments', update: { note: 'B' } },
    create: ({ lead }) => ({
      leadId: lead,
      startsAt: '2026-04-01T10:00:00Z',
      endsAt: '2026-04-01T11:00:00Z',
    }),
  },
  {
    ...{ noun: 'calendarEvent', plural: 'calendarEvents', update: { title: 'B' } },
    create: () => ({ title: 'A', startsAt: '2026-04-01T10:00:00Z', endsAt: '2026-04-01T11:00:00Z' }),
  },
  { noun: 'audience', plural: 'audiences', create: () => ({ name: 'A' }), update: { name: 'B' } },
  {
    ...{ noun: 'audienceGroup', plural: 'audienceGroups', update: { name: 'B' } },
    create: ({ audience }) => ({ audienceId: audience, name: 'A' }),
  },
  {
    ...{ noun: 'contact', plural: 'contacts', update: { firstName: 'B' } },
    create: ({ audience }) => ({ audienceId: audience, email: 'a@example.com' }),
  },
  {
    ...{ noun: 'campaign', plural: 'campaigns', update: { name: 'B' } },
    create: ({ audience }) => ({ audienceId: audience, name: 'A' }),
  },
  {
    ...{ noun: 'formPage', plural: 'formPages', update: { name: 'B' } },
    create: ({ audience }) => ({ audienceId: audience, name: 'A' }),
  },
  {
    ...{ noun: 'suppression', plural: 'suppressions', update: { reason: 'BOUNCED' } },
    create: () => ({ address: 'a@example.com' }),
  },
  {
    ...{ noun: 'webhook', plural: 'webhooks', update: { name: 'B' } },
    create: () => ({ name: 'A', url: 'https://example.com/hook', events: ['webhook.updated'] }),
  },
  { noun: 'chat', plural: 'chats', create: () => ({ title: 'A' }), update: { title: 'B' } },
  {
    ...{ noun: 'template', plural: 'templates', update: { name: 'B' } },
    create: () => ({ name: 'A', kind: 'NOTE', body: 'A' }),
  },
  {
    ...{ noun: 'supportCase', plural: 'supportCases', update: { summary: 'B' } },
    create: ({ team, contact }) => ({
      teamId: team,
      contactId: contact,
      summary: 'A',
      details: 'A',
      openedBy: 'A',
    }),
  },
  { noun: 'apiKey', plural: 'apiKeys', create: () => ({ name: 'A' }), update: { name: 'B' } },
];

/** Nouns that are answered beside a secret when they are made. */
const WITH_SECRET = ['apiKey', 'webhook'];
const selectionOf = (noun: string) => (WITH_SECRET.includes(noun) ? `{ made: ${noun} { id } }` : '{ id }');

/** The mutation that makes one. */
export function createText(noun: string): string {
  const name = capitalize(noun);
  return `mutation M($input: Create${name}Input!) { create${name}(input: $input) ${selectionOf(noun)} }`;
}
