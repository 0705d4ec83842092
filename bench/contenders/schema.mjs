// The part of our schema that the bench asks for, on plain rows and loaders: one statement per relation and level.
import { randomUUID } from 'node:crypto';
import DataLoader from 'dataloader';
import { createSchema } from 'graphql-yoga';
import { ACCOUNT_ID } from './listen.mjs';
import { openPool } from './pool.mjs';

const pool = openPool();

const typeDefs = /* GraphQL */ `
  scalar DateTime
  enum CallStatus { RINGING IN_PROGRESS OFFLINE MISSED COMPLETED IGNORED BUSY ERROR }
  type Team { id: ID! name: String! }
  type Agent { id: ID! firstName: String! lastName: String! }
  type Note { id: ID! body: String! createdAt: DateTime! }
  type Call { id: ID! status: CallStatus! seconds: Int startedAt: DateTime agent: Agent }
  type Appointment { id: ID! startsAt: DateTime! endsAt: DateTime! }
  type Lead {
    id: ID! name: String! phone: String! email: String stage: String createdAt: DateTime!
    team: Team owner: Agent
    notes(first: Int = 20): [Note!]! calls(first: Int = 20): [Call!]! appointments(first: Int = 20): [Appointment!]!
  }
  type LeadConnection { nodes: [Lead!]! }
  input CreateLeadInput { firstName: String lastName: String phone: String! email: String }
  type Query { leads(first: Int = 20, after: ID): LeadConnection! lead(id: ID!): Lead! }
  type Mutation { createLead(input: CreateLeadInput!): Lead! }
`;

const COLUMNS = {
  team: 'id, name',
  agent: 'id, first_name as "firstName", last_name as "lastName"',
  note: 'id, lead_id as "leadId", body, created_at as "createdAt"',
  call: 'id, lead_id as "leadId", agent_id as "agentId", status, seconds, started_at as "startedAt"',
  appointment: 'id, lead_id as "leadId", starts_at as "startsAt", ends_at as "endsAt"',
  lead: `id, team_id as "teamId", owner_id as "ownerId", first_name as "firstName", last_name as "lastName", phone,
    email, stage, created_at as "createdAt"`,
};

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

const one = (table) =>
  new DataLoader(async (ids) => {
    const found = await rows(
      `${table} by id`,
      `select ${COLUMNS[table]} from ${table} where account_id = $1 and id = any($2)`,
      [ACCOUNT_ID, ids],
    );
    const byId = new Map(found.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });

const many = (table) =>
  new DataLoader(async (ids) => {
    const found = await rows(
      `${table} by lead`,
      `select r.* from unnest($2::uuid[]) as k(id) cross join lateral (
         select ${COLUMNS[table]} from ${table} where account_id = $1 and lead_id = k.id order by id desc limit $3) r`,
      [ACCOUNT_ID, ids, 20],
    );
    const byLead = new Map(ids.map((id) => [id, []]));
    for (const row of found) byLead.get(row.leadId).push(row);
    return ids.map((id) => byLead.get(id));
  });

/** The loaders of one request. */
export const loaders = () => ({
  team: one('team'),
  agent: one('agent'),
  notes: many('note'),
  calls: many('call'),
  appointments: many('appointment'),
});

const maybe = (loader, key) => (key === null ? null : loader.load(key));

const resolvers = {
  CallStatus: Object.fromEntries(
    ['RINGING', 'IN_PROGRESS', 'OFFLINE', 'MISSED', 'COMPLETED', 'IGNORED', 'BUSY', 'ERROR'].map((name) => [
      name,
      name.toLowerCase(),
    ]),
  ),
  Lead: {
    name: ({ firstName, lastName }) => (lastName === '' ? firstName : `${firstName} ${lastName}`),
    team: ({ teamId }, _, { team }) => maybe(team, teamId),
    owner: ({ ownerId }, _, { agent }) => maybe(agent, ownerId),
    notes: ({ id }, _, { notes }) => notes.load(id),
    calls: ({ id }, _, { calls }) => calls.load(id),
    appointments: ({ id }, _, { appointments }) => appointments.load(id),
  },
  Call: { agent: ({ agentId }, _, { agent }) => maybe(agent, agentId) },
  Query: {
    leads: async (_, { first, after }) => ({
      nodes: await rows(
        'leads',
        `select ${COLUMNS.lead} from lead where account_id = $1 and id < $2 and deleted_at is null
         order by id desc limit $3`,
        [ACCOUNT_ID, after, first],
      ),
    }),
    lead: async (_, { id }) => {
      const text = `select ${COLUMNS.lead} from lead where account_id = $1 and id = $2 and deleted_at is null`;
      const [found] = await rows('lead', text, [ACCOUNT_ID, id]);
      return found;
    },
  },
  Mutation: {
    createLead: async (_, { input: { firstName, lastName, phone, email } }) => {
      const text = `
        insert into lead (id, account_id, feed_id, first_name, last_name, phone, email, created_at, updated_at)
        values ($1, $2, (select id from feed where account_id = $2 and is_default), $3, $4, $5, $6, now(), now())
        returning ${COLUMNS.lead}`;
      const [made] = await rows('create lead', text, [
        randomUUID(),
        ACCOUNT_ID,
        firstName,
        lastName,
        phone,
        email,
      ]);
      return made;
    },
  },
};

/** The executable schema. */
export const schema = createSchema({ typeDefs, resolvers });
