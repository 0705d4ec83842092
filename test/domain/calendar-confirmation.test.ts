import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { leads } from '../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { logMessenger, type OutboundText } from '../../src/domain/sms-message/messenger';
import { sendDueTexts } from '../../src/domain/sms-message/sms-queue';
import { NOW } from '../support/account';
import { type CallBench, freshPhone, openCallBench } from '../support/calling';

const FROM = '+12025550100';
const EVENT = {
  title: 'Demo {first_name}',
  startsAt: '2026-03-10T14:00:00Z',
  endsAt: '2026-03-10T14:45:00Z',
};

let bench: CallBench;

/** What is sent for all that is queued. */
async function sent(): Promise<Omit<OutboundText, 'id'>[]> {
  const texts: OutboundText[] = [];
  await sendDueTexts(
    logMessenger((text) => texts.push(text)),
    bench.due,
  );
  return texts.map(({ id: _, ...text }) => text);
}

const create = (input: object) => calendarEvents.create(bench.ctx, { ...EVENT, ...input });
const openNumber = (phone = FROM, input = {}) => phoneNumbers.create(bench.ctx, { phone, ...input });

beforeEach(async () => {
  bench = await openCallBench();
});

test('the caller gets one text, from the first number in use, and later changes send no other', async () => {
  await openNumber('+12025550188', { isActive: false });
  await openNumber();
  await openNumber('+12025550199');
  const phone = freshPhone();
  const lead = await leads.create(bench.ctx, { phone, name: 'Ann Lee' });
  const event = await create({ callerPhone: phone, callerName: 'Ms. {{ lead.phone_number }}' });
  expect(event).toMatchObject({ leadId: lead.id, confirmationSentAt: NOW });
  const body =
    'Hi Ms. {{ lead.phone_number }}, your appointment is booked: Demo {first_name}, ' +
    'Tuesday, March 10, 2026, 2:00 PM UTC. Test account';
  expect(await sent()).toEqual([{ from: FROM, to: phone, body }]);
  await calendarEvents.update(bench.ctx, event.id, { callerPhone: phone, title: 'Later' });
  await calendarEvents.update(bench.ctx, event.id, { callerPhone: freshPhone() });
  expect(await sent()).toEqual([]);
});

test('a number that no lead has becomes one, whom the event is linked to; a caller may be named later', async () => {
  await openNumber();
  const phone = freshPhone();
  const event = await create({ isAllDay: true });
  expect(await sent()).toEqual([]);
  const named = await calendarEvents.update(bench.ctx, event.id, { callerPhone: phone });
  expect(await bench.lead(named.leadId ?? '')).toMatchObject({ phone });
  const body =
    'Hi there, your appointment is booked: Demo {first_name}, Tuesday, March 10, 2026. Test account';
  expect(await sent()).toEqual([{ from: FROM, to: phone, body }]);
});

test('times are told in the zone of the account', async () => {
  await openNumber();
  bench.ctx.account.timeZone = 'America/New_York';
  await create({ callerPhone: freshPhone(), callerName: 'Bo' });
  expect((await sent())[0]?.body).toContain('Tuesday, March 10, 2026, 10:00 AM EDT.');
});

test.each([
  ['the account has no number', async () => ({ callerPhone: freshPhone() })],
  [
    'the event is over',
    async () => {
      await openNumber();
      return { callerPhone: freshPhone(), startsAt: '2026-03-01T10:00:00Z', endsAt: '2026-03-01T11:00:00Z' };
    },
  ],
  [
    'the lead is blocked',
    async () => {
      await openNumber();
      const { phone } = await leads.create(bench.ctx, { phone: freshPhone(), isBlocked: true });
      return { callerPhone: phone };
    },
  ],
])('no text is sent when %s, and the event is saved', async (_, inputOf) => {
  const event = await create(await inputOf());
  expect(event).toMatchObject({ confirmationSentAt: null });
  expect(await sent()).toEqual([]);
});

test('an event that is refused sends nothing', async () => {
  await openNumber();
  await expect(create({ callerPhone: freshPhone(), endsAt: EVENT.startsAt })).rejects.toMatchObject({
    code: 'INVALID',
  });
  expect(await sent()).toEqual([]);
});
