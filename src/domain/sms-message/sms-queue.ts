import type { Context } from '../context';
import { saveChanges } from '../crud';
import { type DueOptions, workDue } from '../due';
import { rowEvent } from '../event';
import type { Lead } from '../lead/lead.entity';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { leadValues, type Rendered, renderTemplate, type TemplateValues } from '../template';
import type { Messenger, OutboundText } from './messenger';
import { SMS_MAX, SmsMessage } from './sms-message.entity';

const COMPANY = `select "name" from account where "id" = $1`;

/** From which number to whom. */
interface Correspondents {
  lead: Lead;
  number: PhoneNumber;
}

/** A text for a lead from a template; the problem when there is none, or when it comes out empty. */
export async function fillText(
  ctx: Context,
  { lead, number, template, event }: Correspondents & { template: string } & Pick<TemplateValues, 'event'>,
): Promise<Rendered> {
  const [account] = await ctx.query<{ name: string }>(COMPANY, [ctx.account.id], 'account name');
  const from = { phone_number: number.phone, name: number.name ?? '', company: account?.name ?? '' };
  const rendered = renderTemplate(
    template,
    { lead: leadValues(lead), from, ...(event && { event }) },
    SMS_MAX,
  );
  return 'text' in rendered && rendered.text.trim() === '' ? { problem: 'is empty' } : rendered;
}

/** Queues a text, to be handed over after the commit. Needs an open transaction. */
export async function queueText(
  ctx: Context,
  { lead, number, body }: Correspondents & { body: string },
): Promise<SmsMessage> {
  const message = await ctx.repo(SmsMessage).insert({
    ...{ leadId: lead.id, phoneNumberId: number.id, phone: lead.phone, body },
    ...{ direction: 'outbound', status: 'queued', sendAt: ctx.instant() },
  });
  await ctx.emit(rowEvent(SmsMessage, 'created', message));
  return message;
}

/** Why the text could not be handed over; undefined when it was. */
function handOver(messenger: Messenger, text: OutboundText): Promise<string | undefined> {
  return messenger.send(text).then(
    () => undefined,
    (error: Error) => error.message || 'It could not be handed over.',
  );
}

/** Hands queued texts over, a few of whatever account; answers how many. */
export function sendDueTexts(messenger: Messenger, options: DueOptions): Promise<number> {
  return workDue({ table: 'sms_message', column: 'send_at' }, options, async (ctx, id) => {
    const { body, phone, phoneNumberId, status } = await ctx.repo(SmsMessage).get(id);
    if (status !== 'queued') return null;
    const from = (await ctx.repo(PhoneNumber).find(phoneNumberId))?.phone;
    const problem = from
      ? await handOver(messenger, { id, from, to: phone, body })
      : 'The number it was to be sent from was deleted.';
    await ctx.transaction(async (tx) => {
      const before = await tx.repo(SmsMessage).lock(id);
      const after = problem
        ? { status: 'failed', errorMessage: Array.from(problem).slice(0, 255).join('') }
        : { status: 'sent', sentAt: tx.instant() };
      await saveChanges(tx, SmsMessage, before, { ...after, sendAt: null });
    });
    return null;
  });
}
