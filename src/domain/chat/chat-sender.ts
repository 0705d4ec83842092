import { enumeration, type ValueOf } from '../enumeration';

export const chatSender = enumeration('ChatSender', 'Who wrote a message of a chat.', {
  client: 'The person who asks.',
  agent: 'Somebody of the account.',
  system: 'A program.',
});
/** Who wrote a message of a chat. */
export type ChatSender = ValueOf<typeof chatSender>;
