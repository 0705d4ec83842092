import { Contact } from '../contact/contact.entity';
import { contactDraft, contactRefusals } from '../contact/contact-create';
import { addToGroups, joinGroups } from '../contact/contact-groups';
import { mergeFields } from '../lead/lead.rules';
import { linkedIdsById } from '../links';
import { tableOf } from '../table';
import type { Draft, ImportTarget } from './import-target';

// One at a time writes contacts without e-mail addresses into an audience.
const HOLD = `
select pg_advisory_xact_lock(hashtext('contact import'), hashtext("id"::text)) from audience
where "account_id" = $1 and "id" = $2 for key share`;

// One look into an index for each value: with a list, PostgreSQL would rather read all contacts.
const idsBy = (column: string, list: string) => `
  select one."id" from unnest(${list}::text[]) as wanted(value), lateral (
    select "id" from contact where "account_id" = $1 and "audience_id" = $2 and ${column} = wanted.value offset 0) one`;

const TWINS = `
select ${tableOf(Contact).selectList} from contact
where "account_id" = $1 and "id" = any(array(
  ${idsBy('"email_folded"', '$3')} union ${idsBy('"phone_e164"', '$4')} union ${idsBy('"phone"', '$5')}))
order by "id" for update`;

const emailKey = (email: unknown) => `e ${String(email).toLowerCase()}`;
const phoneKey = ({ phone, phoneE164 }: Draft) => `p ${phoneE164 ?? phone}`;
const keyOf = (draft: Draft) => (draft.email ? emailKey(draft.email) : phoneKey(draft));

function keysOf(draft: Draft): string[] {
  const keys = draft.email ? [emailKey(draft.email)] : [];
  return draft.phone ? [...keys, phoneKey(draft)] : keys;
}

const present = (values: unknown[]) => [...new Set(values.filter((value) => value != null))];

/** Contacts of an audience. */
export const contactImport: ImportTarget<Contact> = {
  entity: Contact,
  draftOf: (ctx, { audienceId }, input) => contactDraft(ctx, { ...input, audienceId }),
  refuse: contactRefusals,
  async hold(ctx, { audienceId }) {
    const found = await ctx.query(HOLD, [ctx.account.id, audienceId], 'hold audience');
    return found.length > 0 ? undefined : 'The audience was deleted.';
  },
  keyOf,
  keysOf,
  isLookedFor: ({ email }) => !email,
  async twinsByKey(ctx, { audienceId }, drafts) {
    const byPhone = drafts.filter(({ email }) => !email);
    const emails = present(drafts.map(({ email }) => email && String(email).toLowerCase()));
    const numbers = present(byPhone.map(({ phoneE164 }) => phoneE164));
    const written = present(byPhone.filter(({ phoneE164 }) => !phoneE164).map(({ phone }) => phone));
    const values = [ctx.account.id, audienceId, emails, numbers, written];
    const rows = await ctx.query<Contact & Record<string, unknown>>(TWINS, values);
    // The newest of a number is the last.
    return new Map(rows.flatMap((row) => keysOf(row).map((key): [string, Contact] => [key, row])));
  },
  duplicateMessage: 'A contact of the audience has this e-mail address or phone number.',
  // What it was found by is the same, however it is written.
  changesOf({ audienceId, email, phone, phoneE164, groupIds, customFields, ...rest }, twin) {
    const custom = customFields as Record<string, unknown> | undefined;
    return {
      ...rest,
      ...(email && phone !== undefined ? { phone, phoneE164 } : {}),
      ...(custom && { customFields: mergeFields(twin.customFields, custom) }),
    };
  },
  listsOf: ({ groupIds = [] }) => ({ groupIds }),
  async link(ctx, drafts) {
    await joinGroups(ctx, drafts);
  },
  relink(ctx, duplicates) {
    const joining = duplicates.filter(({ draft }) => draft.groupIds);
    return addToGroups(
      ctx,
      joining.map(({ twin, draft }) => ({ contact: twin, groupIds: draft.groupIds as string[] })),
    );
  },
  async withLists(ctx, rows) {
    const linkedById = await linkedIdsById(
      ctx,
      Contact,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({ ...row, ...linkedById.get(row.id) }));
  },
};
