import { enumeration, type ValueOf } from '../enumeration';

export const feedKind = enumeration('FeedKind', 'How the leads of a feed are reached.', {
  call: 'By calls.',
  sms: 'By text messages.',
});
/** How the leads of a feed are reached. */
export type FeedKind = ValueOf<typeof feedKind>;
