import { feeds } from '../../../src/domain/feed/feed.service';
import type { DialStatus } from '../../../src/domain/lead/lead.entity';
import { leads } from '../../../src/domain/lead/lead.service';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, LEADS, LeadsClient, refusal, type WireLead } from './leads-client';

let client: LeadsClient;
let john: WireLead;

const PHONE = '+12345678900';

beforeEach(async () => {
  client = await LeadsClient.open();
  const answer = await client.create({
    name: 'John Doe',
    phone: PHONE,
    email: 'john@example.com',
    tags: ['vip'],
  });
  john = answer.body.data.leads[0] as WireLead;
});

test('a lead is got by its id, flat in data and once more as data.lead', async () => {
  expect(essence(await client.get(john.id))).toEqual(client.found(john));
  expect(essence(await client.get(john.id.toUpperCase()))).toEqual(client.found(john));
});

test('a lead is looked up by its phone, flat in data and once more as data.lead', async () => {
  expect(essence(await client.query({ phone: PHONE }))).toEqual(client.found(john, { lookup: 'phone' }));
});

test('a plus sign that is not escaped is understood', async () => {
  const phone = '+1234567890';
  const [lead] = (await client.create({ name: 'Lead 1', phone })).body.data.leads;
  const answer = await client.send('GET', `${LEADS}?phone=${phone}`);
  expect(essence(answer)).toEqual(client.found(lead as WireLead, { lookup: 'phone' }));
});

test.each<[string, DialStatus]>([
  ['pending', 'pending'],
  ['in-progress', 'in_progress'],
  ['retry', 'retry'],
  ['completed', 'completed'],
  ['failed', 'failed'],
])('the status %s is told and asked for in the words of the vendor', async (status, dialStatus) => {
  await leads.update(client.ctx, john.id, { dialStatus });
  expect((await client.get(john.id)).body.data.status).toBe(status);
  expect((await client.query({ phone: PHONE, status })).body.data.status).toBe(status);
  expect((await client.query({ status })).body.data.leads.map(({ id }) => id)).toEqual([john.id]);
});

test('what a call leaves behind is told', async () => {
  await client.ctx.query(
    `update lead set call_attempts = 3, last_called_at = '2026-02-01T08:00:00.5Z' where account_id = $1`,
    [client.ctx.account.id],
  );
  const called = { ...john, call_attempts: 3, last_called_at: '2026-02-01T08:00:00.500Z' };
  expect(essence(await client.get(john.id))).toEqual(client.found(called));
});

test('without a campaign the newest lead of the phone is found, with one that of the campaign', async () => {
  const { id: campaignId } = await feeds.create(client.ctx, { name: 'Solar' });
  const newer = (await client.create({ name: 'John D.', phone: PHONE, campaign_id: campaignId })).body.data
    .leads[0];
  const idFor = async (query: Record<string, string>) =>
    (await client.query({ phone: PHONE, ...query })).body.data.id;
  expect(await idFor({})).toBe(newer?.id);
  expect(await idFor({ campaign_id: campaignId })).toBe(newer?.id);
  expect(await idFor({ campaign_id: client.ctx.account.defaultFeedId })).toBe(john.id);
  expect(await idFor({ campaign_id: client.ctx.account.defaultFeedId.toUpperCase() })).toBe(john.id);
});

test('of leads with one number, as other doors may make them, the first is found and changed', async () => {
  const twin = await leads.create(client.ctx, { name: 'Jon Doe', phone: PHONE }, { onDuplicate: 'allow' });
  expect(essence(await client.query({ phone: PHONE }))).toEqual(client.found(john, { lookup: 'phone' }));
  const changed = { ...john, company: 'Acme Corp' };
  expect(essence(await client.send('PATCH', LEADS, { phone: PHONE, company: 'Acme Corp' }))).toEqual(
    client.found(changed),
  );
  expect((await client.get(twin.id)).body.data).toMatchObject({ name: 'Jon Doe', company: null });
  await leads.delete(client.ctx, john.id);
  expect((await client.query({ phone: PHONE })).body.data.id).toBe(twin.id);
});

test.each<[string, Record<string, string>, boolean]>([
  ['status', { status: 'pending' }, true],
  ['status', { status: 'failed' }, false],
  ['updated_since', { updated_since: '2026-03-02T10:00:00' }, true],
  ['updated_since', { updated_since: '2026-03-02T11:00:00+01:00' }, true],
  ['updated_since', { updated_since: '2026-03-02T10:00:00.001Z' }, false],
  ['updated_since', { updated_since: '2026-03-02' }, true],
  ['updated_since', { updated_since: '2026-03-03' }, false],
  ['both', { status: 'pending', updated_since: '2026-03-03' }, false],
  ['campaign_id', { campaign_id: UNKNOWN_IDS.uuid }, false],
])('%s filters the lookup: %j finds it: %s', async (_, filters, isFound) => {
  const expected = isFound ? client.found(john, { lookup: 'phone' }) : refusal(404, 'Lead not found');
  expect(essence(await client.query({ phone: PHONE, ...filters }))).toEqual(expected);
});

test.each([[UNKNOWN_IDS.uuid], ['7'], ['not-a-uuid'], ['%00'], ['%zz'], ['..%2f..']])(
  'there is no lead %s',
  async (id) => {
    expect(essence(await client.get(id))).toEqual(refusal(404, 'Lead not found'));
  },
);

test('a lead that was deleted, or is of another account, is not there', async () => {
  const other = await LeadsClient.open();
  expect(essence(await other.get(john.id))).toEqual(refusal(404, 'Lead not found'));
  expect(essence(await other.query({ phone: PHONE }))).toEqual(refusal(404, 'Lead not found'));
  await leads.delete(client.ctx, john.id);
  expect(essence(await client.get(john.id))).toEqual(refusal(404, 'Lead not found'));
  expect(essence(await client.query({ phone: PHONE }))).toEqual(refusal(404, 'Lead not found'));
});

test.each<[string, string, object]>([
  ['phone=', 'Phone number is required', { phone: ['Phone number is required'] }],
  ['phone=12345', 'Invalid phone number', { phone: ['Invalid phone number'] }],
  ['phone=%00', 'Invalid phone number', { phone: ['Invalid phone number'] }],
  ['phone=5551234567&phone=5551234568', 'Invalid phone number', { phone: ['Invalid phone number'] }],
  [
    'phone=5551234567&campaign_id=x&updated_since=soon',
    'Invalid campaign_id',
    { campaign_id: ['Invalid campaign_id'], updated_since: ['Invalid datetime format'] },
  ],
])('a lookup by %s is refused', async (query, error, details) => {
  expect(essence(await client.send('GET', `${LEADS}?${query}`))).toEqual(refusal(400, error, details));
});
