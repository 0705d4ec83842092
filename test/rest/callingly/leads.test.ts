import { accounts } from '../../../src/domain/account/account.service';
import { agents } from '../../../src/domain/agent/agent.service';
import { calls } from '../../../src/domain/call/call.service';
import type { Context } from '../../../src/domain/context';
import { feeds } from '../../../src/domain/feed/feed.service';
import { Lead } from '../../../src/domain/lead/lead.entity';
import { leads } from '../../../src/domain/lead/lead.service';
import { Tag } from '../../../src/domain/tag/tag.entity';
import { teams } from '../../../src/domain/team/team.service';
import { issueKey } from '../../support/account';
import { eventNamesOf, eventsOf, withoutChange } from '../../support/account-state';
import { startTestServer, type TestServer } from '../../support/server';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';

let server: TestServer;
let client: CallinglyClient;
let ctx: Context;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  client = await CallinglyClient.open(server);
  ctx = client.ctx;
});

afterAll(() => server.close());

/** A lead that has nothing but a phone number, as it is answered. */
const bare = (id: number, phone_number: string) => ({
  ...{ id, account_id: ctx.account.number, fname: '', lname: '', phone_number, source: null },
  ...{ source_id: null, created_at: '2026-03-02 10:00:00', company: null, category: null, status: null },
  ...{ result: null, tags: [], stage: null, scheduled_call_at: null, is_stopped: 0, is_blocked: 0 },
});

