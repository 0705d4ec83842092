import { openTestAccount, type TestAccount } from '../support/account';
import {
  CreateLeadsDocument,
  LeadCountDocument,
  type LeadFilter,
  LeadPageDocument,
  type LeadPageQueryVariables,
  type LeadSort,
} from '../support/documents';
import { Door } from './door';

const LEADS = [
  { firstName: 'Ada', phone: '+12025550101', company: 'Acme 100%', scheduledCallAt: '2026-05-02T00:00:00Z' },
  { firstName: 'Bob', phone: '+12025550102', company: null, scheduledCallAt: null, isBlocked: true },
  { firstName: 'Cy', phone: '+12025550103', company: 'acme_x', scheduledCallAt: '2026-05-01T00:00:00Z' },
  { firstName: 'Dee', phone: '+12025550104', company: 'Beta', scheduledCallAt: '2026-05-02T00:00:00Z' },
  { firstName: 'Eve', phone: '+12025550105', company: '', scheduledCallAt: null },
  { firstName: 'Flo', phone: '+12025550106', company: 'ACME', scheduledCallAt: '2026-05-03T00:00:00Z' },
  { firstName: 'Gus', phone: '+12025550107', company: 'Été', scheduledCallAt: null, dialStatus: undefined },
];

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
  const { createLeads } = await door.run(account.key, CreateLeadsDocument, { inputs: LEADS });
  expect(createLeads.created).toBe(LEADS.length);
});
afterAll(() => door.close());

async function page(variables: LeadPageQueryVariables) {
  const { leads } = await door.run(account.key, LeadPageDocument, variables);
  const { edges, pageInfo } = leads;
  expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
    edges[0]?.cursor ?? null,
    edges.at(-1)?.cursor ?? null,
  ]);
  return {
    ...pageInfo,
    names: edges.map(({ node }) => node.firstName),
    cursors: edges.map(({ cursor }) => cursor),
  };
}

const namesOf = (filter: LeadFilter) =>
  page({ filter, sort: { field: 'ID', direction: 'ASC' } }).then(({ names }) => names.join(' '));

const ORDERS: [sort: LeadSort | undefined, names: string][] = [
  [undefined, 'Gus Flo Eve Dee Cy Bob Ada'],
  [{ field: 'ID', direction: 'ASC' }, 'Ada Bob Cy Dee Eve Flo Gus'],
  [{ field: 'NUMBER', direction: 'DESC' }, 'Gus Flo Eve Dee Cy Bob Ada'],
  // Empty values last, equal ones by order of creation in the same direction.
  [{ field: 'SCHEDULED_CALL_AT', direction: 'ASC' }, 'Cy Ada Dee Flo Bob Eve Gus'],
  [{ field: 'SCHEDULED_CALL_AT', direction: 'DESC' }, 'Flo Dee Ada Cy Gus Eve Bob'],
  [{ field: 'LAST_CALLED_AT', direction: 'ASC' }, 'Ada Bob Cy Dee Eve Flo Gus'],
  [{ field: 'UPDATED_AT', direction: 'DESC' }, 'Gus Flo Eve Dee Cy Bob Ada'],
];

describe.each(ORDERS)('in the order %j', (sort, expected) => {
  const names = expected.split(' ');

  test('the whole list', async () => {
    expect(await page({ sort })).toMatchObject({ names, hasNextPage: false, hasPreviousPage: false });
  });

  test.each([1, 2, 3, 7])('forwards in steps of %i', async (first) => {
    const seen: string[] = [];
    let after: string | null | undefined;
    do {
      const step = await page({ sort, first, after });
      seen.push(...step.names);
      expect(step.hasPreviousPage).toBe(after !== undefined);
      expect(step.hasNextPage).toBe(seen.length < names.length);
      after = step.endCursor;
    } while (seen.length < names.length);
    expect(seen).toEqual(names);
    expect(await page({ sort, first, after })).toMatchObject({
      names: [],
      hasNextPage: false,
      hasPreviousPage: true,
    });
  });

  test.each([1, 2, 3, 7])('backwards in steps of %i', async (last) => {
    const seen: string[] = [];
    let before: string | null | undefined;
    do {
      const step = await page({ sort, last, before });
      seen.unshift(...step.names);
      expect(step.hasNextPage).toBe(before !== undefined);
      expect(step.hasPreviousPage).toBe(seen.length < names.length);
      before = step.startCursor;
    } while (seen.length < names.length);
    expect(seen).toEqual(names);
    expect((await page({ sort, last, before })).names).toEqual([]);
  });

  test('between two cursors', async () => {
    const { cursors } = await page({ sort });
    const [after, before] = [cursors[1], cursors[5]];
    expect(await page({ sort, after, before })).toMatchObject({ names: names.slice(2, 5) });
    expect(await page({ sort, after, before, first: 1 })).toMatchObject({
      names: names.slice(2, 3),
      hasNextPage: true,
    });
    expect(await page({ sort, after, before, last: 1 })).toMatchObject({
      names: names.slice(4, 5),
      hasPreviousPage: true,
    });
  });
});

