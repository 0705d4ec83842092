import { accounts } from '../../../src/domain/account/account.service';
import { calls } from '../../../src/domain/call/call.service';
import { ringsOf } from '../../../src/domain/call/call-routing';
import type { Context } from '../../../src/domain/context';
import { leads } from '../../../src/domain/lead/lead.service';
import type { Team } from '../../../src/domain/team/team.entity';
import { teams } from '../../../src/domain/team/team.service';
import { issueKey } from '../../support/account';
import { withoutChange } from '../../support/account-state';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';
import { MainTeam } from './main-team';

let client: CallinglyClient;
let ctx: Context;
let team: MainTeam;

beforeEach(async () => {
  client = await CallinglyClient.open();
  ctx = client.ctx;
  team = await MainTeam.open(ctx);
});

const john = (id: number) => ({
  ...{ id, name: 'John Doe', label: 'John Doe', fname: 'John', lname: 'Doe', email: 'john@doe.com' },
  ...{ phone_number: '+15555555555', phone_number_formatted: '(555) 555-5555' },
  ...{ source: 'HubSpot', crm: null, source_id: '123', deleted_at: null },
});

const called = () => ({
  ...{ direction: 'outbound', lead_status: null, seconds: 0, duration: '0s', retry: 0, lead_retry: 0 },
  ...{ started_at: '2026-03-02 10:00:00', time_formatted: '03/02/26 10:00am', source: 'HubSpot' },
  ...{ member: [], profile: { id: team.number, name: 'Main Team' }, recording_url: null },
  ...{ error_message: null, phone_number_formatted: '(555) 555-5555' },
});

const callOf = (number: number) => calls.record(ctx, number);

describe('Create Call', () => {
  test('makes a lead of the documented request and rings at the agents of the team', async () => {
    const agent = await team.hire();
    const { status, body } = await client.post('/calls', team.callRequest());
    const { id, number, lead, ...call } = await callOf(body.id);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        ...{ id: number, call_id: number, lead_id: lead?.number, status: 'ringing', scheduled_at: null },
        ...{ ...called(), lead: john(lead?.number as number) },
      },
    });
    expect(call).toMatchObject({ teamId: team.id, status: 'ringing', source: 'HubSpot' });
    expect(lead).toMatchObject({ company: "John's Pools", category: 'Pools', crmId: '123' });
    expect((await ringsOf(ctx, id)).map(({ agentId }) => agentId)).toEqual([agent.id]);
  });

  test('is offline when nobody can be rung', async () => {
    await team.hire({ isDoNotDisturb: true });
    const { body } = await client.post('/calls', team.callRequest());
    expect(body).toEqual({
      ...{ id: body.id, call_id: body.id, lead_id: body.lead_id, status: 'offline', scheduled_at: null },
      ...{ ...called(), lead: john(body.lead_id) },
    });
  });

  test.each([
    ['2026-03-03 09:30:00', '2026-03-03T09:30:00.000Z'],
    ['2026-03-03T09:30:00Z', '2026-03-03T09:30:00.000Z'],
    ['2026-03-03T02:30:00-07:00', '2026-03-03T09:30:00.000Z'],
    ['2026-03-03T09:30:00.250+00:00', '2026-03-03T09:30:00.250Z'],
  ])('scheduled_at %s is understood', async (scheduled_at, scheduledAt) => {
    await team.hire();
    const { status, body } = await client.post('/calls', team.callRequest({ scheduled_at }));
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        ...{ id: body.id, call_id: body.id, lead_id: body.lead_id, status: null },
        ...{ ...called(), lead: john(body.lead_id), scheduled_at: '2026-03-03 09:30:00' },
      },
    });
    const { lead, ...call } = await callOf(body.id);
    expect(call).toMatchObject({ status: 'scheduled', scheduledAt, startedAt: null });
    expect(lead).toMatchObject({ scheduledCallAt: scheduledAt });
  });

  test('ids may be texts, what is empty is as not given, and unknown keys do not matter', async () => {
    await team.hire();
    const { status, body } = await client.post('/calls', {
      ...{ team_id: String(team.number), phone_number: '(555) 555-5555', crm_id: 'a-7', scheduled_at: '' },
      ...{ first_name: '', last_name: null, email: '', company: '', extra: { a: [1] }, sms_auto_send: true },
    });
    expect({ status, word: body.status, scheduled: body.scheduled_at }).toEqual({
      ...{ status: 200, word: 'ringing', scheduled: null },
    });
    expect((await callOf(body.id)).lead).toMatchObject({
      ...{ firstName: '', lastName: '', email: null, company: null, crmId: 'a-7', phone: '+15555555555' },
    });
  });

  test('the lead of the number is called, not a second one', async () => {
    await team.hire();
    const known = await leads.create(ctx, { name: 'Known Lead', phone: '+15555555555', email: 'k@doe.com' });
    const { body } = await client.post('/calls', team.callRequest());
    expect(body.lead_id).toBe(known.number);
    expect(body.lead).toEqual({
      ...john(known.number),
      ...{ name: 'Known Lead', label: 'Known Lead', fname: 'Known', lname: 'Lead', email: 'k@doe.com' },
    });
    const again = await client.post('/calls', team.callRequest());
    expect(again).toEqual({ status: 200, body });
  });

  test.each<[string, object, string, string]>([
    ['no team', { team_id: undefined }, 'team_id', 'The team_id field is required: give the id of a team.'],
    [
      'a team in words',
      { team_id: 'Main' },
      'team_id',
      'The team_id field is required: give the id of a team.',
    ],
    ['no phone', { phone_number: undefined }, 'phone_number', 'The phone_number field is required.'],
    ['an empty phone', { phone_number: ' ' }, 'phone_number', 'The phone_number field is required.'],
    [
      'a phone in words',
      { phone_number: 'home' },
      'phone_number',
      'The phone_number must be a phone number.',
    ],
    [
      ...(['a phone that is too short', { phone_number: '55555' }] as const),
      ...(['phone_number', 'Phone must be a phone number, best in E.164 form like +12025550143.'] as const),
    ],
    ['a bad e-mail', { email: 'john' }, 'email', 'Email must be an e-mail address.'],
    ['a list as name', { first_name: ['John'] }, 'first_name', 'The first_name must be a text.'],
    [
      ...(['a long company', { company: 'x'.repeat(256) }] as const),
      ...(['company', 'Company must be at most 255 characters long, not 256.'] as const),
    ],
    [
      ...(['a bad time', { scheduled_at: 'tomorrow' }] as const),
      ...(['scheduled_at', 'The scheduled_at must be a time like 2026-01-31 22:00:00.'] as const),
    ],
    [
      ...(['a day that is none', { scheduled_at: '2026-02-30 10:00:00' }] as const),
      ...(['scheduled_at', 'The scheduled_at must be a time like 2026-01-31 22:00:00.'] as const),
    ],
    [
      ...(['a year that is none', { scheduled_at: '0000-01-01 00:00:00' }] as const),
      ...(['scheduled_at', 'The scheduled_at must be a time like 2026-01-31 22:00:00.'] as const),
    ],
    [
      ...(['a NUL byte', { category: 'a\u0000b' }] as const),
      ...(['category', 'Category must not contain NUL bytes or unpaired surrogates.'] as const),
    ],
  ])('%s is refused', async (_, change, field, message) => {
    await team.hire();
    const answer = await withoutChange(client.account, () => client.post('/calls', team.callRequest(change)));
    expect(answer).toEqual(unprocessable(field, message));
  });

  test('a team that is unknown, deleted or of another account is not found', async () => {
    const stranger = await client.server.openAccount();
    const other = await teams.create(stranger.ctx, { name: 'Other' });
    const gone = await teams.create(ctx, { name: 'Gone' });
    await teams.delete(ctx, gone.id);
    for (const team_id of [0, -1, 2_147_483_648, gone.number, other.number, String(other.number)]) {
      const call = team.callRequest({ team_id });
      expect(await withoutChange(client.account, () => client.post('/calls', call))).toEqual(NOT_FOUND);
    }
  });

  test.each([
    [{ isBlocked: true }, 'The lead is blocked and must not be contacted.'],
    [{ isStopped: true }, 'Calls to the lead were stopped: set is_stopped to 0 to call again.'],
  ])('a lead with %j is not called', async (fields, message) => {
    await team.hire();
    await leads.create(ctx, { phone: '+15555555555', ...fields });
    const answer = await withoutChange(client.account, () => client.post('/calls', team.callRequest()));
    expect(answer).toEqual(refused(409, message));
  });

  test('a key that may not read what the answer shows starts no call', async () => {
    await team.hire();
    const key = await issueKey(client.account, ['calls:write', 'leads:write', 'leads:read', 'calls:read']);
    const limited = client.withKey(key);
    const answer = await withoutChange(client.account, () => limited.post('/calls', team.callRequest()));
    expect(answer).toEqual(refused(403, 'This key lacks the scope notes:read.'));
  });
});

