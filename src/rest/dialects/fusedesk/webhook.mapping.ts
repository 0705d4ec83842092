import { CASE_VERBS } from '../../../domain/support-case/case-verb';

/** The vendor's words for what is told of, and the subjects of our events. */
export const OBJECT_TYPES = {
  case: 'support_case',
  chat: 'chat',
  contact: 'contact',
  email: 'inbound_email',
  department: 'team',
  rep: 'agent',
  casetag: 'tag',
} as const;

/** The vendor's words for what happened, and the verbs of our events. */
export const ACTIONS = { add: 'created', edit: 'updated', delete: 'deleted' } as const;

/** One of {@link OBJECT_TYPES}. */
export type ObjectType = keyof typeof OBJECT_TYPES;
/** One of {@link ACTIONS}. */
export type Action = keyof typeof ACTIONS;

/** The events that a webhook of these words gets; a case is also edited by notes, e-mails and the like. */
export function eventsOf(objectType: ObjectType, action: Action): string[] {
  const subject = OBJECT_TYPES[objectType];
  const verbs = objectType === 'case' && action === 'edit' ? Object.keys(CASE_VERBS) : [];
  return [ACTIONS[action], ...verbs].map((verb) => `${subject}.${verb}`);
}

function wordFor<Word extends string>(
  words: Record<Word, string>,
  value: string | undefined,
): Word | undefined {
  return (Object.keys(words) as Word[]).find((word) => words[word] === value);
}

/** The vendor's words for an event; undefined for one that it has none for. */
export function wordsOf(event: string): { objectType: ObjectType; action: Action } | undefined {
  const [subject, verb = ''] = event.split('.');
  const objectType = wordFor(OBJECT_TYPES, subject);
  const isEdit = objectType === 'case' && Object.hasOwn(CASE_VERBS, verb);
  const action = isEdit ? 'edit' : wordFor(ACTIONS, verb);
  return objectType && action ? { objectType, action } : undefined;
}