/** A lead that has everything, with what it is answered as. */
async function openFullLead() {
  await accounts.update(ctx, { timeZone: 'America/Phoenix' });
  const team = await teams.create(ctx, { name: 'Team 1' });
  const owner = await agents.create(ctx, {
    ...{ firstName: 'Bartholome', lastName: 'Wilkinson', phone: '+14801239876' },
  });
  const lead = await leads.create(ctx, {
    ...{ firstName: 'Test', lastName: 'Lead', email: 'test@lead.com', phone: '+14801234567' },
    ...{ source: 'Webhook', sourceId: 'w-1', company: 'Callingly', category: 'Pools', status: 'missed' },
    ...{ result: 'voicemail', stage: 'prospect', teamId: team.id, ownerId: owner.id, tagNames: ['hot'] },
    ...{ scheduledCallAt: '2024-06-13T22:48:00Z', isStopped: true },
  });
  const tag = await ctx.repo(Tag).findBy({ name: 'hot' });
  const wire = {
    ...{ id: lead.number, account_id: ctx.account.number, lead_owner_id: owner.number, fname: 'Test' },
    ...{ lname: 'Lead', email: 'test@lead.com', phone_number: '+14801234567', source: 'Webhook' },
    ...{ source_id: 'w-1', created_at: '2026-03-02 10:00:00', company: 'Callingly', category: 'Pools' },
    ...{ status: 'missed', result: 'voicemail', team: { id: team.number, name: 'Team 1' } },
    ...{ tags: [{ id: tag?.number, name: 'hot' }], stage: 'prospect' },
    ...{ scheduled_call_at: '06/13/24 3:48pm MST', is_stopped: 1, is_blocked: 0 },
  };
  return { lead, wire };
}

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
    const { lead, wire } = await openFullLead();
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
        { ...bare(other.number, '+14801234568'), calls: [] },
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
    const limited = new CallinglyClient(server, { ...client.account, key });
    expect(await limited.get('/leads')).toEqual(refused(403, 'This key lacks the scope tags:read.'));
  });

  test('another account’s leads are not in it', async () => {
    const stranger = await CallinglyClient.open(server);
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
    expect(body[COUNT - 1]).toEqual({ ...bare(body[COUNT - 1].id, phoneAt(0)), calls: [] });
  });

  test('begins to arrive before its end is read', async () => {
    // The first batch is larger than what sockets take in, so the server waits for the client to read.
    await ctx.query(CALLS_OF_EACH, [ctx.account.id]);
    const response = await fetch(`${await server.listen()}/v1/leads`, {
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

describe('Get Lead', () => {
  test('shows the lead; what clients do not take as null is left out', async () => {
    const { lead, wire } = await openFullLead();
    expect(await client.get(`/leads/${lead.number}`)).toEqual({ status: 200, body: wire });
    const other = await leads.create(ctx, { phone: '+14801234568' });
    const expected = { status: 200, body: bare(other.number, '+14801234568') };
    expect(await client.get(`/leads/${other.number}`)).toEqual(expected);
  });

  test('has the id in the CRM as source_id when it has none at the source', async () => {
    for (const [ids, source_id] of [
      [{ crmId: 'c-1' }, 'c-1'],
      [{ crmId: 'c-1', sourceId: 's-1' }, 's-1'],
    ] as const) {
      const { number } = await leads.create(
        client.ctx,
        { phone: '+14801234567', ...ids },
        { onDuplicate: 'allow' },
      );
      expect((await client.get(`/leads/${number}`)).body).toMatchObject({ source_id });
    }
  });

  test('that is unknown, deleted or of another account is not found', async () => {
    const lead = await leads.create(ctx, { phone: '+14801234567' });
    const stranger = await CallinglyClient.open(server);
    expect(await stranger.get(`/leads/${lead.number}`)).toEqual(NOT_FOUND);
    await leads.delete(ctx, lead.id);
    for (const id of [lead.number, lead.id, 0, -1, '1e1', 2_147_483_648])
      expect(await client.get(`/leads/${id}`)).toEqual(NOT_FOUND);
  });
});

describe('Update Lead', () => {
  test('changes what is given, in one event', async () => {
    const { lead, wire } = await openFullLead();
    const change = {
      ...{ id: lead.number, fname: 'Jo', lname: 'Doe', email: 'jo@doe.com', source: 'App', company: 'Acme' },
      ...{ status: 'contacted', result: 'contacted', stage: 'customer' },
    };
    const flags = { is_stopped: false, is_blocked: true };
    const answer = await client.put(`/leads/${lead.number}`, {
      ...{ ...change, ...flags, phone_number: '480-555-0100', created_at: 'x', team: null, more: {} },
    });
    const changed = { ...wire, ...change, phone_number: '+14805550100', is_stopped: 0, is_blocked: 1 };
    expect(answer).toEqual({ status: 200, body: { success: true, ...changed } });
    expect(await client.get(`/leads/${lead.number}`)).toEqual({ status: 200, body: changed });
    const [, update, ...others] = await eventsOf(client.account, 'lead');
    expect(others).toEqual([]);
    expect(update?.name).toBe('lead.updated');
    expect(update?.changes).toEqual({
      firstName: { old: 'Test', new: 'Jo' },
      lastName: { old: 'Lead', new: 'Doe' },
      email: { old: 'test@lead.com', new: 'jo@doe.com' },
      phone: { old: '+14801234567', new: '+14805550100' },
      source: { old: 'Webhook', new: 'App' },
      company: { old: 'Callingly', new: 'Acme' },
      status: { old: 'missed', new: 'contacted' },
      result: { old: 'voicemail', new: 'contacted' },
      stage: { old: 'prospect', new: 'customer' },
      isStopped: { old: true, new: false },
      isBlocked: { old: false, new: true },
    });
  });

  test.each<[object, object]>([
    [{ is_stopped: 0 }, { is_stopped: 0 }],
    [{ is_blocked: '1' }, { is_blocked: 1 }],
    [{ is_blocked: 'true' }, { is_blocked: 1 }],
    [
      { is_blocked: true, is_stopped: '0' },
      { is_blocked: 1, is_stopped: 0 },
    ],
    [{ email: null }, { email: undefined }],
    [{ email: '' }, { email: undefined }],
    [
      { fname: null, lname: '' },
      { fname: '', lname: '' },
    ],
    [
      { company: null, source: '', stage: null },
      { company: null, source: null, stage: null },
    ],
    [
      { status: null, result: '' },
      { status: null, result: null },
    ],
    [{ company: 77 }, { company: '77' }],
    [{}, {}],
  ])('by %j', async (change, expected) => {
    const { lead, wire } = await openFullLead();
    const { email, ...body } = { success: true, ...wire, ...expected };
    expect(await client.put(`/leads/${lead.number}`, change)).toEqual({
      ...{ status: 200, body: email === undefined ? body : { ...body, email } },
    });
  });

  test('by nothing, or by what is the same, changes nothing', async () => {
    const { lead, wire } = await openFullLead();
    await withoutChange(client.account, async () => {
      for (const change of [{}, wire])
        expect((await client.put(`/leads/${lead.number}`, change)).body).toEqual({ success: true, ...wire });
    });
  });

  test.each<[object, string, string]>([
    [{ phone_number: null }, 'phone_number', 'The phone_number field is required.'],
    [{ phone_number: '' }, 'phone_number', 'The phone_number field is required.'],
    [{ phone_number: 'home' }, 'phone_number', 'The phone_number must be a phone number.'],
    [
      { phone_number: '55555' },
      ...(['phone_number', 'Phone must be a phone number, best in E.164 form like +12025550143.'] as const),
    ],
    [{ email: 'jo' }, 'email', 'Email must be an e-mail address.'],
    [{ fname: ['Jo'] }, 'fname', 'The fname must be a text.'],
    [{ fname: 'a\u0000b' }, 'fname', 'First name must not contain NUL bytes or unpaired surrogates.'],
    [{ status: 'x'.repeat(101) }, 'status', 'Status must be at most 100 characters long, not 101.'],
    [{ is_stopped: 2 }, 'is_stopped', 'The is_stopped must be 0 or 1.'],
    [{ is_blocked: 'no' }, 'is_blocked', 'The is_blocked must be 0 or 1.'],
    [{ is_blocked: null }, 'is_blocked', 'The is_blocked field is required.'],
  ])('by %j is refused', async (change, field, message) => {
    const { lead } = await openFullLead();
    const answer = await withoutChange(client.account, () =>
      client.put(`/leads/${lead.number}`, { stage: 'customer', ...change }),
    );
    expect(answer).toEqual(unprocessable(field, message));
  });

  test('to the number of another lead of the feed is refused', async () => {
    const lead = await leads.create(ctx, { phone: '+14801234567' });
    await leads.create(ctx, { phone: '+14801234568' });
    const answer = await withoutChange(client.account, () =>
      client.put(`/leads/${lead.number}`, { phone_number: '480-123-4568' }),
    );
    expect(answer).toEqual(refused(409, 'Another lead of the feed has this phone number.'));
  });
});

describe('Delete Lead', () => {
  test('deletes it for every reader, with its event', async () => {
    const { number } = await leads.create(ctx, { phone: '+14801234567' });
    expect(await client.delete(`/leads/${number}`)).toEqual({ status: 200, body: { success: true } });
    expect(await client.get('/leads')).toEqual({ status: 200, body: [] });
    const names = await eventNamesOf(client.account, 'lead');
    expect(names).toEqual(['lead.created', 'lead.deleted']);
    const again = await withoutChange(client.account, () => client.delete(`/leads/${number}`));
    expect(again).toEqual(NOT_FOUND);
  });
});

describe('another account', () => {
  let mine: number;
  let stranger: CallinglyClient;

  beforeEach(async () => {
    mine = (await leads.create(ctx, { name: 'Mine', phone: '+14801234567' })).number;
    stranger = await CallinglyClient.open(server);
  });

  test('changes and deletes nothing', async () => {
    await withoutChange(client.account, async () => {
      expect(await stranger.put(`/leads/${mine}`, { fname: 'Theirs' })).toEqual(NOT_FOUND);
      expect(await stranger.delete(`/leads/${mine}`)).toEqual(NOT_FOUND);
    });
  });

  test('that is no client of the agency is refused in query, body and header', async () => {
    const { number } = client.ctx.account;
    await withoutChange(client.account, async () => {
      const answers = [
        await stranger.get(`/leads?account_id=${number}`),
        await stranger.put(`/leads/${mine}`, { fname: 'Theirs', account_id: number }),
        await stranger.put(`/leads/${mine}?account_id=${number}`, { fname: 'Theirs' }),
        await stranger.delete(`/leads/${mine}?account_id=${number}`),
        await stranger.send('DELETE', `/leads/${mine}`, undefined, { 'x-account-id': String(number) }),
      ];
      for (const answer of answers)
        expect(answer).toEqual(refused(403, 'This key may not act for that account.'));
    });
  });

  test('that is a client of the agency is acted for', async () => {
    const { id, number: account_id } = await accounts.createClient(ctx, { name: 'Client' });
    const ofClient = ctx.actingFor(await accounts.clientScope(ctx, id));
    const { number } = await leads.create(ofClient, { phone: '+14801234568' });
    expect(await client.get(`/leads/${number}`)).toEqual(NOT_FOUND);
    const { body } = await client.get(`/leads?account_id=${account_id}`);
    expect(body).toEqual([{ ...bare(number, '+14801234568'), account_id, calls: [] }]);
    const changed = await client.put(`/leads/${number}`, { fname: 'Jo', account_id: String(account_id) });
    expect(changed.body).toEqual({
      ...{ success: true, ...bare(number, '+14801234568'), fname: 'Jo', account_id },
    });
    const deleted = await client.delete(`/leads/${number}?account_id=${account_id}`);
    expect(deleted).toEqual({ status: 200, body: { success: true } });
    expect((await client.get('/leads')).body).toMatchObject([{ id: mine }]);
  });
});
