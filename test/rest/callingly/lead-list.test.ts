import { accounts } from '../../../src/domain/account/account.service';
import { calls } from '../../../src/domain/call/call.service';
import type { Context } from '../../../src/domain/context';
import { feeds } from '../../../src/domain/feed/feed.service';
import { Lead } from '../../../src/domain/lead/lead.entity';
import { leads } from '../../../src/domain/lead/lead.service';
import { issueKey } from '../../support/account';
import { CallinglyClient, refused, unprocessable } from './callingly-client';
import { bareLead, openFullLead } from './sample-leads';

let client: CallinglyClient;
let ctx: Context;

beforeEach(async () => {
  client = await CallinglyClient.open();
  ctx = client.ctx;
});

const idsIn = async (query: string) =>
  (await client.get(`/leads?${query}`)).body.map(({ id }: { id: number }) => id);

/** A lead of a number that was made at a time. */
async function madeAt(time: string, phone: string): Promise<number> {
  const { id, number } = await leads.create(ctx, { phone });
  await ctx.query('update lead set created_at = $3 where account_id = $1 and id = $2', [
    ...[ctx.account.id, id, time],
  ]);
  return number;
}

describe('List Leads', () => {
  test('is a list with the calls and the owner of each, newest first', async () => {
    const { lead, wire } = await openFullLead(ctx);
    const call = await calls.create(ctx, {
      ...{ leadId: lead.id, status: 'completed', result: 'contacted', seconds: 37, source: 'App' },
      ...{ startedAt: '2024-06-03T23:57:04Z', recordingUrl: 'https://cdn.callingly.com/r/1.mp3' },
    });
    const missed = await calls.create(ctx, { leadId: lead.id, status: 'missed' });
    const other = await leads.create(ctx, { phone: '+14801234568' });
    const unset = { source: null, seconds: 0, result: null, recording_url: null };
    expect(await client.get('/leads')).toEqual({
      status: 200,
      body: [
        { ...bareLead(ctx, other.number, '+14801234568'), calls: [] },
        {
          ...wire,
          calls: [
            {
              ...{ ...unset, id: missed.number, direction: 'outbound', status: 'missed' },
              ...{ agent_retry: 0, lead_retry: 0, started_at: '2026-03-02 10:00:00' },
            },
            {
              ...{ id: call.number, source: 'App', seconds: 37, direction: 'outbound', status: 'completed' },
              ...{ result: 'contacted', agent_retry: 0, lead_retry: 0, started_at: '2024-06-03 23:57:04' },
              recording_url: 'https://cdn.callingly.com/r/1.mp3',
            },
          ],
          lead_owner: { name: 'Bartholome Wilkinson', phone_number: '+14801239876', custom_id: null },
        },
      ],
    });
  });

  test.each(['leads', 'calls'])('a range of %s that ends before it starts is refused', async (path) => {
    const refusal = unprocessable('end', 'The end must not be before the start.');
    expect(await client.get(`/${path}?start=2026-03-02&end=2026-03-01`)).toEqual(refusal);
    expect((await client.get(`/${path}?start=2026-03-02&end=2026-03-02`)).status).toBe(200);
  });

  test('without leads is an empty list', async () => {
    expect(await client.get('/leads?start=2020-01-01&end=2020-02-01')).toEqual({ status: 200, body: [] });
  });

  test('of days of the account’s zone, the first and the last included', async () => {
    await accounts.update(ctx, { timeZone: 'America/New_York' });
    // Clocks are set forward on 2020-03-08, so that day has 23 hours.
    const before = await madeAt('2020-03-08T04:59:59.999Z', '+14801234561');
    const first = await madeAt('2020-03-08T05:00:00Z', '+14801234562');
    const last = await madeAt('2020-03-09T03:59:59.999Z', '+14801234563');
    const after = await madeAt('2020-03-09T04:00:00Z', '+14801234564');
    expect(await idsIn('start=2020-03-08&end=2020-03-08')).toEqual([last, first]);
    expect(await idsIn('start=2020-03-09')).toEqual([after]);
    expect(await idsIn('end=2020-03-07')).toEqual([before]);
    expect(await idsIn('start=&end=&since=x&page=0')).toEqual([after, last, first, before]);
  });

  test.each(['+14801234567', '%2B14801234567', '480-123-4567', '(480) 123-4567', '4801234567'])(
    'of the number %s',
    async (number) => {
      const found = await madeAt('2020-01-15T00:00:00Z', '+14801234567');
      await madeAt('2020-01-15T00:00:00Z', '+14801234568');
      expect(await idsIn(`phone_number=${number}`)).toEqual([found]);
      expect(await idsIn(`start=2020-01-01&end=2020-02-01&phone_number=${number}`)).toEqual([found]);
      expect(await idsIn(`start=2020-02-01&phone_number=${number}`)).toEqual([]);
    },
  );

  test('of a number shows the leads of all feeds', async () => {
    const phone = '+14801234567';
    const first = await leads.create(ctx, { phone });
    const feed = await feeds.create(ctx, { name: 'Solar' });
    const second = await leads.create(ctx, { phone, feedId: feed.id });
    expect(await idsIn('phone_number=+14801234567')).toEqual([second.number, first.number]);
    expect(await idsIn('phone_number=')).toEqual([second.number, first.number]);
  });

  test.each([
    ['start=2020-02-30', 'start', 'The start must be a day like 2026-01-31.'],
    ['end=yesterday', 'end', 'The end must be a day like 2026-01-31.'],
    ['start=2020-01-01&start=2020-01-02', 'start', 'The start must be a day like 2026-01-31.'],
    ['phone_number=home', 'phone_number', 'The phone_number must be a phone number.'],
    ['phone_number=12345', 'phone_number', 'The phone_number must be a phone number.'],
    ['phone_number=%00', 'phone_number', 'The phone_number must be a phone number.'],
  ])('%s is refused', async (query, field, message) => {
    expect(await client.get(`/leads?${query}`)).toEqual(unprocessable(field, message));
  });

  test('a key that may not read what is listed is refused before the list begins', async () => {
    await leads.create(ctx, { phone: '+14801234567' });
    const key = await issueKey(client.account, ['leads:read']);
    const limited = client.withKey(key);
    expect(await limited.get('/leads')).toEqual(refused(403, 'This key lacks the scope tags:read.'));
  });

  test('another account’s leads are not in it', async () => {
    const stranger = await CallinglyClient.open();
    await leads.create(stranger.ctx, { phone: '+14801234567' });
    expect(await client.get('/leads?phone_number=+14801234567')).toEqual({ status: 200, body: [] });
  });
});

