import { feeds } from '../../../src/domain/feed/feed.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { issueKey } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, LeadsClient, refusal } from './leads-client';

let client: LeadsClient;

beforeEach(async () => {
  client = await LeadsClient.open();
});

const JOHN = { name: 'John Doe', phone: '+1 (234) 567-8900' };

test('a lead with every field is stored, answered and logged', async () => {
  const campaign = await feeds.create(client.ctx, { name: 'Solar' });
  const fields = {
    ...{ email: 'john@example.com', company: 'Acme Corp', tags: ['vip', 'website-lead'] },
    ...{ custom_fields: { plan: 'pro', seats: 3, trial: false, note: null }, campaign_id: campaign.id },
  };
  const answer = await client.create({ ...JOHN, ...fields, kind: 'call' });
  const lead = client.expected({ ...fields, campaign_name: 'Solar' });
  expect(essence(answer)).toEqual(client.created(lead));
  const id = answer.body.data.leads[0]?.id as string;
  expect(essence(await client.get(id))).toEqual(client.found(lead));
  const payload = { firstName: 'John', lastName: 'Doe', phone: '+12345678900', tagNames: fields.tags };
  expect(await eventsOf(client.account, 'lead')).toEqual([
    {
      name: 'lead.created',
      subjectId: id,
      changes: {},
      payload: expect.objectContaining({ id, ...payload }),
    },
  ]);
  const tagEvents = await eventsOf(client.account, 'tag');
  expect(tagEvents.map(({ name, payload: tag }) => [name, tag.name]).toSorted()).toEqual([
    ['tag.created', 'vip'],
    ['tag.created', 'website-lead'],
  ]);
});

test('name and phone are enough; the lead goes to the Default Feed', async () => {
  expect(essence(await client.create(JOHN))).toEqual(client.created(client.expected({})));
});

test('null empties the optional fields', async () => {
  const answer = await client.create({
    ...JOHN,
    email: null,
    company: null,
    tags: null,
    custom_fields: null,
  });
  expect(essence(answer)).toEqual(client.created(client.expected({})));
});

test('an e-mail address that a form left blank is none', async () => {
  expect(essence(await client.create({ ...JOHN, email: '' }))).toEqual(client.created(client.expected({})));
});

test('fields that are not documented, or not writable, are left out', async () => {
  const more = {
    account_id: UNKNOWN_IDS.uuid,
    user_id: 7,
    id: UNKNOWN_IDS.uuid,
    status: 'failed',
    call_attempts: 9,
  };
  const answer = await client.create({
    ...JOHN,
    ...more,
    created_at: '2020-01-01',
    firstName: 'Eve',
    nul: '\0',
  });
  expect(essence(answer)).toEqual(client.created(client.expected({})));
});

test('the name is trimmed, and otherwise answered as it was given', async () => {
  const answer = await client.create({ ...JOHN, name: '  Ana  María de la Cruz 👋 ' });
  expect(essence(answer)).toEqual(client.created(client.expected({ name: 'Ana  María de la Cruz 👋' })));
});

test('a repeated tag counts once', async () => {
  const answer = await client.create({ ...JOHN, tags: ['vip', 'hot', 'vip'] });
  expect(essence(answer)).toEqual(client.created(client.expected({ tags: ['vip', 'hot'] })));
});

const SPELLINGS = ['+1 (234) 567-8900', '2345678900', '+12345678900'];

describe.each(SPELLINGS)('a lead created as %s', (phone) => {
  test.each(SPELLINGS)('is found as %s', async (spelling) => {
    await client.create({ ...JOHN, phone });
    const answer = await client.query({ phone: spelling });
    expect(essence(answer)).toEqual(client.found(client.expected({}), { lookup: 'phone' }));
  });

  test.each(SPELLINGS)('is a duplicate of %s', async (spelling) => {
    await client.create({ ...JOHN, phone });
    const answer = await withoutChange(client.account, () => client.create({ ...JOHN, phone: spelling }));
    expect(essence(answer)).toEqual(refusal(409, 'Duplicate lead'));
  });
});

test('a number stands once in a campaign, and may stand in another', async () => {
  const campaign = await feeds.create(client.ctx, { name: 'Solar' });
  await client.create(JOHN);
  const inCampaign = { ...JOHN, campaign_id: campaign.id };
  const expected = client.expected({ campaign_id: campaign.id, campaign_name: 'Solar' });
  expect(essence(await client.create(inCampaign))).toEqual(client.created(expected));
  const again = await withoutChange(client.account, () => client.create(inCampaign));
  expect(essence(again)).toEqual(refusal(409, 'Duplicate lead'));
});

test('a number whose lead was deleted can be given again', async () => {
  const [first] = (await client.create(JOHN)).body.data.leads;
  await leads.delete(client.ctx, first?.id as string);
  const answer = await client.create(JOHN);
  expect(essence(answer)).toEqual(client.created(client.expected({})));
  expect(answer.body.data.leads[0]?.id).not.toBe(first?.id);
});

