import { feeds } from '../../../src/domain/feed/feed.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, LeadsClient, refusal, type WireLead } from './leads-client';

let client: LeadsClient;
let john: WireLead;

const PHONE = '+12345678900';
const JOHN = {
  ...{ name: 'John Doe', phone: PHONE, email: 'john@example.com', company: 'Acme Corp' },
  ...{ tags: ['vip', 'website-lead'], custom_fields: { plan: 'pro', seats: 3 } },
};

beforeEach(async () => {
  client = await LeadsClient.open();
  john = (await client.create(JOHN)).body.data.leads[0] as WireLead;
  client.account.clock.advance(60_000);
});

/** The change event of the one update, without its payload. */
async function loggedUpdate() {
  const events = await eventsOf(client.account, 'lead');
  expect(events.map(({ name, subjectId }) => [name, subjectId])).toEqual([
    ['lead.created', john.id],
    ['lead.updated', john.id],
  ]);
  return events[1]?.changes;
}

test('every documented field can be changed, and one event tells what it was and is', async () => {
  const changed = {
    ...{ name: 'John Doe Updated', email: 'john.new@example.com', company: 'New Corp' },
    ...{ tags: ['vip', 'updated'], custom_fields: { plan: 'free', city: 'Ulm' } },
  };
  const answer = await client.update({ phone: '+1 (234) 567-8900', ...changed });
  const custom_fields = { plan: 'free', seats: 3, city: 'Ulm' };
  const lead = { ...john, ...changed, custom_fields, updated_at: client.ctx.instant() };
  expect(essence(answer)).toEqual(client.found(lead));
  expect(essence(await client.get(john.id))).toEqual(client.found(lead));
  expect(await loggedUpdate()).toEqual({
    lastName: { old: 'Doe', new: 'Doe Updated' },
    email: { old: 'john@example.com', new: 'john.new@example.com' },
    company: { old: 'Acme Corp', new: 'New Corp' },
    customFields: { old: { plan: 'pro', seats: 3 }, new: custom_fields },
    tagNames: { old: ['vip', 'website-lead'], new: ['vip', 'updated'] },
  });
});

test.each<[string, object, Partial<WireLead>]>([
  ['email: null empties it', { email: null }, { email: null }],
  ['company: null empties it', { company: null }, { company: null }],
  ['tags: null takes all away', { tags: null }, { tags: null }],
  ['tags: [] takes all away', { tags: [] }, { tags: null }],
  ['tags replace the list, in their order', { tags: ['new', 'vip'] }, { tags: ['new', 'vip'] }],
  [
    'custom fields are merged',
    { custom_fields: { seats: 4, note: '' } },
    { custom_fields: { plan: 'pro', seats: 4, note: '' } },
  ],
  [
    'a custom field that is null is removed',
    { custom_fields: { plan: null } },
    { custom_fields: { seats: 3 } },
  ],
  [
    'the last custom field can be removed',
    { custom_fields: { plan: null, seats: null } },
    { custom_fields: null },
  ],
  [
    'fields that are not documented are left out',
    { name: 'Jo Doe', status: 'failed', id: UNKNOWN_IDS.uuid },
    { name: 'Jo Doe' },
  ],
])('%s', async (_, changes, expected) => {
  const answer = await client.update({ phone: PHONE, ...changes });
  expect(essence(answer)).toEqual(client.found({ ...john, ...expected, updated_at: client.ctx.instant() }));
  expect(Object.keys((await loggedUpdate()) ?? {})).toHaveLength(1);
});

test.each([
  ['the values that it has', JOHN],
  ['a repeated tag that it has', { phone: PHONE, tags: ['vip', 'website-lead', 'vip'] }],
  ['no custom field', { phone: PHONE, custom_fields: {} }],
  ['null for the custom fields', { phone: PHONE, custom_fields: null }],
  ['null for a custom field that it has not', { phone: PHONE, custom_fields: { none: null } }],
])('%s change nothing', async (_, body) => {
  const answer = await withoutChange(client.account, () => client.update(body));
  expect(essence(answer)).toEqual(client.found(john));
});

test('the phone is the key of the lead, in any spelling, and stays', async () => {
  for (const [at, phone] of ['+1 (234) 567-8900', '2345678900', PHONE].entries()) {
    const answer = await client.update({ phone, company: `Company ${at}` });
    expect(answer.body.data).toMatchObject({ id: john.id, phone: PHONE, company: `Company ${at}` });
  }
});

