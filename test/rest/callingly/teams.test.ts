import { agents } from '../../../src/domain/agent/agent.service';
import { teams } from '../../../src/domain/team/team.service';
import { issueKey } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';

let client: CallinglyClient;

const WHISPER = 'Please press 1 to connect to {first_name} {last_name} from {company} {category}';
const SETTINGS = {
  ...{ name: 'Main Team', is_record: 1, call_mode: 'simultaneous', whispertext: WHISPER },
  ...{ language: 'en', delay: 30, is_retry: 1, retries: 3, retry_schedule: [15, 60, 120] },
  ...{ is_reschedule: 1, is_retry_lead: 1, lead_retries: 2, lead_retry_schedule: [10, 20] },
};

beforeEach(async () => {
  client = await CallinglyClient.open();
});

/** A team of the client that was made with these settings. */
function teamWith(settings: object): object {
  return {
    ...{ id: expect.any(Number), account_id: client.ctx.account.number, name: 'Main Team', is_record: 0 },
    ...{ call_mode: 'simultaneous', whispertext: '', post_whispertext: '', language: 'en', delay: 0 },
    ...{ is_retry: 0, retries: 0, retry_schedule: [], is_reschedule: 0, is_retry_lead: 0 },
    ...{ lead_retries: 0, lead_retry_schedule: [], is_sms: 0, sms_body: '', whispertext_voice: '' },
    ...{ is_users_available_for_call: false, ...settings },
  };
}

async function create(settings: object = {}): Promise<number> {
  const { status, body } = await client.post('/teams', { name: 'Main Team', ...settings });
  expect(status).toBe(200);
  return body.id;
}

test('a team is made from a name alone', async () => {
  expect(await client.post('/teams', { name: ' Main Team ' })).toEqual({ status: 200, body: teamWith({}) });
});

test('a team has every documented setting, in the documented order', async () => {
  const settings = {
    ...{ ...SETTINGS, post_whispertext: 'Press 1.', is_sms: 1, sms_body: 'Hi {first_name}' },
    ...{ whispertext_voice: 'Joanna' },
  };
  const { status, body } = await client.post('/teams', settings);
  expect({ status, body }).toEqual({ status: 200, body: teamWith(settings) });
  expect(await client.get(`/teams/${body.id}`)).toEqual({ status: 200, body });
  expect(Object.keys(body)).toEqual([
    ...['id', 'account_id', 'name', 'is_record', 'call_mode', 'whispertext', 'post_whispertext', 'language'],
    ...['delay', 'is_retry', 'retries', 'retry_schedule', 'is_reschedule', 'is_retry_lead', 'lead_retries'],
    ...['lead_retry_schedule', 'is_sms', 'sms_body', 'whispertext_voice', 'is_users_available_for_call'],
  ]);
});

test('it is the team of every other door', async () => {
  const id = await create(SETTINGS);
  expect(await teams.get(client.ctx, id)).toMatchObject({
    ...{ number: id, name: 'Main Team', isRecording: true, callMode: 'simultaneous', whisperText: WHISPER },
    ...{ delaySeconds: 30, isRetrying: true, retries: 3, retrySchedule: [15, 60, 120] },
    ...{ isRescheduling: true, isRetryingLeads: true, leadRetries: 2, leadRetrySchedule: [10, 20] },
    ...{ isSmsEnabled: false, smsBody: '' },
  });
  const events = await eventsOf(client.account, 'team');
  expect(events.map(({ name }) => name)).toEqual(['team.created']);
});

test('all teams are listed in full, newest first', async () => {
  const names = Array.from({ length: 103 }, (_, at) => `Team ${at}`);
  for (const name of names) await teams.create(client.ctx, { name });
  const { status, body } = await client.get('/teams');
  expect(status).toBe(200);
  expect(body).toEqual(names.toReversed().map((name) => teamWith({ name })));
});

