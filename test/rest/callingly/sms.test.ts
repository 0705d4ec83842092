import { leads } from '../../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import { smsMessages } from '../../../src/domain/sms-message/sms-message.service';
import { issueKey } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { CallinglyClient, refused, unprocessable } from './callingly-client';

let client: CallinglyClient;
let phoneNumberId: string;

const FROM = '+16024819000';
const SMS = { phone_number: '602-481-9661', sms_number: FROM, message: 'Hi {first_name}.' };

beforeEach(async () => {
  client = await CallinglyClient.open();
  phoneNumberId = (await phoneNumbers.create(client.ctx, { phone: FROM, name: 'Main' })).id;
});

const ann = (more: object = {}) =>
  leads.create(client.ctx, { phone: '+16024819661', firstName: 'Ann', ...more }, { onDuplicate: 'allow' });

test('a text to a lead, filled in', async () => {
  const lead = await ann();
  const message = "Hi {{lead.first_name | default: 'there'}}, this is {{from.company}}.";
  const answer = await client.post('/sms', { ...SMS, message });
  const sms_id = answer.body.sms_id;
  expect(answer).toEqual({
    status: 200,
    body: {
      ...{ lead_id: lead.number, conversation_id: lead.number, sms_id: expect.any(Number) },
      ...{ sent_at: '2026-03-02 10:00:00', direction: 'outbound' },
    },
  });
  expect(await smsMessages.get(client.ctx, sms_id)).toMatchObject({
    ...{ leadId: lead.id, phoneNumberId, phone: '+16024819661', status: 'queued' },
    body: 'Hi Ann, this is Test account.',
  });
  const events = await eventsOf(client.account, 'sms_message');
  expect(events.map(({ name }) => name)).toEqual(['sms_message.created']);
});

test.each<[string, object]>([
  ['numbers written nationally', { sms_number: '(602) 481-9000' }],
  ['numbers as numbers', { phone_number: 6024819661, sms_number: 6024819000 }],
  ['what is unknown', { schedule: 'now', team_id: 1 }],
])('%s', async (_, changes) => {
  const lead = await ann();
  const { status, body } = await client.post('/sms', { ...SMS, ...changes });
  expect({ status, lead: body.lead_id }).toEqual({ status: 200, lead: lead.number });
});

test('a number that no lead has becomes a lead, and the next text is to the same', async () => {
  const message = "Hi {{lead.first_name | default: 'there'}}.";
  const { body: first } = await client.post('/sms', { ...SMS, message });
  expect((await leads.get(client.ctx, first.lead_id)).phone).toBe('+16024819661');
  expect((await smsMessages.get(client.ctx, first.sms_id)).body).toBe('Hi there.');
  const { body: second } = await client.post('/sms', SMS);
  expect([second.lead_id, second.conversation_id]).toEqual([first.lead_id, first.conversation_id]);
  expect(second.sms_id).not.toBe(first.sms_id);
});

const NOT_OWNED = 'The sms_number must be a phone number of the account that is in use.';

test.each<[string, object, string, string]>([
  ['no number', { phone_number: undefined }, 'phone_number', 'The phone_number field is required.'],
  ['a word as number', { phone_number: 'Ann' }, 'phone_number', 'The phone_number must be a phone number.'],
  [
    'a number that cannot be',
    { phone_number: '555-55' },
    'phone_number',
    'Phone must be a phone number, best in E.164 form like +12025550143.',
  ],
  ['no own number', { sms_number: null }, 'sms_number', 'The sms_number field is required.'],
  ['a number that is not owned', { sms_number: '+16024819001' }, 'sms_number', NOT_OWNED],
  ['no message', { message: undefined }, 'message', 'The message field is required.'],
  ['an empty message', { message: ' ' }, 'message', 'The message field is required.'],
  ['a message that comes out empty', { message: '{company}' }, 'message', 'Message is empty.'],
  [
    'a long message',
    { message: 'x'.repeat(1601) },
    'message',
    'The message must be a text of at most 1600 characters.',
  ],
])('%s is refused, and makes no lead', async (_, changes, field, message) => {
  const answer = await withoutChange(client.account, () => client.post('/sms', { ...SMS, ...changes }));
  expect(answer).toEqual(unprocessable(field, message));
});

test('a number that is switched off, or another account’s, is not owned', async () => {
  const other = await CallinglyClient.open();
  await phoneNumbers.create(other.ctx, { phone: '+16024819002' });
  await phoneNumbers.update(client.ctx, phoneNumberId, { isActive: false });
  await withoutChange(client.account, async () => {
    for (const sms_number of [FROM, '+16024819002']) {
      const answer = await client.post('/sms', { ...SMS, sms_number });
      expect(answer).toEqual(unprocessable('sms_number', NOT_OWNED));
    }
  });
});

test('a lead who is blocked is not written to', async () => {
  await ann({ isBlocked: true });
  const answer = await withoutChange(client.account, () => client.post('/sms', SMS));
  expect(answer).toEqual(refused(409, 'The lead is blocked and must not be contacted.'));
});

test('a message that is no template is refused', async () => {
  const answer = await withoutChange(client.account, () =>
    client.post('/sms', { ...SMS, message: 'Hi {{ lead.first_name' }),
  );
  const message = expect.stringMatching(/^Message is no template: /) as never;
  expect(answer).toEqual(unprocessable('message', message));
});

test('a key without the scope does not write', async () => {
  const key = await issueKey(client.account, ['smsMessages:read', 'leads:write']);
  const reader = client.withKey(key);
  const answer = await withoutChange(client.account, () => reader.post('/sms', SMS));
  expect(answer).toEqual(refused(403, 'This key lacks the scope smsMessages:write.'));
});
