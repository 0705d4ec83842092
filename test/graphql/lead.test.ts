import { openTestAccount, type TestAccount } from '../support/account';
import {
  CreateLeadDocument,
  CreateLeadsDocument,
  DeleteLeadDocument,
  LeadCountDocument,
  LeadDocument,
  UpdateLeadDocument,
} from '../support/documents';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  door = await Door.open();
});
beforeEach(async () => {
  account = await openTestAccount();
});
afterAll(() => door.close());

const count = async () => (await door.run(account.key, LeadCountDocument, {})).leads.totalCount;
const create = async (
  input: { phone: string; [field: string]: unknown },
  onDuplicate?: 'REJECT' | 'MATCH' | 'ALLOW',
) => (await door.run(account.key, CreateLeadDocument, { input, onDuplicate })).createLead;

const PHONE = '+12025550143';
const DUPLICATE = {
  message: 'Duplicate lead',
  path: ['createLead'],
  extensions: { code: 'CONFLICT', fields: { phone: ['Another lead of the feed has this phone number.'] } },
};

describe('a lead whose number is in the feed already', () => {
  test('is refused, however the number is written', async () => {
    await create({ phone: PHONE });
    for (const phone of [PHONE, '(202) 555-0143', '202.555.0143']) {
      expect(await door.fail(account.key, CreateLeadDocument, { input: { phone } })).toMatchObject(DUPLICATE);
    }
    expect(await count()).toBe(1);
  });

  test('is matched when asked, and the one that is there stays as it is', async () => {
    const first = await create({ phone: PHONE, name: 'Ann Lee' });
    expect(await create({ phone: PHONE, name: 'Bo' }, 'MATCH')).toEqual(first);
    expect(await count()).toBe(1);
  });

  test('is made beside it when allowed', async () => {
    const [first, second] = [await create({ phone: PHONE }), await create({ phone: PHONE }, 'ALLOW')];
    expect(second.id).not.toBe(first.id);
    expect(await count()).toBe(2);
  });

  test('is made once by ten requests at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        door.send(account.key, CreateLeadDocument, { input: { phone: PHONE } }),
      ),
    );
    const errors = answers.flatMap(({ body }) => body.errors ?? []);
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(Array(9).fill('CONFLICT'));
    expect(await count()).toBe(1);
  });

  test('may come back when the first is deleted, and may not take the number of another', async () => {
    const first = await create({ phone: PHONE });
    const other = await create({ phone: '+12025550144' });
    const error = await door.fail(account.key, UpdateLeadDocument, { id: other.id, input: { phone: PHONE } });
    expect(error.extensions?.code).toBe('CONFLICT');
    await door.run(account.key, DeleteLeadDocument, { id: first.id });
    expect((await create({ phone: PHONE })).phone).toBe(PHONE);
  });
});

test('tags are made by their names, kept in order, and replaced as a whole', async () => {
  const { id, tags } = await create({ phone: PHONE, tagNames: ['VIP', 'new', 'VIP'] });
  expect(tags).toEqual([{ name: 'VIP' }, { name: 'new' }]);
  const { updateLead } = await door.run(account.key, UpdateLeadDocument, {
    id,
    input: { tagNames: ['Late', 'VIP'] },
  });
  expect(updateLead.tags).toEqual([{ name: 'Late' }, { name: 'VIP' }]);
  const cleared = await door.run(account.key, UpdateLeadDocument, { id, input: { tagNames: [] } });
  expect(cleared.updateLead.tags).toEqual([]);
});

test('a name is split at its first space, and joined again', async () => {
  const { id, firstName, lastName, name } = await create({ phone: PHONE, name: 'Ann van Dyke' });
  expect({ firstName, lastName, name }).toEqual({
    firstName: 'Ann',
    lastName: 'van Dyke',
    name: 'Ann van Dyke',
  });
  const { lead } = await door.run(account.key, LeadDocument, { id });
  expect(lead.name).toBe('Ann van Dyke');
});

describe('bulk creation', () => {
  const GOOD = { firstName: 'Ann', phone: '+12025550101' };
  const INPUTS = [
    GOOD,
    { firstName: 'Bo', phone: 'nonsense', email: 'nobody' },
    { firstName: 'Cy', phone: '+12025550103', teamId: '0190a000-0000-7000-8000-000000000000' },
    { firstName: 'Dee', phone: '(202) 555-0101' },
    { firstName: 'Eve', phone: '+12025550105' },
  ];
  const ERRORS = [
    null,
    {
      code: 'INVALID',
      message: 'Phone must be a phone number, best in E.164 form like +12025550143.',
      fields: [
        { field: 'phone', messages: ['Phone must be a phone number, best in E.164 form like +12025550143.'] },
        { field: 'email', messages: ['Email must be an e-mail address.'] },
      ],
    },
    {
      code: 'NOT_FOUND',
      message: 'Team not found',
      fields: [{ field: 'teamId', messages: ['Team not found'] }],
    },
    {
      code: 'CONFLICT',
      message: 'Duplicate lead',
      fields: [{ field: 'phone', messages: ['Another lead of the feed has this phone number.'] }],
    },
    null,
  ];

  test('writes nothing unless every row is good', async () => {
    const { createLeads } = await door.run(account.key, CreateLeadsDocument, { inputs: INPUTS });
    expect(createLeads).toEqual({
      outcomes: ERRORS.map((error, index) => ({ index, lead: null, error })),
      ...{ created: 0, failed: 3 },
    });
    expect(await count()).toBe(0);
  });

  test('writes the good rows when asked', async () => {
    const { createLeads } = await door.run(account.key, CreateLeadsDocument, {
      inputs: INPUTS,
      errorPolicy: 'SKIP_INVALID',
    });
    const lead = (at: number) => ({ firstName: INPUTS[at]?.firstName, phone: INPUTS[at]?.phone });
    expect(createLeads).toEqual({
      outcomes: ERRORS.map((error, index) => ({ index, lead: error ? null : lead(index), error })),
      ...{ created: 2, failed: 3 },
    });
    expect(await count()).toBe(2);
  });

  test('takes 1 to 1,000 rows', async () => {
    const rows = (length: number) => Array.from({ length }, (_, at) => ({ phone: `+1202555${1000 + at}` }));
    for (const length of [0, 1001]) {
      const error = await door.fail(account.key, CreateLeadsDocument, { inputs: rows(length) });
      expect(error).toMatchObject({
        message: `Give 1 to 1000 leads, not ${length}.`,
        extensions: { code: 'INVALID', fields: { inputs: [`Give 1 to 1000 leads, not ${length}.`] } },
      });
    }
    expect(await count()).toBe(0);
    const { createLeads } = await door.run(account.key, CreateLeadsDocument, { inputs: rows(1000) });
    expect(createLeads).toMatchObject({ created: 1000, failed: 0 });
    expect(createLeads.outcomes.map(({ lead }) => lead?.phone)).toEqual(rows(1000).map(({ phone }) => phone));
    expect(await count()).toBe(1000);
  });
});
