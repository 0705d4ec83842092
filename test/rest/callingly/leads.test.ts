import { accounts } from '../../../src/domain/account/account.service';
import type { Context } from '../../../src/domain/context';
import { leads } from '../../../src/domain/lead/lead.service';
import { eventNamesOf, eventsOf, withoutChange } from '../../support/account-state';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';
import { bareLead, openFullLead } from './sample-leads';

let client: CallinglyClient;
let ctx: Context;

beforeEach(async () => {
  client = await CallinglyClient.open();
  ctx = client.ctx;
});

describe('Get Lead', () => {
  test('shows the lead; what clients do not take as null is left out', async () => {
    const { lead, wire } = await openFullLead(ctx);
    expect(await client.get(`/leads/${lead.number}`)).toEqual({ status: 200, body: wire });
    const other = await leads.create(ctx, { phone: '+14801234568' });
    const expected = { status: 200, body: bareLead(ctx, other.number, '+14801234568') };
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
    const stranger = await CallinglyClient.open();
    expect(await stranger.get(`/leads/${lead.number}`)).toEqual(NOT_FOUND);
    await leads.delete(ctx, lead.id);
    for (const id of [lead.number, lead.id, 0, -1, '1e1', 2_147_483_648])
      expect(await client.get(`/leads/${id}`)).toEqual(NOT_FOUND);
  });
});

describe('Update Lead', () => {
  test('changes what is given, in one event', async () => {
    const { lead, wire } = await openFullLead(ctx);
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
    const { lead, wire } = await openFullLead(ctx);
    const { email, ...body } = { success: true, ...wire, ...expected };
    expect(await client.put(`/leads/${lead.number}`, change)).toEqual({
      ...{ status: 200, body: email === undefined ? body : { ...body, email } },
    });
  });

  test('by nothing, or by what is the same, changes nothing', async () => {
    const { lead, wire } = await openFullLead(ctx);
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
    const { lead } = await openFullLead(ctx);
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
    stranger = await CallinglyClient.open();
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
    expect(body).toEqual([{ ...bareLead(ctx, number, '+14801234568'), account_id, calls: [] }]);
    const changed = await client.put(`/leads/${number}`, { fname: 'Jo', account_id: String(account_id) });
    expect(changed.body).toEqual({
      ...{ success: true, ...bareLead(ctx, number, '+14801234568'), fname: 'Jo', account_id },
    });
    const deleted = await client.delete(`/leads/${number}?account_id=${account_id}`);
    expect(deleted).toEqual({ status: 200, body: { success: true } });
    expect((await client.get('/leads')).body).toMatchObject([{ id: mine }]);
  });
});
