// The GraphQL work: what each contender is asked, and the one answer that all must give.
import { newPhone } from './phone.mjs';

const AGENT = 'agent { id firstName lastName }';
const LEAD = 'id name phone email stage createdAt';
const NESTED = `${LEAD} team { id name } owner { id firstName lastName } notes { id body createdAt }
  calls { id status seconds startedAt ${AGENT} } appointments { id startsAt endsAt }`;

const HEADERS = { 'content-type': 'application/json' };

/** A GraphQL request as the load sends it. */
export function post(query, variables, headers = {}) {
  return {
    ...{ method: 'POST', path: '/graphql', headers: { ...HEADERS, ...headers } },
    body: JSON.stringify({ query, variables }),
  };
}

const draft = () => ({
  ...{ firstName: 'Bench', lastName: 'Lead', phone: newPhone() },
  email: 'bench@example.com',
});

/** The cursor by which our lists continue behind a lead. */
export const cursorBehind = (id) => Buffer.from(JSON.stringify(['id', 'desc', id, id])).toString('base64url');

const nestedBy = (type) =>
  `query Nested($after: ${type}!) { leads(first: 50, after: $after) { nodes { ${NESTED} } } }`;
const ONE = `query One($id: ID!) { lead(id: $id) { ${LEAD} } }`;
const CREATE = `mutation Create($input: CreateLeadInput!) { createLead(input: $input) { ${LEAD} } }`;

/** Contenders with our schema on their own loaders. */
const SAME_SCHEMA = {
  nested: ({ id }) => post(nestedBy('ID'), { after: id }),
  one: ({ id }) => post(ONE, { id }),
  create: () => post(CREATE, { input: draft() }),
};

const PG_AGENT = 'id: rowId firstName lastName';
const PG_LEAD = 'id: rowId firstName lastName phone email stage createdAt';
const PG_LIST = '(first: 20, orderBy: [ROW_ID_DESC])';
const PG_NESTED = `query Nested($account: UUID!, $after: Cursor!) {
  leads: allLeads(first: 50, after: $after, condition: { accountId: $account }, orderBy: [ROW_ID_DESC]) {
    nodes { ${PG_LEAD} team: teamByAccountIdAndTeamId { id: rowId name } owner: agentByAccountIdAndOwnerId { ${PG_AGENT} }
      notes: notesByAccountIdAndLeadId${PG_LIST} { nodes { id: rowId body createdAt } }
      calls: callsByAccountIdAndLeadId${PG_LIST} { nodes { id: rowId status seconds startedAt agent: agentByAccountIdAndAgentId { ${PG_AGENT} } } }
      appointments: appointmentsByAccountIdAndLeadId${PG_LIST} { nodes { id: rowId startsAt endsAt } } } } }`;
const PG_ONE = `query One($account: UUID!, $id: UUID!) {
  lead: leadByAccountIdAndRowId(accountId: $account, rowId: $id) { ${PG_LEAD} } }`;
const PG_CREATE = `mutation Create($input: CreateLeadInput!) { createLead(input: $input) { lead { ${PG_LEAD} } } }`;

/** How a contender is asked, by kind of work. */
export const ASK = {
  ours: ({ key }) => {
    const headers = { authorization: `Bearer ${key}` };
    return {
      nested: ({ id }) => post(nestedBy('String'), { after: cursorBehind(id) }, headers),
      one: ({ id }) => post(ONE, { id }, headers),
      create: () => post(CREATE, { input: draft() }, headers),
    };
  },
  limit: () => ({
    nested: ({ id }) => ({ method: 'GET', path: `/nested?after=${id}` }),
    one: ({ id }) => ({ method: 'GET', path: `/lead/${id}` }),
    create: () => ({ method: 'POST', path: '/create', body: JSON.stringify(draft()) }),
  }),
  mercurius: () => SAME_SCHEMA,
  yoga: () => SAME_SCHEMA,
  naive: () => SAME_SCHEMA,
  postgraphile: ({ account, pgCursorBehind }) => ({
    nested: ({ id }) => post(PG_NESTED, { account: account.id, after: pgCursorBehind(id) }),
    one: ({ id }) => post(PG_ONE, { account: account.id, id }),
    create: () => {
      const now = new Date().toISOString();
      const { id: accountId, defaultFeedId: feedId } = account;
      const lead = {
        rowId: crypto.randomUUID(),
        accountId,
        feedId,
        ...draft(),
        slug: '',
        createdAt: now,
        updatedAt: now,
      };
      return post(PG_CREATE, { input: { lead } });
    },
  }),
};

const PG_CURSOR = `query Cursor($account: UUID!) {
  allLeads(first: 1, condition: { accountId: $account }, orderBy: [ROW_ID_DESC]) { edges { cursor node { rowId } } } }`;

/** PostGraphile's cursors are private: the first is asked for, and its id replaced by the one that is meant. */
export async function learnCursor(url, account) {
  const { path, ...init } = post(PG_CURSOR, { account: account.id });
  const { data } = await (await fetch(url + path, init)).json();
  const [{ cursor, node }] = data.allLeads.edges;
  const pattern = Buffer.from(cursor, 'base64').toString();
  return (id) => Buffer.from(pattern.replaceAll(node.rowId, id)).toString('base64');
}

/** An answer of PostGraphile in the form of the others: lists without their nodes, names joined, times in UTC. */
export function plain(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (value === null || typeof value !== 'object') {
    if (key === 'status') return value.toUpperCase();
    return /At$/.test(key) && value ? new Date(value).toISOString() : value;
  }
  if (key !== 'leads' && Array.isArray(value.nodes)) return plain(value.nodes);
  const fields = Object.entries(value).map(([name, field]) => [name, plain(field, name)]);
  const { firstName, lastName, ...rest } = Object.fromEntries(fields);
  return 'phone' in rest && firstName !== undefined
    ? { ...rest, name: `${firstName} ${lastName}`.trim() }
    : Object.fromEntries(fields);
}
