import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { DomainError, invalid } from '../error';
import { PhoneField, TextField } from '../field';
import { parseInput } from '../input';
import { Lead } from '../lead/lead.entity';
import { leads } from '../lead/lead.service';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import { attach } from '../related';
import { SmsMessage } from './sms-message.entity';
import { fillText, queueText } from './sms-queue';

/** A text to send. */
export class SendSms {
  @PhoneField('The number to write to: the newest lead who has it, else a new one.', {
    inputOnly: true,
    required: true,
  })
  phone!: string;

  @PhoneField('The number to write from, one of the account’s own that is in use.', {
    inputOnly: true,
    required: true,
  })
  from!: string;

  @TextField(
    'What to write: a template with placeholders such as {first_name}, {{ lead.company | default: "you" }} or {{ from.company }}; at most 1600 characters, also when filled in.',
    { inputOnly: true, required: true, min: 1, max: 1600 },
  )
  message!: string;
}

/** The lead to write to at a number: the newest who has it, else a new one. Throws CONFLICT when it is blocked. */
export async function leadToText(ctx: Context, phone: string): Promise<Lead> {
  const known = await ctx.repo(Lead).findBy({ phone });
  const lead = known ?? (await leads.create(ctx, { phone }, { onDuplicate: 'match' }));
  if (lead.isBlocked) throw new DomainError('CONFLICT', 'The lead is blocked and must not be contacted.');
  return lead;
}

const base: Crud<SmsMessage> = crud(SmsMessage);

/** Texts. What is written is queued in the transaction and handed over when that is committed. */
export const smsMessages = {
  get: base.get,
  page: base.page,

  /**
   * Writes to a phone number; a number that no lead has becomes a lead. Throws INVALID for a number that is not the
   * account's to write from and for a message that is no template, CONFLICT for a lead who is blocked.
   */
  async send(ctx: Context, input: object): Promise<SmsMessage> {
    ctx.require('smsMessages:write');
    const { phone, from, message } = parseInput(ctx, SendSms, 'create', input) as unknown as SendSms;
    return ctx.transaction(async (tx) => {
      const number = await tx.repo(PhoneNumber).findBy({ phone: from, isActive: true });
      if (!number) throw invalid({ from: ['From must be a phone number of the account that is in use.'] });
      const lead = await leadToText(tx, phone);
      const filled = await fillText(tx, { lead, number, template: message });
      if ('problem' in filled) throw invalid({ message: [`Message ${filled.problem}.`] });
      return queueText(tx, { lead, number, body: filled.text });
    });
  },

  /** The same, answered with the lead. */
  async sendRecord(ctx: Context, input: object): Promise<SmsMessage & { lead: Lead }> {
    return ctx.transaction(async (tx) => {
      const [record] = await attach(tx, SmsMessage, [await this.send(tx, input)], 'lead');
      return record as SmsMessage & { lead: Lead };
    });
  },
};
