import type { Example } from '../../../dialect';

const PATH = '/v1/sms';
const MESSAGE = "Hi {{lead.first_name | default: 'there'}}, this is {{from.company}}.";

/** Documented requests about texts. */
export const smsExamples: Example[] = [
  {
    title: 'Send a text',
    operation: 'sms-send',
    request: {
      path: PATH,
      body: { phone_number: '602-481-9701', sms_number: '+16025550199', message: MESSAGE },
    },
    response: {
      status: 200,
      body: {
        lead_id: 1,
        conversation_id: 1,
        sms_id: 1,
        sent_at: '2026-01-29 20:49:41',
        direction: 'outbound',
      },
    },
  },
  {
    title: 'Send a text from a number that the account does not have',
    operation: 'sms-send',
    request: {
      path: PATH,
      body: { phone_number: '602-481-9701', sms_number: '+16025550198', message: MESSAGE },
    },
    response: {
      status: 422,
      body: {
        success: false,
        message: 'The sms_number must be a phone number of the account that is in use.',
        errors: { sms_number: ['The sms_number must be a phone number of the account that is in use.'] },
      },
    },
  },
];
