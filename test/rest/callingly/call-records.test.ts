import { accounts } from '../../../src/domain/account/account.service';
import { calls } from '../../../src/domain/call/call.service';
import type { Context } from '../../../src/domain/context';
import { leads } from '../../../src/domain/lead/lead.service';
import { notes } from '../../../src/domain/note/note.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import { teams } from '../../../src/domain/team/team.service';
import { CallinglyClient, NOT_FOUND, unprocessable } from './callingly-client';
import { MainTeam } from './main-team';

let client: CallinglyClient;
let ctx: Context;
let team: MainTeam;

beforeEach(async () => {
  client = await CallinglyClient.open();
  ctx = client.ctx;
  team = await MainTeam.open(ctx);
});

const callOf = (number: number) => calls.record(ctx, number);

/** A call that was written down, with its lead. */
async function log(phone: string, input: object = {}) {
  const lead = await leads.create(ctx, { name: 'Example Lead', phone });
  return calls.create(ctx, { leadId: lead.id, teamId: team.id, status: 'completed', ...input });
}

const idsIn = async (query: string) =>
  (await client.get(`/calls?${query}`)).body.data.map(({ id }: { id: number }) => id);

describe('List Calls', () => {
  test('shows who took part; what is absent is an empty list', async () => {
    const agent = await team.hire();
    const first = await log('+14805550101', {
      ...{ agentId: agent.id, result: 'contacted', seconds: 37, source: 'Dashboard' },
      ...{ startedAt: '2020-11-30T10:54:01Z', recordingUrl: 'https://cdn.callingly.com/r/da3c0bf.mp3' },
    });
    const bare = await log('+14805550102', { teamId: null, status: 'missed', errorMessage: 'No line.' });
    await leads.delete(ctx, bare.leadId);
    const { lead } = await callOf(first.number);
    const { status, body } = await client.get('/calls');
    const none = { lead_status: null, duration: '0s', retry: 0, lead_retry: 0, seconds: 0, source: null };
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        data: [
          {
            ...{ ...none, id: bare.number, direction: 'outbound', status: 'missed', recording_url: null },
            ...{ started_at: '2026-03-02 10:00:00', time_formatted: '03/02/26 10:00am' },
            ...{ member: [], lead: [], profile: [], error_message: 'No line.' },
          },
          {
            ...{ ...none, id: first.number, direction: 'outbound', status: 'completed' },
            ...{ lead_status: 'contacted', seconds: 37, duration: '37s', source: 'Dashboard' },
            ...{ started_at: '2020-11-30 10:54:01', time_formatted: '11/30/20 10:54am' },
            member: {
              ...{ id: agent.number, name: 'Michael Scott', fname: 'Michael', lname: 'Scott' },
              ...{ email: 'michael@dundermifflin.com', phone_number: '+14805550111' },
            },
            lead: {
              ...{ id: lead?.number, name: 'Example Lead', label: 'Example Lead' },
              ...{ fname: 'Example', lname: 'Lead', phone_number: '+14805550101' },
              ...{ phone_number_formatted: '(480) 555-0101', source: null, crm: null },
              ...{ source_id: null, deleted_at: null },
            },
            profile: { id: team.number, name: 'Main Team' },
            recording_url: 'https://cdn.callingly.com/r/da3c0bf.mp3',
            ...{ error_message: null, phone_number_formatted: '(480) 555-0101' },
          },
        ],
      },
    });
  });

  test.each([
    ['ringing', 'ringing'],
    ['in_progress', 'in-progress'],
    ['offline', 'offline'],
    ['missed', 'missed'],
    ['completed', 'completed'],
    ['ignored', 'ignored'],
    ['busy', 'busy'],
    ['error', 'error'],
  ])('status %s is %s', async (status, word) => {
    await log('+14805550101', { status });
    expect((await client.get('/calls')).body.data).toMatchObject([{ status: word }]);
  });

  test('is newest first, 50 at a time, at most 500; a short page is the last', async () => {
    const lead = await leads.create(ctx, { phone: '+14805550101' });
    const numbers: number[] = [];
    for (let at = 0; at < 53; at++) numbers.unshift((await calls.create(ctx, { leadId: lead.id })).number);
    expect(await idsIn('')).toEqual(numbers.slice(0, 50));
    expect(await idsIn('page=2')).toEqual(numbers.slice(50));
    expect(await idsIn('page=3')).toEqual([]);
    expect(await idsIn('limit=10&page=2')).toEqual(numbers.slice(10, 20));
    expect(await idsIn('limit=500')).toEqual(numbers);
    expect(await idsIn('limit=&page=')).toEqual(numbers.slice(0, 50));
  });

  test('of a team', async () => {
    const other = await teams.create(ctx, { name: 'Other' });
    const mine = await log('+14805550101');
    const theirs = await log('+14805550102', { teamId: other.id });
    expect(await idsIn(`team_id=${team.number}`)).toEqual([mine.number]);
    expect(await idsIn(`team_id=${other.number}&limit=10`)).toEqual([theirs.number]);
    expect(await idsIn('team_id=')).toEqual([theirs.number, mine.number]);
  });

  test('of a team that is unknown or of another account is not found', async () => {
    const stranger = await client.server.openAccount();
    const { number } = await teams.create(stranger.ctx, { name: 'Other' });
    for (const id of [0, 99_999_999, number])
      expect(await client.get(`/calls?team_id=${id}`)).toEqual(NOT_FOUND);
  });

  test('of days of the account’s zone, the first and the last included', async () => {
    await accounts.update(ctx, { timeZone: 'America/Phoenix' });
    const times = ['02-01T06:59:59', '02-01T07:00:00', '02-02T06:59:59.999', '02-02T07:00:00'];
    const numbers: number[] = [];
    for (const [at, time] of times.entries())
      numbers.push((await log(`+1480555010${at}`, { startedAt: `2020-${time}Z` })).number);
    const [before, first, last, after] = numbers;
    expect(await idsIn('start=2020-02-01&end=2020-02-01')).toEqual([last, first]);
    expect(await idsIn('start=2020-02-02')).toEqual([after]);
    expect(await idsIn('end=2020-01-31')).toEqual([before]);
    expect(await idsIn('end=2020-02-01')).toEqual([last, first, before]);
    expect(await idsIn('start=&end=')).toEqual([after, last, first, before]);
    for (const all of ['start=0000-01-01&end=9999-12-31', 'start=0001-01-01', 'end=9999-12-31'])
      expect(await idsIn(all)).toEqual([after, last, first, before]);
    expect(await idsIn('start=9999-12-31&end=9999-12-31')).toEqual([]);
    const { body } = await client.get('/calls?start=2020-02-02');
    expect(body.data[0]).toMatchObject({
      ...{ started_at: '2020-02-02 07:00:00', time_formatted: '02/02/20 12:00am' },
    });
  });

  test('one that has not begun counts by the day on which it was asked for', async () => {
    await team.hire();
    const { body } = await client.post('/calls', team.callRequest({ scheduled_at: '2026-03-09 10:00:00' }));
    expect(await idsIn('start=2026-03-02&end=2026-03-02')).toEqual([body.id]);
    expect(await idsIn('start=2026-03-09')).toEqual([]);
  });

  test.each([
    ['limit=0', 'limit', 'limit must be a whole number from 1 to 500'],
    ['limit=501', 'limit', 'limit must be a whole number from 1 to 500'],
    ['limit=ten', 'limit', 'limit must be a whole number from 1 to 500'],
    ['page=0', 'page', 'page must be a whole number from 1 to 1000000'],
    ['page=1&page=2', 'page', 'page must be a whole number from 1 to 1000000'],
    ['team_id=main', 'team_id', 'The team_id must be the id of a record.'],
    ['start=2020-02-30', 'start', 'The start must be a day like 2026-01-31.'],
    ['end=02/01/2020', 'end', 'The end must be a day like 2026-01-31.'],
    ['end=2020-2-1', 'end', 'The end must be a day like 2026-01-31.'],
    ['start=%00', 'start', 'The start must be a day like 2026-01-31.'],
  ])('%s is refused', async (query, field, message) => {
    expect(await client.get(`/calls?${query}`)).toEqual(unprocessable(field, message));
  });
});