describe('account_id', () => {
  let agency: CallinglyClient;
  let clientNumber: number;
  let clientTeam: Team;

  beforeEach(async () => {
    agency = await CallinglyClient.open();
    const { account } = agency;
    const { id, number } = await accounts.createClient(account.ctx, { name: 'Client' });
    clientNumber = number;
    const scope = await accounts.clientScope(account.ctx, id);
    clientTeam = await teams.create(account.ctx.actingFor(scope), { name: 'Of the client' });
  });

  test('in body, query or header acts for the client account', async () => {
    const call = { team_id: clientTeam.number, phone_number: '555-555-5555' };
    expect(await agency.post('/calls', call)).toEqual(NOT_FOUND);
    const made = await agency.post('/calls', { ...call, account_id: clientNumber });
    expect(made).toMatchObject({ status: 200, body: { status: 'offline' } });
    const { id } = made.body;
    expect((await agency.get('/calls')).body).toEqual({ data: [] });
    const asClient = [
      agency.get(`/calls?account_id=${clientNumber}`),
      agency.send('GET', '/calls', undefined, { 'x-account-id': String(clientNumber) }),
    ];
    for (const { body } of await Promise.all(asClient)) expect(body.data).toMatchObject([{ id }]);
    expect(await agency.get(`/calls/${id}`)).toEqual(NOT_FOUND);
    expect((await agency.get(`/calls/${id}?account_id=${clientNumber}`)).status).toBe(200);
  });

  test('outside the agency is refused, and nothing is changed', async () => {
    for (const account_id of [ctx.account.number, String(ctx.account.number), 99_999_999]) {
      const call = { team_id: team.number, phone_number: '555-555-5555', account_id };
      const answer = await withoutChange(client.account, () =>
        withoutChange(agency.account, () => agency.post('/calls', call)),
      );
      expect(answer).toEqual(refused(403, 'This key may not act for that account.'));
    }
  });
});
