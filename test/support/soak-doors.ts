import { audiences } from '../../src/domain/audience/audience.service';
import { teamMembers, teams } from '../../src/domain/team/team.service';
import { issueKey, type TestAccount } from './account';
import { SAMPLE_AGENT, signInAgent } from './dialect-account';

/** How many keys of a door take turns, so that its limit is not met. */
const KEYS = 10;

/** A way to make a record that bears a mark, which stands in no other. */
export interface SoakDoor {
  name: string;
  path: string;
  /** Headers that name who writes; a request that is sent again has them again. */
  headersOf: (number: number) => Record<string, string>;
  bodyOf: (number: number) => object;
  /** The mark of the record of this number. */
  markOf: (number: number) => string;
  /** Selects the marks of all records that are there, of the account `$1`. */
  marks: string;
}

const CREATE = 'mutation ($phone: String!) { createLead(input: { phone: $phone }) { id } }';
const MARKS = {
  phone: (area: string) => `select phone as mark from lead where account_id = $1 and phone like '+1${area}%'`,
  email: `select email as mark from contact where account_id = $1 and email like 'soak%'`,
  summary: `select summary as mark from support_case where account_id = $1`,
  team: `select name as mark from team where account_id = $1 and name like 'Team %'`,
};

/** The doors of an account that writers go in by: GraphQL and all dialects. */
export async function openSoakDoors(account: TestAccount): Promise<SoakDoor[]> {
  const { ctx } = account;
  const keys: string[] = [];
  while (keys.length < KEYS) keys.push(await issueKey(account));
  const keyOf = (number: number) => keys[number % KEYS] as string;
  const bearer = (number: number) => ({ authorization: `Bearer ${keyOf(number)}` });
  const phoneIn = (area: string) => (number: number) => `+1${area}${5_000_000 + number}`;
  const { number: audienceId } = await audiences.create(ctx, { name: 'Soaked' });
  const { id: teamId, number: depid } = await teams.create(ctx, { name: 'Support' });
  const { agent, token } = await signInAgent(account);
  await teamMembers.create(ctx, { teamId, agentId: agent.id });
  const lead = (area: string) => ({ markOf: phoneIn(area), marks: MARKS.phone(area) });
  return [
    {
      ...{ name: 'graphql', path: '/graphql', headersOf: bearer, ...lead('202') },
      bodyOf: (number) => ({ query: CREATE, variables: { phone: phoneIn('202')(number) } }),
    },
    {
      ...{ name: 'fusion', path: '/api/leads/external/v1/leads', headersOf: bearer, ...lead('212') },
      bodyOf: (number) => ({ name: 'Soak', phone: phoneIn('212')(number) }),
    },
    {
      ...{ name: 'epixel', path: '/api/v1/leads/create/lead/', ...lead('213') },
      headersOf: (number) => ({ apikey: keyOf(number), authorization: `Bearer ${token}` }),
      bodyOf: (number) => ({
        ...{ first_name: 'Jane', last_name: 'Doe', email: 'jane@example.com', phone: phoneIn('213')(number) },
        ...{ location: 'Springfield', message: 'Please call.', status: 'prospect', source: 'website' },
        assignee: SAMPLE_AGENT.username,
      }),
    },
    {
      ...{ name: 'furiosa', headersOf: bearer, marks: MARKS.email },
      path: '/api/v1/contacts',
      bodyOf: (number) => ({ audience_id: audienceId, email: `soak${number}@example.com` }),
      markOf: (number) => `soak${number}@example.com`,
    },
    {
      ...{ name: 'fusedesk', path: '/api/v1/cases', marks: MARKS.summary },
      headersOf: (number) => ({ 'x-fusedesk-api-key': keyOf(number) }),
      bodyOf: (number) => ({
        ...{ depid, summary: `Case ${number}`, details: 'It burns.', openedby: 'Jane Doe' },
        email: 'jane@example.com',
      }),
      markOf: (number) => `Case ${number}`,
    },
    {
      ...{ name: 'callingly', path: '/v1/teams', headersOf: bearer, marks: MARKS.team },
      bodyOf: (number) => ({ name: `Team ${number}` }),
      markOf: (number) => `Team ${number}`,
    },
  ];
}
