import { feeds } from '../../../src/domain/feed/feed.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, LeadsClient, refusal } from './leads-client';

let client: LeadsClient;

beforeEach(async () => {
  client = await LeadsClient.open();
});

const LEAD = { name: 'Lead 1', phone: '+1234567890' };
const phoneOf = (at: number) => `+1555${String(at).padStart(7, '0')}`;
const batchOf = (size: number) =>
  Array.from({ length: size }, (_, at) => ({ name: `Lead ${at}`, phone: phoneOf(at) }));

test('a hundred leads are created in order, each with its event', async () => {
  const batch = batchOf(100);
  const answer = await client.create({ leads: batch });
  expect(essence(answer)).toEqual(client.created(...batch.map((lead) => client.expected(lead))));
  const ids = answer.body.data.leads.map(({ id }) => id);
  const events = await eventsOf(client.account, 'lead');
  expect(events.map(({ name, subjectId }) => ({ name, subjectId }))).toEqual(
    ids.map((subjectId) => ({ name: 'lead.created', subjectId })),
  );
  const listed = await client.query({ pageSize: 100, sort: 'created_at:asc' });
  expect(listed.body.data.leads.map(({ id }) => id)).toEqual(ids);
});

const BAD_BATCH = 'leads must be an array of 1 to 100 leads';

test.each<[string, unknown]>([
  ['no leads', []],
  ['101 leads', batchOf(101)],
  ['leads that are an object', { 0: LEAD }],
  ['leads that are a text', 'Lead 1'],
  ['leads that are null', null],
])('%s are refused', async (_, leads) => {
  const answer = await withoutChange(client.account, () => client.create({ leads }));
  expect(essence(answer)).toEqual(refusal(400, BAD_BATCH, { leads: [BAD_BATCH] }));
});

const NAME = 'Name must be between 2 and 100 characters';
const PHONE = 'Invalid phone number';
const KIND = 'Kind must be one of: call, sms';

test('one bad lead among ninety-nine good ones keeps all of them out', async () => {
  const batch = batchOf(100).map((lead, at) => (at === 57 ? { ...lead, phone: '12' } : lead));
  const answer = await withoutChange(client.account, () => client.create({ leads: batch }));
  expect(essence(answer)).toEqual(refusal(400, PHONE, [{ index: 57, errors: [PHONE] }]));
});

test.each<[string, object, unknown]>([
  [
    'every bad lead is listed by its place',
    { leads: [{ ...LEAD, name: 'x' }, LEAD, { name: 'y', phone: '1' }] },
    [
      { index: 0, errors: [NAME] },
      { index: 2, errors: [NAME, PHONE] },
    ],
  ],
  [
    'a lead that is no object is listed',
    { leads: [LEAD, 'x'] },
    [{ index: 1, errors: ['Lead must be an object'] }],
  ],
  ['a bad kind of the batch is named', { leads: [LEAD], kind: 'fax' }, { kind: [KIND] }],
  [
    'a bad campaign of the batch is named',
    { leads: [LEAD], campaign_id: '7' },
    { campaign_id: ['Invalid campaign_id'] },
  ],
  [
    'bad leads and a bad kind are named by their fields',
    {
      leads: [
        { ...LEAD, name: 'x' },
        { ...LEAD, name: 'y' },
      ],
      kind: 'fax',
    },
    { leads: [NAME], kind: [KIND] },
  ],
])('%s', async (_, body, details) => {
  const answer = await withoutChange(client.account, () => client.create(body));
  const [first] = Object.values(details as object) as (string[] | { errors: string[] })[];
  const message = String(Array.isArray(first) ? first[0] : first?.errors[0]);
  expect(essence(answer)).toEqual(refusal(400, message, details));
});

test.each([
  [
    'in the account',
    [LEAD],
    [
      { name: 'Other', phone: '+1234567891' },
      { ...LEAD, phone: '+1 234 567 890' },
    ],
  ],
  [
    'in the batch',
    [],
    [LEAD, { name: 'Lead 2', phone: '+1234567891' }, { ...LEAD, phone: '+1(234)567-890' }],
  ],
])('a duplicate %s keeps the whole batch out', async (_, known, leads) => {
  for (const lead of known) await client.create(lead);
  const answer = await withoutChange(client.account, () => client.create({ leads }));
  expect(essence(answer)).toEqual(refusal(409, 'Duplicate lead'));
});

test('a fault is told before a duplicate', async () => {
  await client.create(LEAD);
  const answer = await withoutChange(client.account, () =>
    client.create({ leads: [LEAD, { name: 'A\0', phone: phoneOf(1) }] }),
  );
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ details: [{ index: 1, errors: [expect.stringMatching('NUL')] }] });
});

test('campaign and kind of the batch are for leads that name none', async () => {
  const solar = await feeds.create(client.ctx, { name: 'Solar' });
  const wind = await feeds.create(client.ctx, { name: 'Wind' });
  const leads = [
    { name: 'Lead 1', phone: phoneOf(1) },
    { name: 'Lead 2', phone: phoneOf(2), campaign_id: wind.id, kind: 'call' },
  ];
  const answer = await client.create({ leads, campaign_id: solar.id, kind: 'call' });
  expect(essence(answer)).toEqual(
    client.created(
      client.expected({ ...leads[0], campaign_id: solar.id, campaign_name: 'Solar' }),
      client.expected({ name: 'Lead 2', phone: phoneOf(2), campaign_id: wind.id, campaign_name: 'Wind' }),
    ),
  );
});

test('the kind of the batch must be that of every campaign in it', async () => {
  const texts = await feeds.create(client.ctx, { name: 'Texts', kind: 'sms' });
  const leads = [
    { name: 'Lead 1', phone: phoneOf(1), campaign_id: texts.id },
    { name: 'Lead 2', phone: phoneOf(2) },
  ];
  const answer = await withoutChange(client.account, () => client.create({ leads, kind: 'sms' }));
  const message = expect.stringMatching('Kind sms does not match') as never;
  expect(essence(answer)).toEqual(refusal(400, message, [{ index: 1, errors: [message] }]));
});

test('an unknown campaign, or one of another account, is not found', async () => {
  const other = await LeadsClient.open();
  for (const campaignId of [UNKNOWN_IDS.uuid, other.ctx.account.defaultFeedId]) {
    for (const body of [
      { leads: [LEAD, { name: 'Lead 2', phone: phoneOf(2), campaign_id: campaignId }] },
      { leads: [LEAD], campaign_id: campaignId },
    ]) {
      const answer = await withoutChange(other.account, () =>
        withoutChange(client.account, () => client.create(body)),
      );
      expect(essence(answer)).toEqual(refusal(404, 'Campaign not found'));
    }
  }
});

test('tags that leads have in common are made once', async () => {
  const leads = batchOf(3).map((lead, at) => ({ ...lead, tags: ['common', `own-${at}`] }));
  const answer = await client.create({ leads });
  expect(answer.body.data.leads.map(({ tags }) => tags)).toEqual(leads.map(({ tags }) => tags));
  expect(await eventsOf(client.account, 'tag')).toHaveLength(4);
});

test('of two batches at once with the same numbers in opposite order, one wins and the other is a duplicate', async () => {
  for (let round = 0; round < 5; round++) {
    const batch = batchOf(100).map((lead, at) => ({
      ...lead,
      phone: phoneOf(1000 * round + at),
      tags: [`t${at % 9}`],
    }));
    const answers = await Promise.all([
      client.create({ leads: batch }),
      client.create({ leads: batch.toReversed() }),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  }
  expect((await client.query()).body.data.total).toBe(500);
});
