import { DateTime } from 'luxon';
import type { Context } from '../context';
import type { Instant } from '../datetime';
import { Lead } from '../lead/lead.entity';
import { leads } from '../lead/lead.service';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { fillText, queueText } from '../sms-message/sms-queue';
import type { CalendarEvent } from './calendar-event.entity';

const TEMPLATE =
  'Hi {{ event.caller | default: lead.first_name | default: "there" }}, your appointment is booked: ' +
  '{{ event.title }}, {{ event.time }}. {{ from.company }}';

type Confirmed = Pick<
  CalendarEvent,
  | 'title'
  | 'startsAt'
  | 'endsAt'
  | 'isAllDay'
  | 'callerPhone'
  | 'callerName'
  | 'source'
  | 'confirmationSentAt'
>;

function timeOf({ startsAt, isAllDay }: Confirmed, zone: string): string {
  const start = DateTime.fromISO(startsAt, { zone }).setLocale('en-US');
  return start.toFormat(isAllDay ? 'cccc, LLLL d, yyyy' : 'cccc, LLLL d, yyyy, h:mm a ZZZZ');
}

/** The newest lead of the number that the caller sees, or a new one of the caller's; undefined when it is another agent's. */
async function leadOf(tx: Context, system: Context, phone: string): Promise<Lead | undefined> {
  if (!(await system.repo(Lead).findBy({ phone }))) {
    const owner = tx.agent && { ownerId: tx.agent.id };
    await leads.create(system, { phone, ...owner }, { onDuplicate: 'match' });
  }
  return tx.repo(Lead).findBy({ phone });
}

/**
 * Writes the caller of an event a text that confirms it, and answers when; undefined when there is none to write. It
 * is written once per event, for events that were made here and are not over, from the account's first number in use,
 * to the newest lead of the number that who makes the event sees; a number that no lead has becomes one. A blocked
 * lead and another agent's get none.
 */
export async function confirmEvent(
  tx: Context,
  event: Confirmed,
): Promise<{ at: Instant; leadId: string } | undefined> {
  const { callerPhone: phone, source, endsAt, confirmationSentAt } = event;
  if (!phone || source === 'google' || confirmationSentAt || endsAt <= tx.instant()) return undefined;
  // Keys that may write events need not be allowed to write texts.
  const system = tx.asSystem('calendar');
  const [number] = await system.repo(PhoneNumber).slice({
    filter: { isActive: { eq: true } },
    ...{ sort: { field: 'number', direction: 'asc' }, limit: 1, offset: 0 },
  });
  if (!number) return undefined;
  const lead = await leadOf(tx, system, phone);
  if (!lead || lead.isBlocked) return undefined;
  const time = timeOf(event, tx.account.timeZone);
  const filled = await fillText(system, {
    ...{ lead, number, template: TEMPLATE },
    event: { title: event.title, time, caller: event.callerName ?? '' },
  });
  if ('problem' in filled) return undefined;
  await queueText(system, { lead, number, body: filled.text });
  return { at: tx.instant(), leadId: lead.id };
}
