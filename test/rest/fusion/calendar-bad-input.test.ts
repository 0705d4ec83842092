import { withoutChange } from '../../support/account-state';
import { CalendarClient, EVENTS, essence, MEETING, type WireEvent } from './calendar-client';
import { refusal } from './leads-client';

let client: CalendarClient;
let meeting: WireEvent;

const TEXTS = { description: 'Weekly team sync', caller_name: 'Jane Doe', caller_phone: '+15551234567' };
const GUEST = { email: 'client@example.com', display_name: 'Client Rep' };

beforeAll(async () => {
  client = await CalendarClient.open();
  meeting = await client.created({ ...MEETING, ...TEXTS, attendees: [GUEST] });
});

beforeEach(() => client.account.clock.advance(60_000));

const guests = (count: number) => Array.from({ length: count }, (_, at) => ({ email: `g${at}@example.com` }));

const TITLE = 'Title must be between 1 and 255 characters';
const DATETIME = 'Invalid datetime format';
const ORDER = 'End time must be after start time';
const DESCRIPTION = 'Description must be at most 500 characters';
const PHONE = 'Caller phone must be in E.164 format, like +15551234567';
const CALLER = 'Caller name must be at most 200 characters';
const DISPLAY = 'Display name must be at most 200 characters';
const EMAIL = 'Invalid email format';
const RESPONSE = 'Response status must be one of: needsAction, accepted, declined, tentative';
const ONE_ONLY = 'Only one video conference (Google Meet or Zoom) can be enabled per event';
const ALL_DAY = 'Video conferencing cannot be enabled for all-day events';
const boolean = (received: string) => `Expected boolean, received ${received}`;

test.each<[string, object, object]>([
  ['an empty title', { title: '' }, { title: ['Title is required'] }],
  ['a blank title', { title: ' \n ' }, { title: ['Title is required'] }],
  ['a title that is null', { title: null }, { title: ['Title is required'] }],
  ['a title of 256 characters', { title: 'x'.repeat(256) }, { title: [TITLE] }],
  ['a title that is a number', { title: 5 }, { title: [TITLE] }],
  ['a start that is null', { start_time: null }, { start_time: ['Start time is required'] }],
  ['a start in words', { start_time: 'tomorrow' }, { start_time: [DATETIME] }],
  ['an empty start', { start_time: '' }, { start_time: [DATETIME] }],
  ['a start that is a number', { start_time: 1765809000000 }, { start_time: [DATETIME] }],
  ['a start on 30 February', { start_time: '2025-02-30T10:00:00' }, { start_time: [DATETIME] }],
  ['an end that is null', { end_time: null }, { end_time: ['End time is required'] }],
  ['an end at 25 o’clock', { end_time: '2025-12-15T25:00:00' }, { end_time: [DATETIME] }],
  ['an end at the start', { end_time: '2025-12-15T14:30:00' }, { end_time: [ORDER] }],
  ['an end before the start', { end_time: '2025-12-15T14:29:59.999Z' }, { end_time: [ORDER] }],
  ['an end before the start, by offset', { end_time: '2025-12-15T16:00:00+05:30' }, { end_time: [ORDER] }],
  ['a start after the end', { start_time: '2025-12-15 16:00:01' }, { end_time: [ORDER] }],
  ['a description of 501 characters', { description: 'x'.repeat(501) }, { description: [DESCRIPTION] }],
  ['a description that is a list', { description: ['x'] }, { description: [DESCRIPTION] }],
  ['all_day as "true"', { all_day: 'true' }, { all_day: [boolean('string')] }],
  ['all_day as "1"', { all_day: '1' }, { all_day: [boolean('string')] }],
  ['all_day as 0', { all_day: 0 }, { all_day: [boolean('number')] }],
  ['all_day as null', { all_day: null }, { all_day: [boolean('null')] }],
  ['Meet as "false"', { google_meet_enabled: 'false' }, { google_meet_enabled: [boolean('string')] }],
  ['Meet as a list', { google_meet_enabled: [true] }, { google_meet_enabled: [boolean('array')] }],
  ['Zoom as "true"', { zoom_enabled: 'true' }, { zoom_enabled: [boolean('string')] }],
  ['Zoom as an object', { zoom_enabled: {} }, { zoom_enabled: [boolean('object')] }],
  [
    'the example of booleans that are wrong',
    { all_day: 'true', zoom_enabled: 'false' },
    { all_day: [boolean('string')], zoom_enabled: [boolean('string')] },
  ],
  [
    'Meet and Zoom',
    { google_meet_enabled: true, zoom_enabled: true },
    { google_meet_enabled: [ONE_ONLY], zoom_enabled: [ONE_ONLY] },
  ],
  ['Meet on a whole day', { all_day: true, google_meet_enabled: true }, { all_day: [ALL_DAY] }],
  ['Zoom on a whole day', { all_day: true, zoom_enabled: true }, { all_day: [ALL_DAY] }],
  ['51 guests', { attendees: guests(51) }, { attendees: ['Maximum 50 guests allowed'] }],
  ['guests in one text', { attendees: 'a@b.example' }, { attendees: ['Expected array, received string'] }],
  ['guests that are null', { attendees: null }, { attendees: ['Expected array, received null'] }],
  [
    'a guest in one text',
    { attendees: ['a@b.example'] },
    { attendees: ['Expected object, received string'] },
  ],
  ['a guest without an address', { attendees: [{ display_name: 'Jo' }] }, { attendees: [EMAIL] }],
  ['a guest with half an address', { attendees: [GUEST, { email: 'john@' }] }, { attendees: [EMAIL] }],
  [
    'a guest with a name of 201 characters',
    { attendees: [{ ...GUEST, display_name: 'x'.repeat(201) }] },
    { attendees: [DISPLAY] },
  ],
  ['another response', { attendees: [{ ...GUEST, response_status: 'maybe' }] }, { attendees: [RESPONSE] }],
  [
    'a response in the words of the domain',
    { attendees: [{ ...GUEST, response_status: 'needs_action' }] },
    { attendees: [RESPONSE] },
  ],
  ['a national phone number', { caller_phone: '5551234567' }, { caller_phone: [PHONE] }],
  ['a phone number with spaces', { caller_phone: '+1 555 123 4567' }, { caller_phone: [PHONE] }],
  ['a phone number that starts with 0', { caller_phone: '+05551234567' }, { caller_phone: [PHONE] }],
  ['a phone number of 16 digits', { caller_phone: '+1234567890123456' }, { caller_phone: [PHONE] }],
  ['a phone number as a number', { caller_phone: 15551234567 }, { caller_phone: [PHONE] }],
  ['an empty phone number', { caller_phone: '' }, { caller_phone: [PHONE] }],
  ['a caller with 201 characters', { caller_name: 'x'.repeat(201) }, { caller_name: [CALLER] }],
  ['a caller that is true', { caller_name: true }, { caller_name: [CALLER] }],
  [
    'all that is wrong',
    { title: '', start_time: 'x', all_day: 1, caller_phone: 'x' },
    {
      title: ['Title is required'],
      start_time: [DATETIME],
      all_day: [boolean('number')],
      caller_phone: [PHONE],
    },
  ],
])('%s: refused by both writes', async (_, fields, details) => {
  const [[message]] = Object.values(details);
  await withoutChange(client.account, async () => {
    expect(essence(await client.create({ ...MEETING, ...fields }))).toEqual(refusal(400, message, details));
    expect(essence(await client.update(meeting.id, fields))).toEqual(refusal(400, message, details));
  });
});