test('whether an agent of the team can be rung now', async () => {
  const id = await create();
  const other = await create();
  const isAvailable = async () => (await client.get(`/teams/${id}`)).body.is_users_available_for_call;
  const ann = await agents.create(client.ctx, { firstName: 'Ann', timeZone: 'UTC' });
  expect(await isAvailable()).toBe(false);
  await client.put(`/teams/${id}/agents`, { agents: [ann.number] });
  expect(await isAvailable()).toBe(true);
  const both = (await client.get('/teams')).body as { id: number; is_users_available_for_call: boolean }[];
  expect(both.map((one) => [one.id, one.is_users_available_for_call])).toEqual([
    [other, false],
    [id, true],
  ]);
  await agents.update(client.ctx, ann.id, { isDoNotDisturb: true });
  expect(await isAvailable()).toBe(false);
  await agents.update(client.ctx, ann.id, { isDoNotDisturb: false });
  expect((await client.put(`/teams/${id}`, { delay: 1 })).body.is_users_available_for_call).toBe(true);
  await agents.delete(client.ctx, ann.id);
  expect(await isAvailable()).toBe(false);
});

test.each<[string, object, object]>([
  ['the name', { name: 'Other Team' }, { name: 'Other Team' }],
  ['flags as true', { is_record: true, is_retry: true }, { is_record: 1, is_retry: 1 }],
  ['flags as texts', { is_record: '1', is_retry: 'true', is_sms: '0' }, { is_record: 1, is_retry: 1 }],
  ['flags as false', { is_reschedule: false, is_retry_lead: false }, {}],
  ['sms_auto_send', { sms_auto_send: true, sms_body: 'Hi' }, { is_sms: 1, sms_body: 'Hi' }],
  ['is_sms before sms_auto_send', { sms_auto_send: true, is_sms: 0 }, { is_sms: 0 }],
  ['a list as text with commas', { retry_schedule: '15,60,120' }, { retry_schedule: [15, 60, 120] }],
  ['the same with spaces', { lead_retry_schedule: ' 15, 60 ' }, { lead_retry_schedule: [15, 60] }],
  ['one number as text', { retry_schedule: '15' }, { retry_schedule: [15] }],
  ['a list of texts', { retry_schedule: ['15', '60'] }, { retry_schedule: [15, 60] }],
  ['numbers as texts', { retries: '3', delay: '60' }, { retries: 3, delay: 60 }],
  ['a text with spaces at its ends', { whispertext: ' Hi ' }, { whispertext: ' Hi ' }],
  ['round robin', { call_mode: 'round_robin' }, { call_mode: 'round_robin' }],
  ['what is unknown', { id: 7, account: 'x', is_users_available_for_call: true, priority: 3 }, {}],
  ['nothing', {}, {}],
])('a change of %s leaves the rest', async (_, body, changes) => {
  const before = { whispertext: WHISPER, post_whispertext: 'Bye' };
  const id = await create(before);
  const expected = { status: 200, body: teamWith({ ...before, ...changes, id }) };
  expect(await client.put(`/teams/${id}`, body)).toEqual(expected);
  expect(await client.get(`/teams/${id}`)).toEqual(expected);
});

test.each<[string, object, object]>([
  ['a text list', { retry_schedule: '' }, { retry_schedule: [] }],
  ['a list', { lead_retry_schedule: [] }, { lead_retry_schedule: [] }],
  ['a text', { whispertext: '' }, { whispertext: '' }],
  ['a text by null', { post_whispertext: null }, { post_whispertext: '' }],
  ['a switch', { is_record: 0 }, { is_record: 0 }],
])('%s can be emptied', async (_, body, changes) => {
  const before = { ...SETTINGS, post_whispertext: 'Bye' };
  const id = await create(before);
  const answer = await client.put(`/teams/${id}`, body);
  expect(answer).toEqual({ status: 200, body: teamWith({ ...before, ...changes, id }) });
});

test('what is the same already changes nothing', async () => {
  const id = await create(SETTINGS);
  const answer = await withoutChange(client.account, () => client.put(`/teams/${id}`, SETTINGS));
  expect(answer).toEqual({ status: 200, body: teamWith({ ...SETTINGS, id }) });
});

