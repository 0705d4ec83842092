import { invalid } from './error';

/** Throws INVALID unless `endsAt` lies after `startsAt` (both instants). */
export function checkInterval({ startsAt, endsAt }: { startsAt?: unknown; endsAt?: unknown }): void {
  if (String(endsAt) <= String(startsAt)) throw invalid({ endsAt: ['endsAt must be after startsAt.'] });
}