describe('Get Call', () => {
  test('shows all that is known of a call', async () => {
    const agent = await team.hire();
    const number = await phoneNumbers.create(ctx, { phone: '+14805550199', name: 'Front desk' });
    const call = await log('+14805550101', {
      ...{ agentId: agent.id, phoneNumberId: number.id, result: 'contacted', seconds: 5, source: 'App' },
      ...{ startedAt: '2020-11-11T12:08:13Z', recordingUrl: 'https://cdn.callingly.com/r/example.mp3' },
      transcript: 'Speaker A: Hello this is a call...',
    });
    const note = await notes.create(ctx, { callId: call.id, body: 'Wants a pool.' });
    const { lead } = await callOf(call.number);
    expect(await client.get(`/calls/${call.number}`)).toEqual({
      status: 200,
      body: {
        ...{ id: call.number, started_at: '2020-11-11 12:08:13', direction: 'outbound' },
        ...{ status: 'completed', status_formatted: 'Completed', lead_status: 'contacted' },
        ...{ lead_status_formatted: 'Contacted', ring_status: 'completed', seconds: 5, duration: '5s' },
        ...{ retry: 0, lead_retry: 0, time_formatted: '11/11/20 12:08pm', source: 'App' },
        from_formatted: '(480) 555-0199',
        recording_url: 'https://cdn.callingly.com/r/example.mp3',
        ...{ error_message: null, phone_number_formatted: '(480) 555-0101', human_result: 'contacted' },
        user: {
          ...{ id: agent.number, name: 'Michael Scott', fname: 'Michael', lname: 'Scott' },
          ...{ email: 'michael@dundermifflin.com', phone_number: '+14805550111' },
        },
        lead: {
          ...{ id: lead?.number, name: 'Example Lead', label: 'Example Lead', fname: 'Example' },
          ...{ lname: 'Lead', phone_number: '+14805550101', phone_number_formatted: '(480) 555-0101' },
          ...{ source: null, crm: null, source_id: null, deleted_at: null },
        },
        number: { id: number.number, name: 'Front desk', phone_number: '+14805550199' },
        tag: null,
        notes: [{ id: note.number, content: 'Wants a pool.', created_at: '2026-03-02 10:00:00' }],
        profile: { id: team.number, name: 'Main Team' },
        ...{ is_voicemail: 0, is_queue: 0, is_team_offline: 0, scheduled_call_type: null },
        ...{ old_lead_owner_id: null, transcript: 'Speaker A: Hello this is a call...' },
        ...{ sales_advice: null, is_error: 0, error_code: '' },
      },
    });
  });

  test('leaves out, or empties, what there is not', async () => {
    await team.hire();
    const { body } = await client.post('/calls', team.callRequest({ scheduled_at: '2026-03-09 10:00:00' }));
    await leads.delete(ctx, (await callOf(body.id)).leadId);
    await teams.delete(ctx, team.id);
    for (const { id } of await phoneNumbers.all(ctx)) await phoneNumbers.delete(ctx, id);
    expect(await client.get(`/calls/${body.id}`)).toEqual({
      status: 200,
      body: {
        ...{ id: body.id, started_at: '2026-03-02 10:00:00', direction: 'outbound', status: null },
        ...{ lead_status: null, seconds: 0, duration: '0s', retry: 0, lead_retry: 0 },
        ...{ time_formatted: '03/02/26 10:00am', source: 'HubSpot', recording_url: null },
        ...{ error_message: null, user: null, lead: [], number: null, tag: null, notes: [], profile: [] },
        ...{ is_voicemail: 0, is_queue: 0, is_team_offline: 0, scheduled_call_type: null },
        ...{ old_lead_owner_id: null, transcript: null, sales_advice: null, is_error: 0, error_code: '' },
      },
    });
  });

  test.each<[object, object]>([
    [
      { status: 'completed', result: 'voicemail' },
      { is_voicemail: 1, human_result: 'voicemail' },
    ],
    [{ status: 'offline' }, { is_team_offline: 1, ring_status: 'offline' }],
    [
      { status: 'error', errorMessage: 'No line.' },
      { is_error: 1, error_message: 'No line.' },
    ],
    [{ status: 'in_progress' }, { status_formatted: 'In Progress', ring_status: 'in-progress' }],
    [{ status: 'missed', direction: 'inbound' }, { from_formatted: '(480) 555-0101' }],
  ])('of %j says %j', async (input, words) => {
    const { number } = await log('+14805550101', input);
    expect((await client.get(`/calls/${number}`)).body).toMatchObject(words);
  });

  test('that is unknown or of another account is not found', async () => {
    const { number } = await log('+14805550101');
    const stranger = await CallinglyClient.open();
    expect(await stranger.get(`/calls/${number}`)).toEqual(NOT_FOUND);
    for (const id of [0, -1, '1.5', 'x', 99_999_999_999, 2_147_483_648])
      expect(await client.get(`/calls/${id}`)).toEqual(NOT_FOUND);
  });
});