test.each([
  ['title', 'Title is required'],
  ['start_time', 'Start time is required'],
  ['end_time', 'End time is required'],
])('an event without %s is refused', async (name, message) => {
  const answer = await withoutChange(client.account, () => client.create({ ...MEETING, [name]: undefined }));
  expect(essence(answer)).toEqual(refusal(400, message, { [name]: [message] }));
});

test.each<[string, string | undefined, object]>([
  ['half of a JSON text', '{"title": "Te', { error: 'Invalid JSON in request body' }],
  ['null', 'null', {}],
  ['a list', '[]', {}],
  ['a text', '"Team Meeting"', {}],
  ['no body', undefined, {}],
])('%s is refused by both writes', async (_, payload, more) => {
  const message = 'Request body must be a JSON object';
  const expected = 'error' in more ? more : { error: message, details: { body: [message] } };
  await withoutChange(client.account, async () => {
    for (const [method, url] of [
      ['POST', EVENTS],
      ['PATCH', `${EVENTS}/${meeting.id}`],
    ] as const) {
      const headers = {
        authorization: `Bearer ${client.account.key}`,
        ...(payload !== undefined && { 'content-type': 'application/json' }),
      };
      const response = await client.server.app.inject({ method, url, headers, payload });
      expect({ status: response.statusCode, body: response.json() }).toEqual({
        status: 400,
        body: { success: false, ...expected },
      });
    }
  });
});

describe.each([
  ['a NUL byte', 'Jo\u0000hn'],
  ['half a surrogate pair', 'Jo\ud83dhn'],
])('%s', (_, text) => {
  const unstorable = 'must not contain NUL bytes or unpaired surrogates';

  test.each<[string, object, string]>([
    ['title', { title: text }, `Title ${unstorable}.`],
    ['description', { description: text }, `Description ${unstorable}.`],
    ['caller_name', { caller_name: text }, `Caller name ${unstorable}.`],
    ['caller_phone', { caller_phone: `+1555123456${text}` }, PHONE],
    ['attendees', { attendees: [{ email: `${text}@example.com` }] }, EMAIL],
    [
      'attendees',
      { attendees: [{ ...GUEST, display_name: text }] },
      `Attendees has a bad item at position 0: Display name ${unstorable}.`,
    ],
    ['start_time', { start_time: `2025-12-15T14:30:00${text}` }, DATETIME],
  ])('in %s is refused by both writes', async (name, fields, message) => {
    const expected = refusal(400, message, { [name]: [message] });
    await withoutChange(client.account, async () => {
      expect(essence(await client.create({ ...MEETING, ...fields }))).toEqual(expected);
      expect(essence(await client.update(meeting.id, fields))).toEqual(expected);
    });
  });
});

test.each([
  ['?from=tomorrow', { from: [DATETIME] }],
  ['?to=2025-13-01', { to: [DATETIME] }],
  ['?from=', { from: [DATETIME] }],
  ['?to=2025-02-30', { to: [DATETIME] }],
  ['?from=x&to=y', { from: [DATETIME], to: [DATETIME] }],
  ['?from=2025-12-01&from=2025-12-02', { from: [DATETIME] }],
  ['?to=%00', { to: [DATETIME] }],
])('a list of %s is refused', async (query, details) => {
  expect(essence(await client.list(query))).toEqual(refusal(400, DATETIME, details));
});