test('a cursor stays good when its row is gone, and rows that come in between are found', async () => {
  const other = await openTestAccount();
  const inputs = LEADS.slice(0, 3).map(({ firstName, phone }) => ({ firstName, phone }));
  await door.run(other.key, CreateLeadsDocument, { inputs });
  const first = await door.run(other.key, LeadPageDocument, { first: 1 });
  expect(first.leads.edges[0]?.node.firstName).toBe('Cy');
  const text = 'query { leads(first: 1) { nodes { id } } }';
  const { leads } = await door.run<{ leads: { nodes: { id: string }[] } }, object>(other.key, text);
  await door.run(other.key, `mutation { deleteLead(id: "${leads.nodes[0]?.id}") { id } }`);
  const next = await door.run(other.key, LeadPageDocument, {
    first: 2,
    after: first.leads.pageInfo.endCursor,
  });
  expect(next.leads.edges.map(({ node }) => node.firstName)).toEqual(['Bob', 'Ada']);
});

const FILTERS: [filter: LeadFilter, names: string][] = [
  [{}, 'Ada Bob Cy Dee Eve Flo Gus'],
  [{ firstName: { eq: 'Ada' } }, 'Ada'],
  [{ firstName: { eq: 'ada' } }, ''],
  [{ firstName: { ne: 'Ada' }, isBlocked: { eq: false } }, 'Cy Dee Eve Flo Gus'],
  [{ firstName: { in: ['Ada', 'Gus', 'Nobody'] } }, 'Ada Gus'],
  [{ firstName: { in: [] } }, ''],
  [{ company: { eq: null } }, 'Bob'],
  [{ company: { ne: null } }, 'Ada Cy Dee Eve Flo Gus'],
  [{ company: { isNull: true } }, 'Bob'],
  [{ company: { isNull: false, ne: '' } }, 'Ada Cy Dee Flo Gus'],
  [{ company: { ne: 'Beta' } }, 'Ada Bob Cy Eve Flo Gus'],
  [{ company: { contains: 'acme' } }, 'Ada Cy Flo'],
  [{ company: { contains: '%' } }, 'Ada'],
  [{ company: { contains: '_' } }, 'Cy'],
  [{ company: { startsWith: 'BE' } }, 'Dee'],
  [{ company: { contains: 'é' } }, 'Gus'],
  [{ isBlocked: { eq: true } }, 'Bob'],
  [{ isBlocked: { ne: true } }, 'Ada Cy Dee Eve Flo Gus'],
  [{ dialStatus: { in: ['PENDING', 'FAILED'] } }, 'Ada Bob Cy Dee Eve Flo Gus'],
  [{ dialStatus: { ne: 'PENDING' } }, ''],
  [{ callAttempts: { gte: 0, lt: 1 } }, 'Ada Bob Cy Dee Eve Flo Gus'],
  [{ callAttempts: { gt: 0 } }, ''],
  [{ scheduledCallAt: { lt: '2026-05-02T00:00:00Z' } }, 'Cy'],
  [{ scheduledCallAt: { lte: '2026-05-02T02:00:00+02:00' } }, 'Ada Cy Dee'],
  [{ scheduledCallAt: { gt: '2026-05-02T00:00:00Z' } }, 'Flo'],
  [{ scheduledCallAt: { gte: '2026-05-02T00:00:00Z', lt: '2026-05-03T00:00:00Z' } }, 'Ada Dee'],
  [{ or: [{ firstName: { eq: 'Ada' } }, { scheduledCallAt: { isNull: true } }] }, 'Ada Bob Eve Gus'],
  [{ or: [] }, ''],
  [{ and: [] }, 'Ada Bob Cy Dee Eve Flo Gus'],
  [{ and: [{ firstName: { startsWith: 'D' } }, { company: { eq: 'Beta' } }] }, 'Dee'],
  [{ not: { company: { contains: 'acme' } } }, 'Bob Dee Eve Gus'],
  [{ not: { not: { firstName: { eq: 'Eve' } } }, or: [{ company: { eq: '' } }] }, 'Eve'],
  [{ firstName: null, and: null, company: { eq: 'Beta', contains: null, in: null } }, 'Dee'],
  [{ feedId: { eq: 'no id' } }, ''],
  [{ feedId: { ne: 'no id' }, teamId: { eq: null } }, 'Ada Bob Cy Dee Eve Flo Gus'],
];

test.each(FILTERS)('the filter %j', async (filter, names) => {
  expect(await namesOf(filter)).toBe(names);
  const { leads } = await door.run(account.key, LeadCountDocument, { filter });
  expect(leads.totalCount).toBe(names === '' ? 0 : names.split(' ').length);
});

test('the total is counted only when it is asked for', async () => {
  for (const _time of ['plain', 'plain', 'compiled']) {
    door.statements.length = 0;
    await door.run(account.key, '{ leads { nodes { id } } }');
    expect(door.statements).toEqual([expect.stringMatching(/^select "id"/)]);
    door.statements.length = 0;
    await door.run(account.key, '{ leads { totalCount nodes { id } } }');
    expect(door.statements).toEqual([
      expect.stringMatching(/^select "id"/),
      expect.stringMatching(/^select count/),
    ]);
  }
});
