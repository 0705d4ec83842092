import { type DomainError, invalid } from '../error';
import { parsePhone } from '../phone';
import type { Contact } from './contact.entity';

type Draft = Record<string, unknown>;

/** Puts the E.164 form beside a phone number that the draft sets; null where the number cannot be read. */
export function normalizePhone(draft: Draft, country: string): void {
  if (draft.phone === undefined) return;
  draft.phoneE164 = draft.phone === null ? null : (parsePhone(String(draft.phone), country) ?? null);
}

/** Why the contact, as it is after the draft, cannot be in its audience: nothing to reach it by. */
export function unreachableError(draft: Draft, current?: Contact): DomainError | undefined {
  const { audienceId, email, phone } = { ...current, ...draft };
  if (audienceId == null || email != null || phone != null) return undefined;
  return invalid({ email: ['A contact of an audience needs an e-mail address or a phone number.'] });
}

const WORDS_MAX = 10;

/** The words of a search, each of which a contact must have somewhere; more than ten count as ten. */
export function searchWords(text: string): string[] {
  return text.split(/\s+/).filter(Boolean).slice(0, WORDS_MAX);
}
