import type { Instant } from '../datetime';
import type { EntryDraft } from './case-change';
import type { SupportCaseStatus } from './case-status';
import type { CaseVerb } from './case-verb';
import type { SupportCase } from './support-case.entity';

/** What follows from a change of a case's status. */
export interface StatusStep {
  values: Partial<SupportCase>;
  entries: EntryDraft[];
  verbs: CaseVerb[];
}

const NOTHING: StatusStep = { values: {}, entries: [], verbs: [] };

/** What follows when a case gets a status: times, an entry, an event; nothing when it has it. */
export function statusStep(
  before: SupportCase,
  status: SupportCaseStatus | undefined,
  now: Instant,
): StatusStep {
  if (status === undefined || status === before.status) return NOTHING;
  const entries: EntryDraft[] = [{ kind: 'status', title: `${before.status} → ${status}` }];
  if (status === 'closed') {
    return { values: { status, closedAt: now, snoozedUntil: null }, entries, verbs: ['closed'] };
  }
  const isReopened = before.status === 'closed';
  return {
    values: isReopened ? { status, closedAt: null, feedbackSendAt: null } : { status },
    ...{ entries, verbs: isReopened ? ['reopened'] : [] },
  };
}

/** What follows from an answer: when it was first answered, and last. */
export function responseTimes(before: SupportCase, now: Instant): Partial<SupportCase> {
  return { firstResponseAt: before.firstResponseAt ?? now, lastResponseAt: now };
}
