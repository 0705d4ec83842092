import { Lead } from '../lead/lead.entity';
import { mergeFields } from '../lead/lead.rules';
import { leadDraft, leadRefusals } from '../lead/lead-create';
import { addTags, setTags, tagNamesByLeadId } from '../lead/lead-tags';
import { tableOf } from '../table';
import type { Draft, ImportTarget } from './import-target';

const HOLD = `
select 1 from feed where "account_id" = $1 and "id" = $2 and "deleted_at" is null for key share`;

const TWINS = `
select ${tableOf(Lead).selectList} from lead
where "account_id" = $1 and "feed_id" = $2 and "phone" = any($3) and "deleted_at" is null and not "is_duplicate"
order by "id" for update`;

const keyOf = ({ phone }: Draft | Lead) => String(phone);

/** Leads of a feed. */
export const leadImport: ImportTarget<Lead> = {
  entity: Lead,
  draftOf(ctx, { feedId }, input) {
    return { ...leadDraft(ctx, { ...input, feedId }), isDuplicate: false };
  },
  refuse: leadRefusals,
  async hold(ctx, { feedId }) {
    const found = await ctx.query(HOLD, [ctx.account.id, feedId], 'hold feed');
    return found.length > 0 ? undefined : 'The feed was deleted.';
  },
  keyOf,
  keysOf: (draft) => [keyOf(draft)],
  isLookedFor: () => false,
  async twinsByKey(ctx, { feedId }, drafts) {
    const values = [ctx.account.id, feedId, [...new Set(drafts.map(keyOf))]];
    const rows = await ctx.query<Lead & Record<string, unknown>>(TWINS, values);
    return new Map(rows.map((row) => [keyOf(row), row]));
  },
  duplicateMessage: 'Another lead of the feed has this phone number.',
  changesOf({ phone, feedId, isDuplicate, tagNames, customFields, ...rest }, twin) {
    const custom = customFields as Record<string, unknown> | undefined;
    return { ...rest, ...(custom && { customFields: mergeFields(twin.customFields, custom) }) };
  },
  listsOf: ({ tagNames = [] }) => ({ tagNames }),
  async link(ctx, drafts) {
    const tagged = drafts.filter(({ values }) => values.tagNames);
    if (tagged.length > 0)
      await addTags(ctx, new Map(tagged.map(({ id, values }) => [id, values.tagNames as string[]])));
  },
  relink(ctx, duplicates) {
    const tagged = duplicates.filter(({ draft }) => draft.tagNames);
    return setTags(ctx, new Map(tagged.map(({ twin, draft }) => [twin.id, draft.tagNames as string[]])));
  },
  async withLists(ctx, rows) {
    const names = await tagNamesByLeadId(
      ctx,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({ ...row, tagNames: names.get(row.id) ?? [] }));
  },
};
