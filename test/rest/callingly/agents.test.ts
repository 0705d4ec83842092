import { agents } from '../../../src/domain/agent/agent.service';
import { issueKey } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';

let client: CallinglyClient;

const JOHN = { fname: 'John', lname: 'Smith', phone_number: '555-555-5555' };
const FULL = { ...JOHN, ext: '100', timezone: 'America/Phoenix', email: 'john@example.com', priority: 2 };

beforeEach(async () => {
  client = await CallinglyClient.open();
});

/** John Smith of the client as he is answered, but for these fields. */
function john(fields: object = {}): object {
  return {
    ...{ id: expect.any(Number), account_id: client.ctx.account.number, fname: 'John', lname: 'Smith' },
    ...{ name: 'John Smith', phone_number: '+15555555555', ext: '', donotdisturb: 0, priority: 0 },
    ...{ timezone: 'UTC', is_available: true, ...fields },
  };
}

async function create(body: object = JOHN): Promise<number> {
  const { status, body: agent } = await client.post('/agents', body);
  expect(status).toBe(200);
  return agent.id;
}

test('an agent is made from names and number', async () => {
  expect(await client.post('/agents', JOHN)).toEqual({ status: 200, body: john() });
});

test('an agent has every documented field', async () => {
  const { phone_number, ...rest } = FULL;
  const answer = await client.post('/agents', FULL);
  expect(answer).toEqual({ status: 200, body: john(rest) });
  expect(await client.get('/agents')).toEqual({ status: 200, body: [answer.body] });
  expect(await agents.get(client.ctx, answer.body.id)).toMatchObject({
    ...{ firstName: 'John', lastName: 'Smith', phone: '+15555555555', phoneExtension: '100' },
    ...{ timeZone: 'America/Phoenix', email: 'john@example.com', priority: 2, isDoNotDisturb: false },
  });
});

test('all agents are listed, newest first', async () => {
  const names = Array.from({ length: 103 }, (_, at) => `Agent ${at}`);
  for (const fname of names) await agents.create(client.ctx, { firstName: fname, lastName: 'X' });
  const { body } = await client.get('/agents');
  expect(body.map(({ fname }: { fname: string }) => fname)).toEqual(names.toReversed());
});

test('what an agent of another door has not is left out, the extension is empty', async () => {
  const { number } = await agents.create(client.ctx, { firstName: 'Ann' });
  const { phone_number: _, ...rest } = john({
    id: number,
    fname: 'Ann',
    lname: '',
    name: 'Ann',
  }) as typeof JOHN;
  expect(await client.get('/agents')).toEqual({ status: 200, body: [rest] });
});

test.each<[string, unknown, string]>([
  ['national', '(602) 481-9661', '+16024819661'],
  ['E.164', '+16024819661', '+16024819661'],
  ['with spaces', ' +1 602 481 9661 ', '+16024819661'],
  ['a number', 6024819661, '+16024819661'],
  ['of another country', '+49 30 901820', '+4930901820'],
])('a phone number that is %s', async (_, phone_number, expected) => {
  expect((await client.post('/agents', { ...JOHN, phone_number })).body.phone_number).toBe(expected);
});

test.each<[string, object, object]>([
  ['the first name', { fname: 'Jack' }, { fname: 'Jack', name: 'Jack Smith' }],
  ['the last name', { lname: 'Doe' }, { lname: 'Doe', name: 'John Doe' }],
  ['the number', { phone_number: '602-481-9661' }, { phone_number: '+16024819661' }],
  ['the extension', { ext: '7' }, { ext: '7' }],
  ['the extension as number', { ext: 7 }, { ext: '7' }],
  ['no extension', { ext: '' }, { ext: '' }],
  ['null as extension', { ext: null }, { ext: '' }],
  ['the zone', { timezone: 'Europe/Berlin' }, { timezone: 'Europe/Berlin' }],
  ['the priority', { priority: 9 }, { priority: 9 }],
  ['the priority as text', { priority: '9' }, { priority: 9 }],
  ['the e-mail address', { email: 'j@example.com' }, { email: 'j@example.com' }],
  ['do-not-disturb', { donotdisturb: 1 }, { donotdisturb: 1, is_available: false }],
  ['do-not-disturb as boolean', { donotdisturb: true }, { donotdisturb: 1, is_available: false }],
  ['do-not-disturb as text', { donotdisturb: '1' }, { donotdisturb: 1, is_available: false }],
  ['do-not-disturb that is off', { donotdisturb: false }, {}],
  ['what is unknown', { id: 7, name: 'X', is_available: false, schedule: [], role: 'admin' }, {}],
  ['nothing', {}, {}],
])('a change of %s leaves the rest', async (_, body, changes) => {
  const id = await create(FULL);
  const { phone_number: __, ...before } = FULL;
  const expected = john({ ...before, id, ...changes });
  expect(await client.put(`/agents/${id}`, body)).toEqual({ status: 200, body: expected });
  expect(await client.get('/agents')).toEqual({ status: 200, body: [expected] });
});

test('the e-mail address can be emptied', async () => {
  const id = await create(FULL);
  const { body } = await client.put(`/agents/${id}`, { email: '' });
  expect('email' in body).toBe(false);
  expect((await agents.get(client.ctx, id)).email).toBe(null);
});

