import { invalid } from '../error';
import type { Conferencing } from './calendar-event.entity';

const PROVIDERS = ['google_meet', 'zoom'] as const satisfies Conferencing[];
const ONE_ONLY = 'Only one video conference (Google Meet or Zoom) can be enabled per event';

/** Providers to switch on or off; one that is not named stays as it is. */
export type ConferenceSwitches = { [Provider in (typeof PROVIDERS)[number]]?: boolean | undefined };

/** How people meet after the switches. Throws INVALID when two providers would be on. */
export function switchConferencing(current: Conferencing, switches: ConferenceSwitches): Conferencing {
  const [provider, other] = PROVIDERS.filter((one) => switches[one] ?? one === current);
  if (provider && other) throw invalid({ [provider]: [ONE_ONLY], [other]: [ONE_ONLY] });
  return provider ?? 'none';
}