test.each<[string, object, string, string]>([
  ['an empty name', { name: '' }, 'name', 'The name field is required.'],
  ['null as name', { name: null }, 'name', 'The name field is required.'],
  ['a long name', { name: 'x'.repeat(101) }, 'name', 'The name must be a text of at most 100 characters.'],
  ['another flag', { is_record: 2 }, 'is_record', 'The is_record must be 0 or 1.'],
  ['a flag of null', { is_retry: null }, 'is_retry', 'The is_retry field is required.'],
  [
    'another call mode',
    { call_mode: 'blast' },
    'call_mode',
    'The call_mode must be one of: simultaneous, round_robin, priority.',
  ],
  ['half a number', { delay: 1.5 }, 'delay', 'The delay must be a whole number.'],
  ['a word as number', { retries: 'three' }, 'retries', 'The retries must be a whole number.'],
  ['too many retries', { retries: 101 }, 'retries', 'Retries must be from 0 to 100.'],
  ['a negative delay', { delay: -1 }, 'delay', 'Delay seconds must be from 0 to 86400.'],
  [
    'words in a list',
    { retry_schedule: '15,soon' },
    'retry_schedule.1',
    'The retry_schedule must be a list of whole numbers.',
  ],
  [
    'an object as list',
    { lead_retry_schedule: { a: 1 } },
    'lead_retry_schedule',
    'The lead_retry_schedule must be a list of whole numbers.',
  ],
  [
    'a long list',
    { retry_schedule: Array(101).fill(1) },
    'retry_schedule',
    'Retry schedule must have at most 100 items, not 101.',
  ],
  ['a list as text', { sms_body: ['Hi'] }, 'sms_body', 'The sms_body must be a text.'],
  [
    'a long text',
    { sms_body: 'x'.repeat(1601) },
    'sms_body',
    'Sms body must be at most 1600 characters long, not 1601.',
  ],
])('%s is refused, on creation and on change', async (_, settings, field, message) => {
  const id = await create(SETTINGS);
  await withoutChange(client.account, async () => {
    const refusal = unprocessable(field, message);
    expect(await client.post('/teams', { name: 'New Team', ...settings })).toEqual(refusal);
    expect(await client.put(`/teams/${id}`, { delay: 5, ...settings })).toEqual(refusal);
  });
});

test('a text that is no template is refused', async () => {
  const id = await create();
  const answer = await withoutChange(client.account, () =>
    client.put(`/teams/${id}`, { whispertext: '{{ lead.first_name', is_record: 1 }),
  );
  const message = expect.stringMatching(/^Whisper text is no template: /) as never;
  expect(answer).toEqual(unprocessable('whispertext', message));
});

test('a team without a name is refused', async () => {
  const answer = await withoutChange(client.account, () => client.post('/teams', SETTINGS_WITHOUT_NAME));
  expect(answer).toEqual(unprocessable('name', 'The name field is required.'));
});

const { name: _, ...SETTINGS_WITHOUT_NAME } = SETTINGS;

test('a team of another account is as one that nobody has', async () => {
  const id = await create();
  const other = await CallinglyClient.open();
  await withoutChange(client.account, async () => {
    for (const ref of [id, UNKNOWN_IDS.integer, '99999999999', 'main', '0']) {
      expect(await other.get(`/teams/${ref}`)).toEqual(NOT_FOUND);
      expect(await other.put(`/teams/${ref}`, { name: 'Mine' })).toEqual(NOT_FOUND);
    }
  });
  expect(await other.get('/teams')).toEqual({ status: 200, body: [] });
});

test('a deleted team is gone', async () => {
  const id = await create();
  await teams.delete(client.ctx, id);
  expect(await client.get('/teams')).toEqual({ status: 200, body: [] });
  expect(await client.get(`/teams/${id}`)).toEqual(NOT_FOUND);
  expect(await client.put(`/teams/${id}`, { name: 'Back' })).toEqual(NOT_FOUND);
});

test('a key that may only read reads', async () => {
  const id = await create();
  const key = await issueKey(client.account, ['teams:read']);
  const reader = client.withKey(key);
  expect(await reader.get(`/teams/${id}`)).toEqual({ status: 200, body: teamWith({ id }) });
  await withoutChange(client.account, async () => {
    const refusal = refused(403, 'This key lacks the scope teams:write.');
    expect(await reader.post('/teams', SETTINGS)).toEqual(refusal);
    expect(await reader.put(`/teams/${id}`, { name: 'Mine' })).toEqual(refusal);
  });
});
