import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
import { CalendarEvent } from '../../src/domain/calendar-event/calendar-event.entity';
import { Lead } from '../../src/domain/lead/lead.entity';
import { leads } from '../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { SmsMessage } from '../../src/domain/sms-message/sms-message.entity';
import { openTestAccount, type TestAccount } from '../support/account';
import { signedInAgent } from '../support/agent-session';
import { Door } from './door';

const PHONE = '+12025550143';
const CREATE = `mutation {
  createCalendarEvent(input: {
    title: "Demo", startsAt: "2026-03-10T14:00:00Z", endsAt: "2026-03-10T14:45:00Z", callerPhone: "${PHONE}"
  }) { id leadId callId confirmationSentAt } }`;
const GET = 'query Q($id: ID!) { calendarEvent(id: $id) { id } }';

interface Made {
  createCalendarEvent: { id: string; leadId: string | null; confirmationSentAt: string | null };
}

let door: Door;
let account: TestAccount;
let ann: SessionTokens;
let bob: SessionTokens;

beforeAll(async () => {
  door = await Door.open();
});
afterAll(() => door.close());

beforeEach(async () => {
  account = await openTestAccount({ clock: door.clock });
  await phoneNumbers.create(account.ctx, { phone: '+12025550100' });
  ann = await signedInAgent(account, 'ann');
  bob = await signedInAgent(account, 'bob');
});

const create = async (by: SessionTokens) =>
  (await door.run<Made, object>(by.accessToken, CREATE)).createCalendarEvent;
const texts = () => account.ctx.repo(SmsMessage).slice({});
const newLead = (values: object) =>
  leads.create(account.ctx, { phone: PHONE, ...values }, { onDuplicate: 'allow' });

test('another agent’s lead is neither linked nor texted, and who made the event sees it', async () => {
  await newLead({ ownerId: bob.agent.id });
  const event = await create(ann);
  expect(event).toEqual({ id: event.id, leadId: null, callId: null, confirmationSentAt: null });
  expect(await texts()).toEqual([]);
  expect(await door.run(ann.accessToken, GET, { id: event.id })).toEqual({ calendarEvent: { id: event.id } });
  expect(await account.ctx.repo(Lead).count()).toBe(1);
});

test('of the leads of a number the newest of the agent’s own is linked and texted', async () => {
  const own = await newLead({ assigneeId: ann.agent.id });
  await newLead({ ownerId: bob.agent.id });
  const event = await create(ann);
  expect(event).toMatchObject({ leadId: own.id, confirmationSentAt: '2026-03-02T10:00:00.000Z' });
  expect((await texts()).map(({ leadId }) => leadId)).toEqual([own.id]);
});

test('a lead that the confirmation makes is owned by the agent, who sees the event', async () => {
  const event = await create(ann);
  expect(await account.ctx.repo(Lead).slice({})).toMatchObject([
    { id: event.leadId, phone: PHONE, ownerId: ann.agent.id },
  ]);
  expect(await texts()).toMatchObject([{ leadId: event.leadId }]);
  expect(await door.run(ann.accessToken, GET, { id: event.id })).toEqual({ calendarEvent: { id: event.id } });
  expect((await door.fail(bob.accessToken, GET, { id: event.id })).message).toBe('Calendar event not found');
});

test('an event of a key is linked to the newest lead, whoever’s it is', async () => {
  const { id } = await newLead({ ownerId: bob.agent.id });
  const { createCalendarEvent: event } = await door.run<Made, object>(account.key, CREATE);
  expect(await account.ctx.repo(CalendarEvent).get(event.id)).toMatchObject({ leadId: id });
  expect(await texts()).toMatchObject([{ leadId: id }]);
});