test('without a campaign the lead of the Default Feed is changed, with one that of the campaign', async () => {
  const { id: campaignId } = await feeds.create(client.ctx, { name: 'Solar' });
  const inSolar = (await client.create({ ...JOHN, campaign_id: campaignId })).body.data.leads[0];
  await client.update({ phone: PHONE, company: 'Default' });
  const answer = await client.update({
    phone: PHONE,
    campaign_id: campaignId,
    company: 'Solar',
    kind: 'call',
  });
  expect(answer.body.data).toMatchObject({ id: inSolar?.id, campaign_id: campaignId, company: 'Solar' });
  expect((await client.get(john.id)).body.data.company).toBe('Default');
});

test('a lead that is only in another campaign is not found without it', async () => {
  const { id: campaignId } = await feeds.create(client.ctx, { name: 'Solar' });
  const phone = '+12345678901';
  await client.create({ name: 'Jane Roe', phone, campaign_id: campaignId });
  const answer = await withoutChange(client.account, () => client.update({ phone, company: 'New Corp' }));
  expect(essence(answer)).toEqual(refusal(404, 'Lead not found'));
});

test('what is unknown, deleted or of another account is not found', async () => {
  const other = await LeadsClient.open();
  const unknown = [
    { phone: '+12345678909', company: 'x' },
    { phone: PHONE, company: 'x', campaign_id: UNKNOWN_IDS.uuid },
    { phone: PHONE, company: 'x', campaign_id: other.ctx.account.defaultFeedId },
  ];
  await withoutChange(client.account, async () => {
    for (const body of unknown) {
      expect(essence(await client.update(body))).toEqual(refusal(404, 'Lead not found'));
    }
    const foreign = { phone: PHONE, company: 'x', campaign_id: client.ctx.account.defaultFeedId };
    expect(essence(await other.update(foreign))).toEqual(refusal(404, 'Lead not found'));
  });
  await leads.delete(client.ctx, john.id);
  expect(essence(await client.update({ phone: PHONE, company: 'x' }))).toEqual(
    refusal(404, 'Lead not found'),
  );
});

const NO_FIELDS = 'No updatable fields provided';
const NAME = 'Name must be between 2 and 100 characters';

test.each<[string, object, object]>([
  ['nothing to change', { phone: PHONE }, { body: [NO_FIELDS] }],
  [
    'only fields that cannot be changed',
    { phone: PHONE, status: 'failed', id: UNKNOWN_IDS.uuid },
    { body: [NO_FIELDS] },
  ],
  ['only a kind', { phone: PHONE, kind: 'call' }, { body: [NO_FIELDS] }],
  ['no phone', { name: 'Jo Doe' }, { phone: ['Phone number is required'] }],
  ['a bad phone', { phone: '12', name: 'Jo Doe' }, { phone: ['Invalid phone number'] }],
  ['no name', { phone: PHONE, name: null }, { name: ['Name is required'] }],
  ['a short name', { phone: PHONE, name: 'J' }, { name: [NAME] }],
  ['a bad e-mail address', { phone: PHONE, email: 'john' }, { email: ['Invalid email format'] }],
  ['21 tags', { phone: PHONE, tags: Array(21).fill('a') }, { tags: ['Maximum 20 tags allowed'] }],
  ['a bad kind', { phone: PHONE, name: 'Jo Doe', kind: 'fax' }, { kind: ['Kind must be one of: call, sms'] }],
  [
    'a text as custom fields',
    { phone: PHONE, custom_fields: 'x' },
    { custom_fields: ['Custom fields must be an object'] },
  ],
])('%s is refused', async (_, body, details) => {
  const answer = await withoutChange(client.account, () => client.update(body));
  const [[message]] = Object.values(details);
  expect(essence(answer)).toEqual(refusal(400, message, details));
});

test('a kind that is not that of the campaign is refused', async () => {
  const answer = await withoutChange(client.account, () =>
    client.update({ phone: PHONE, name: 'Jo Doe', kind: 'sms' }),
  );
  const message = expect.stringMatching('Kind sms does not match') as never;
  expect(essence(answer)).toEqual(refusal(400, message, { kind: [message] }));
});

test('custom fields that are added at once are all kept', async () => {
  const names = Array.from({ length: 10 }, (_, at) => `field-${at}`);
  const answers = await Promise.all(
    names.map((name) => client.update({ phone: PHONE, custom_fields: { [name]: name } })),
  );
  expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
  const added = Object.fromEntries(names.map((name) => [name, name]));
  expect((await client.get(john.id)).body.data.custom_fields).toEqual({ ...JOHN.custom_fields, ...added });
  expect(await eventsOf(client.account, 'lead')).toHaveLength(11);
});
