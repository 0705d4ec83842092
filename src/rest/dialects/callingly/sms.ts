import { z } from 'zod';
import type { Lead } from '../../../domain/lead/lead.entity';
import type { SmsMessage } from '../../../domain/sms-message/sms-message.entity';
import { smsMessages } from '../../../domain/sms-message/sms-message.service';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { phone, requiredText, rowTime, rowTimeOutput } from './codecs';
import { NO_OBJECT, ok } from './replies';

type Text = SmsMessage & { lead: Lead };

const sms = fieldMap<Text>()({
  phone_number: {
    about: 'The number to write to; one that no lead has becomes a lead.',
    ...{ key: 'phone', parse: phone('phone_number'), isRequired: true },
  },
  sms_number: {
    about: 'The number to write from, one of the account’s own.',
    ...{ key: 'from', parse: phone('sms_number'), isRequired: true },
  },
  message: {
    about:
      'What to write, with placeholders such as {{lead.first_name | default: "there"}} and {{from.company}}.',
    ...{ key: 'message', parse: requiredText('message', 1600), isRequired: true },
  },
  lead_id: { about: 'The lead.', format: ({ lead }) => lead.number, output: z.int() },
  conversation_id: {
    about: 'All texts with a lead are one conversation: the same as lead_id.',
    ...{ format: ({ lead }: Text) => lead.number, output: z.int() },
  },
  sms_id: { about: 'The text.', key: 'number', output: z.int() },
  sent_at: {
    about: 'When it was taken to be sent (UTC).',
    ...{ format: ({ createdAt }: Text) => rowTime(createdAt), output: rowTimeOutput },
  },
  direction: { about: 'Who wrote to whom.', key: 'direction', output: z.literal(['outbound', 'inbound']) },
});

/** Texts to leads. */
export const smsRoutes: Route[] = [
  route({
    operation: 'sms-send',
    method: 'POST',
    path: '/v1/sms',
    summary: 'Send a text',
    body: sms.creation(NO_OBJECT),
    answer: sms.output(),
    wireNames: sms.wireNames,
    run: (ctx, { body }) => smsMessages.sendRecord(ctx, body),
    reply: (row) => ok(sms.format(row)),
  }),
];
