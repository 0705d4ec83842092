import { checkRows, type RowDraft, type RowOutcome } from '../bulk';
import type { Context } from '../context';
import { DomainError } from '../error';
import { missingReferences, parseInput } from '../input';
import { insertWithEvents } from '../insert-with-events';
import { Contact } from './contact.entity';
import { normalizePhone, unreachableError } from './contact.rules';
import { groupErrors, joinGroups } from './contact-groups';

function emailTaken(): DomainError {
  const message = 'Another contact of the audience has this e-mail address.';
  return new DomainError('CONFLICT', message, { fields: { email: [message] } });
}

/** The input of a contact in stored form. Throws INVALID. */
export function contactDraft(ctx: Context, input: object): Record<string, unknown> {
  const draft = parseInput(ctx, Contact, 'create', input);
  normalizePhone(draft, ctx.account.defaultCountry);
  const error = unreachableError(draft);
  if (error) throw error;
  return draft;
}

/** For each draft why it is refused: what it refers to is missing. References become ids. */
export async function contactRefusals(
  ctx: Context,
  drafts: Record<string, unknown>[],
): Promise<(DomainError | undefined)[]> {
  // First the audiences, which become ids, then their groups.
  const missing = await missingReferences(ctx, Contact, drafts);
  const strange = await groupErrors(ctx, drafts);
  return missing.map((error, at) => error ?? strange[at]);
}

/** Inserts drafts with their groups and events; those whose address is taken are missing from the answer. */
export async function insertContacts(ctx: Context, drafts: RowDraft[]): Promise<Map<string, Contact>> {
  // In one order for all, so that two writes of the same addresses never wait for one another.
  const keyOf = ({ values }: RowDraft) => `${values.audienceId} ${String(values.email).toLowerCase()}`;
  const keyed = drafts.map((draft) => ({ draft, key: keyOf(draft) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  const rows = keyed.map(({ draft: { id, values } }) => ({
    ...{ id, values },
    lists: { groupIds: values.groupIds ?? [] },
  }));
  const made = await insertWithEvents(ctx, Contact, rows);
  const madeById = new Map(made.map((contact) => [contact.id, contact]));
  await joinGroups(
    ctx,
    drafts.filter(({ id }) => madeById.has(id)),
  );
  return madeById;
}

/** Writes contacts in the open transaction and answers an outcome for each input, in order. */
export async function writeContacts(ctx: Context, inputs: object[]): Promise<RowOutcome<Contact>[]> {
  const outcomes: RowOutcome<Contact>[] = [];
  const drafts = await checkRows(inputs, outcomes, {
    parse: (input) => contactDraft(ctx, input),
    refuse: (values) => contactRefusals(ctx, values),
  });
  const madeById = await insertContacts(ctx, drafts);
  for (const { id, index } of drafts) {
    const row = madeById.get(id) ?? null;
    outcomes.push({ index, row, isNew: row !== null, error: row ? null : emailTaken() });
  }
  return outcomes.sort((a, b) => a.index - b.index);
}
