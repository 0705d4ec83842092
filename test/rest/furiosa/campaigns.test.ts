import type { Campaign } from '../../../src/domain/campaign/campaign.entity';
import { campaigns } from '../../../src/domain/campaign/campaign.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { openCampaignBench } from '../../support/campaigns';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, FuriosaClient, listed, refused, single, unprocessable } from './furiosa-client';

let client: FuriosaClient;
let audience: { id: number; groups: number[] };

const NOT_FOUND = refused(404, 'Campaign not found');
const NONE = {
  ...{ recipients: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0, failed: 0 },
  ...{ open_rate: 0, click_rate: 0, credits_used: 0 },
};

beforeEach(async () => {
  client = await FuriosaClient.open();
  audience = await client.makeAudience('Newsletter', 'VIP', 'Press');
});

function draft(input: object = {}): Promise<Campaign> {
  const letter = { name: 'Spring', subject: 'Spring is here', text: 'Dear {{ first_name }}' };
  return campaigns.create(client.ctx, { audienceId: audience.id, ...letter, ...input });
}

/** What a new campaign looks like, but for these fields. */
function campaign(fields: object): object {
  return {
    ...{ id: expect.any(Number), name: 'Spring', type: 'email', status: 'draft', subject: 'Spring is here' },
    ...{ audience_id: audience.id, group_ids: [], scheduled_at: null, sent_at: null },
    ...{ created_at: client.now, updated_at: client.now, metrics: NONE, ...fields },
  };
}

test('a campaign has every field, in lists and alone', async () => {
  const { id, number } = await draft({ groupIds: audience.groups.toReversed() });
  const at = new Date(client.ctx.now().getTime() + 3_600_000).toISOString();
  await campaigns.schedule(client.ctx, id, at);
  const expected = campaign({
    ...{ id: number, status: 'scheduled', group_ids: audience.groups.toReversed() },
    scheduled_at: at.replace('.000Z', 'Z'),
  });
  expect(essence(await client.get(`/campaigns/${number}`))).toEqual(single(200, expected));
  expect(essence(await client.get('/campaigns'))).toEqual(listed([expected]));
  expect(essence(await client.get(`/campaigns/${number}/metrics`))).toEqual({
    status: 200,
    body: { id: number, data: NONE },
  });
});

test('campaigns are filtered and paged, newest first', async () => {
  const other = await client.makeAudience('Other');
  await draft({ name: 'A' });
  await draft({ name: 'B', channel: 'sms' });
  const { id } = await draft({ name: 'C', audienceId: other.id });
  await campaigns.send(client.ctx, id);
  const namesOf = async (query: string) => {
    const { body } = await client.get(`/campaigns?${query}`);
    return body.data.map(({ name }) => name);
  };
  expect(await namesOf('')).toEqual(['C', 'B', 'A']);
  expect(await namesOf('status=draft')).toEqual(['B', 'A']);
  expect(await namesOf('status=draft&type=email')).toEqual(['A']);
  expect(await namesOf('type=sms')).toEqual(['B']);
  expect(await namesOf(`audience_id=${other.id}`)).toEqual(['C']);
  expect(await namesOf(`audience_id=${UNKNOWN_IDS.integer}`)).toEqual([]);
  expect(await namesOf('status=&type=&audience_id=')).toEqual(['C', 'B', 'A']);
  expect(await namesOf('per_page=2&page=2')).toEqual(['A']);
});

test.each<[string, Record<string, string>]>([
  ['status=done', { status: 'The status must be one of: draft, scheduled, sending, sent, failed.' }],
  ['type=fax', { type: 'The type must be one of: email, sms.' }],
  [
    'audience_id=x&page=0',
    {
      audience_id: 'The audience_id must be an integer.',
      page: 'The page must be an integer of at least 1.',
    },
  ],
])('?%s: 422', async (query, errors) => {
  expect(essence(await client.get(`/campaigns?${query}`))).toEqual(unprocessable(errors));
});

test('a campaign is sent once', async () => {
  const { id, number } = await draft();
  const expected = campaign({ id: number, status: 'sending' });
  expect(essence(await client.post(`/campaigns/${number}/send`))).toEqual(single(202, expected));
  expect(await campaigns.get(client.ctx, id)).toMatchObject({
    status: 'sending',
    startedAt: client.ctx.instant(),
  });
  expect((await eventsOf(client.account, 'campaign')).at(-1)).toMatchObject({
    ...{ name: 'campaign.updated', subjectId: id, changes: { status: { old: 'draft', new: 'sending' } } },
  });
  const again = await withoutChange(client.account, () => client.post(`/campaigns/${number}/send`));
  expect(essence(again)).toEqual(refused(409, 'The campaign is going out already.'));
});

test('of several that send at once, one does', async () => {
  const { number } = await draft();
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => client.post(`/campaigns/${number}/send`, {})),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409, 409]);
});

test('a campaign that lacks something is not sent', async () => {
  const { number } = await draft({ subject: null, text: null });
  const answer = await withoutChange(client.account, () => client.post(`/campaigns/${number}/send`));
  expect(essence(answer)).toEqual(
    unprocessable({
      subject: 'Subject must be given before the campaign can be sent.',
      text: 'Text (or html, for e-mails) must be given before the campaign can be sent.',
    }),
  );
});

test('what a campaign has done is counted', async () => {
  const bench = await openCampaignBench({}, { clock: client.account.clock });
  const sender = new FuriosaClient(client.server, bench.account);
  await bench.addContacts([{ email: 'a@example.com' }, { email: 'b@example.com' }]);
  const { number } = await bench.draft();
  await sender.post(`/campaigns/${number}/send`);
  await bench.run();
  const metrics = { ...NONE, recipients: 2, sent: 2, delivered: 2 };
  expect(essence(await sender.get(`/campaigns/${number}/metrics`))).toEqual({
    status: 200,
    body: { id: number, data: metrics },
  });
  expect((await sender.get(`/campaigns/${number}`)).body.data).toMatchObject({
    ...{ status: 'sent', sent_at: sender.now, metrics },
  });
  expect(essence(await sender.post(`/campaigns/${number}/send`))).toEqual(
    refused(409, 'The campaign was sent already.'),
  );
  expect(bench.server.addresses.toSorted()).toEqual(['a@example.com', 'b@example.com']);
  await bench.close();
});

test.each<['GET' | 'POST', string]>([
  ['GET', ''],
  ['GET', '/metrics'],
  ['POST', '/send'],
])('%s an unknown campaign%s', async (method, tail) => {
  const { id, number } = await draft();
  await campaigns.delete(client.ctx, id);
  for (const one of [UNKNOWN_IDS.integer, number, 'spring']) {
    const answer = await withoutChange(client.account, () => client.send(method, `/campaigns/${one}${tail}`));
    expect(essence(answer)).toEqual(NOT_FOUND);
  }
});