const CALLS_OF_EACH = `
insert into call (id, account_id, lead_id, status, recording_url, created_at, updated_at)
select gen_random_uuid(), account_id, id, 'completed', 'https://cdn.callingly.com/' || repeat('r', 1900), now(), now()
from (select * from lead where account_id = $1 order by id desc limit 150) newest, generate_series(1, 100)`;

describe('a long list', () => {
  const COUNT = 3_210;
  const phoneAt = (at: number) => `+1480${5_000_000 + at}`;
  const phonesOf = (body: { phone_number: string }[]) => body.map((one) => one.phone_number);

  beforeEach(async () => {
    const inputs = Array.from({ length: COUNT }, (_, at) => ({ phone: phoneAt(at) }));
    for (let at = 0; at < COUNT; at += 1000)
      await leads.createMany(ctx, inputs.slice(at, at + 1000), 'all_or_nothing');
  });

  test('has every lead once, the newest first', async () => {
    const { status, body } = await client.get('/leads');
    expect(status).toBe(200);
    expect(phonesOf(body)).toEqual(Array.from({ length: COUNT }, (_, at) => phoneAt(COUNT - 1 - at)));
    expect(body[COUNT - 1]).toEqual({ ...bareLead(ctx, body[COUNT - 1].id, phoneAt(0)), calls: [] });
  });

  test('begins to arrive before its end is read', async () => {
    // The first batch is larger than what sockets take in, so the server waits for the client to read.
    await ctx.query(CALLS_OF_EACH, [ctx.account.id]);
    const response = await fetch(`${await client.server.listen()}/v1/leads`, {
      headers: { authorization: `Bearer ${client.account.key}` },
    });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const parts = [(await reader.read()).value as Uint8Array];
    const oldest = await ctx.repo(Lead).findBy({ phone: phoneAt(0) });
    await leads.delete(ctx, oldest?.id as string);
    for (let part = await reader.read(); !part.done; part = await reader.read()) parts.push(part.value);
    const body = JSON.parse(Buffer.concat(parts).toString());
    expect(phonesOf(body)).toEqual(Array.from({ length: COUNT - 1 }, (_, at) => phoneAt(COUNT - 1 - at)));
    expect(body[149].calls).toHaveLength(100);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });
});