test('of twenty requests at once for one number, one wins and nineteen are told of the duplicate', async () => {
  const requests = Array.from({ length: 20 }, () => client.create({ ...JOHN, tags: ['vip'] }));
  const answers = await Promise.all(requests);
  const [won, ...others] = answers.toSorted((a, b) => a.status - b.status);
  expect(essence(won as never)).toEqual(client.created(client.expected({ tags: ['vip'] })));
  for (const other of others) expect(essence(other)).toEqual(refusal(409, 'Duplicate lead'));
  expect((await client.query()).body.data.total).toBe(1);
  expect(await eventsOf(client.account, 'lead')).toHaveLength(1);
});

describe('the kind', () => {
  const idOf = async (kind: 'call' | 'sms') => (await feeds.create(client.ctx, { name: kind, kind })).id;

  test.each(['call', 'sms'] as const)('%s of its campaign is taken', async (kind) => {
    const answer = await client.create({ ...JOHN, kind, campaign_id: await idOf(kind) });
    expect(answer.status).toBe(201);
  });

  test.each([
    ['sms', 'call'],
    ['call', 'sms'],
  ] as const)('%s of a campaign for %s is refused', async (kind, other) => {
    const campaignId = await idOf(other);
    const answer = await withoutChange(client.account, () =>
      client.create({ ...JOHN, kind, campaign_id: campaignId }),
    );
    const message = expect.stringMatching(`Kind ${kind} does not match`);
    expect(essence(answer)).toEqual(refusal(400, message as never, { kind: [message] }));
  });

  test('sms without a campaign is refused, since the Default Feed is for calls', async () => {
    const answer = await withoutChange(client.account, () => client.create({ ...JOHN, kind: 'sms' }));
    expect(answer).toMatchObject({
      status: 400,
      body: { success: false, details: { kind: [expect.any(String)] } },
    });
  });
});

const NAME = 'Name must be between 2 and 100 characters';
const COMPANY = 'Company must be at most 100 characters';

test.each<[string, object, object]>([
  ['without a name', { name: undefined }, { name: ['Name is required'] }],
  ['with a name that is null', { name: null }, { name: ['Name is required'] }],
  ['with an empty name', { name: ' ' }, { name: ['Name is required'] }],
  [
    'with first_name in place of name',
    { name: undefined, first_name: 'John' },
    { name: ['Name is required'] },
  ],
  ['with a name of one letter', { name: 'J' }, { name: [NAME] }],
  ['with a name of 101 letters', { name: 'J'.repeat(101) }, { name: [NAME] }],
  ['with a name that is a number', { name: 7 }, { name: [NAME] }],
  ['without a phone', { phone: undefined }, { phone: ['Phone number is required'] }],
  ['with a short phone', { phone: '12345' }, { phone: ['Invalid phone number'] }],
  ['with a phone that is a number', { phone: 2345678900 }, { phone: ['Invalid phone number'] }],
  ['with a bad e-mail address', { email: 'john@' }, { email: ['Invalid email format'] }],
  ['with a company of 101 letters', { company: 'x'.repeat(101) }, { company: [COMPANY] }],
  ['with a company that is a list', { company: ['Acme'] }, { company: [COMPANY] }],
  ['with tags in a text', { tags: 'vip' }, { tags: ['Tags must be an array of strings'] }],
  [
    'with two bad tags',
    { tags: ['a b', 'ok', 'ä'] },
    { tags: ['Tags can only contain letters, numbers, hyphens, and underscores'] },
  ],
  [
    'with a bad name of a custom field',
    { custom_fields: { 'a b': 1 } },
    { custom_fields: ['Custom field names can only contain letters, numbers, hyphens, and underscores'] },
  ],
  ['with a campaign that is no UUID', { campaign_id: '7' }, { campaign_id: ['Invalid campaign_id'] }],
  ['with an unknown kind', { kind: 'fax' }, { kind: ['Kind must be one of: call, sms'] }],
  [
    'with several faults',
    { name: 'J', phone: '', email: 1 },
    { name: [NAME], phone: ['Phone number is required'], email: ['Invalid email format'] },
  ],
])('a lead %s is refused', async (_, fields, details) => {
  const answer = await withoutChange(client.account, () => client.create({ ...JOHN, ...fields }));
  const [[message]] = Object.values(details);
  expect(essence(answer)).toEqual(refusal(400, message, details));
});

test('an unknown campaign is not found', async () => {
  const answer = await withoutChange(client.account, () =>
    client.create({ ...JOHN, campaign_id: UNKNOWN_IDS.uuid }),
  );
  expect(essence(answer)).toEqual(refusal(404, 'Campaign not found'));
});

test('a key for leads alone is enough, and one for reading them is not', async () => {
  const withScopes = async (...scopes: string[]) =>
    new LeadsClient(client.server, { ...client.account, key: await issueKey(client.account, scopes) });
  const reader = await withScopes('leads:read');
  const refused = await withoutChange(client.account, () => reader.create(JOHN));
  expect(essence(refused)).toEqual(refusal(403, 'This key lacks the scope leads:write.'));
  const writer = await withScopes('leads:read', 'leads:write');
  expect(essence(await writer.create(JOHN))).toEqual(client.created(client.expected({})));
});
