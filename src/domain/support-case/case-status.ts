import { enumeration, type ValueOf } from '../enumeration';

export const supportCaseStatus = enumeration('SupportCaseStatus', 'How a support case stands.', {
  new: 'It waits for the account.',
  open: 'It waits for the customer.',
  closed: 'It is done.',
});
/** How a support case stands. */
export type SupportCaseStatus = ValueOf<typeof supportCaseStatus>;

export const spokenKind = enumeration('SpokenKind', 'How something was said.', {
  note: 'In writing.',
  call: 'On the phone.',
});
/** How something was said. */
export type SpokenKind = ValueOf<typeof spokenKind>;