test('a deleted agent is gone', async () => {
  const id = await create();
  expect(await client.delete(`/agents/${id}`)).toEqual({ status: 200, body: { success: true } });
  expect(await client.get('/agents')).toEqual({ status: 200, body: [] });
  await withoutChange(client.account, async () => {
    for (const answer of [
      await client.delete(`/agents/${id}`),
      await client.put(`/agents/${id}`, { fname: 'Jack' }),
      await client.get(`/agents/${id}/schedule`),
      await client.put(`/agents/${id}/schedule`, [{ day: 1, is_available: false }]),
    ]) {
      expect(answer).toEqual(NOT_FOUND);
    }
  });
  const events = await eventsOf(client.account, 'agent');
  expect(events.map(({ name }) => name)).toEqual(['agent.created', 'agent.deleted']);
});

test.each<[string, object, string, string]>([
  ['an empty first name', { fname: '' }, 'fname', 'The fname field is required.'],
  ['no last name', { lname: null }, 'lname', 'The lname field is required.'],
  [
    'a long last name',
    { lname: 'x'.repeat(101) },
    'lname',
    'The lname must be a text of at most 100 characters.',
  ],
  ['no number', { phone_number: null }, 'phone_number', 'The phone_number field is required.'],
  [
    'a word as number',
    { phone_number: 'call me' },
    'phone_number',
    'The phone_number must be a phone number.',
  ],
  [
    'a number that cannot be',
    { phone_number: '555-55' },
    'phone_number',
    'Phone must be a phone number, best in E.164 form like +12025550143.',
  ],
  ['a bad e-mail address', { email: 'john' }, 'email', 'Email must be an e-mail address.'],
  [
    'a zone that is none',
    { timezone: 'Phoenix' },
    'timezone',
    'Time zone must be an IANA time zone like Europe/Berlin.',
  ],
  [
    'a long extension',
    { ext: '1'.repeat(21) },
    'ext',
    'Phone extension must be at most 20 characters long, not 21.',
  ],
  ['another flag', { donotdisturb: 2 }, 'donotdisturb', 'The donotdisturb must be 0 or 1.'],
  [
    'a day as end',
    { donotdisturb_until: '2026-03-02' },
    'donotdisturb_until',
    'The donotdisturb_until must be a time like 2026-01-31 22:00:00.',
  ],
  [
    'a time that never was',
    { donotdisturb_until: '2026-02-30 10:00:00' },
    'donotdisturb_until',
    'The donotdisturb_until must be a time like 2026-01-31 22:00:00.',
  ],
  [
    'an ISO end without a zone',
    { donotdisturb_until: '2026-03-02T10:00:00' },
    'donotdisturb_until',
    'The donotdisturb_until must be a time like 2026-01-31 22:00:00.',
  ],
  ['half a priority', { priority: 0.5 }, 'priority', 'The priority must be a whole number.'],
  ['a high priority', { priority: 1001 }, 'priority', 'Priority must be from 0 to 1000.'],
])('%s is refused, on creation and on change', async (_, fields, field, message) => {
  const id = await create();
  await withoutChange(client.account, async () => {
    const refusal = unprocessable(field, message);
    expect(await client.post('/agents', { ...JOHN, ...fields })).toEqual(refusal);
    expect(await client.put(`/agents/${id}`, { fname: 'Jack', ...fields })).toEqual(refusal);
  });
});

test('a new agent needs names and number', async () => {
  const answer = await withoutChange(client.account, () => client.post('/agents', { ext: '1' }));
  expect(answer).toEqual(
    refused(422, 'The fname field is required.', {
      fname: ['The fname field is required.'],
      lname: ['The lname field is required.'],
      phone_number: ['The phone_number field is required.'],
    }),
  );
});

test('an e-mail address is one agent’s', async () => {
  await create(FULL);
  const answer = await withoutChange(client.account, () => client.post('/agents', FULL));
  expect(answer).toMatchObject({
    status: 409,
    body: { success: false, message: expect.stringMatching(/./) },
  });
});

test('an agent of another account is as one that nobody has', async () => {
  const id = await create();
  const other = await CallinglyClient.open();
  await withoutChange(client.account, async () => {
    for (const ref of [id, UNKNOWN_IDS.integer, '99999999999', 'john', '0']) {
      expect(await other.put(`/agents/${ref}`, { fname: 'Mine' })).toEqual(NOT_FOUND);
      expect(await other.delete(`/agents/${ref}`)).toEqual(NOT_FOUND);
      expect(await other.get(`/agents/${ref}/schedule`)).toEqual(NOT_FOUND);
      expect(await other.put(`/agents/${ref}/schedule`, [{ day: 1 }])).toEqual(NOT_FOUND);
    }
  });
  expect(await other.get('/agents')).toEqual({ status: 200, body: [] });
});

test('a key that may only read reads', async () => {
  const id = await create();
  const key = await issueKey(client.account, ['agents:read']);
  const reader = client.withKey(key);
  expect(await reader.get('/agents')).toEqual({ status: 200, body: [john({ id })] });
  expect((await reader.get(`/agents/${id}/schedule`)).status).toBe(200);
  await withoutChange(client.account, async () => {
    for (const answer of [
      await reader.post('/agents', JOHN),
      await reader.put(`/agents/${id}`, { fname: 'Mine' }),
      await reader.delete(`/agents/${id}`),
      await reader.put(`/agents/${id}/schedule`, [{ day: 1 }]),
    ]) {
      expect(answer).toEqual(refused(403, 'This key lacks the scope agents:write.'));
    }
  });
});
