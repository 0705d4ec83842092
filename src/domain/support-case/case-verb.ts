/** What can happen to a case besides being made, changed and deleted: the events of the change log. */
export const CASE_VERBS = {
  noted: 'got a note',
  emailed: 'got an e-mail',
  replied: 'was answered',
  transferred: 'went to another team or agent',
  tagged: 'got a tag',
  untagged: 'lost a tag',
  snoozed: 'is out of sight for a while',
  woken: 'is back before its time or in time',
  merged: 'was merged into another, or took others in',
  closed: 'was closed',
  reopened: 'was opened again',
  rated: 'was rated',
} as const;

/** One of {@link CASE_VERBS}. */
export type CaseVerb = keyof typeof CASE_VERBS;
