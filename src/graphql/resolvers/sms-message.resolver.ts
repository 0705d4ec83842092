import { SmsMessage } from '../../domain/sms-message/sms-message.entity';
import { SendSms, smsMessages } from '../../domain/sms-message/sms-message.service';
import { operationInput } from '../input';
import { rootField } from '../root-field';
import { inputArgument } from './crud.resolver';

const sendInput = operationInput('SendSmsInput', 'SMS message: what to write to whom.', SendSms);

/** Writing texts. */
export const smsMessageResolvers = [
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'sendSms',
    type: () => SmsMessage,
    about:
      'SMS message: writes to a phone number. It is queued, and handed over a moment later; a number that no lead has becomes a lead.',
    args: { input: inputArgument(sendInput, 'What to write to whom.') },
    resolve: (ctx, { input }) => smsMessages.send(ctx, input),
  }),
];
