import { Contact } from '../contact/contact.entity';
import { setRemovalTime } from '../contact/contact.service';
import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import type { RowRef } from '../entity';
import { notFound } from '../error';
import { removeWithEvents } from '../removal';
import { Audience } from './audience.entity';
import { AudienceGroup } from './audience-group.entity';
import { type AudienceStats, readStats } from './audience-stats';

// Small enough to commit within moments: readers of the change log wait for transactions that write to it.
const CONTACTS_PER_TRANSACTION = 1_000;
const GROUPS_MAX = 1_000_000;

const groupsFor = (lock: string) => `
select 1 from audience_group where "account_id" = $1 and "audience_id" = $2 order by "id" for ${lock}`;

const HAS_CONTACTS = 'select 1 from contact where "account_id" = $1 and "audience_id" = $2 limit 1';

const base: Crud<Audience> = crud(Audience, {
  async beforeDelete(ctx, { id }) {
    await removeWithEvents(ctx, AudienceGroup, { audienceId: { eq: id } }, GROUPS_MAX);
  },
});

/** Deletes some contacts of the audience, each with its event; answers how many. */
function removeSome(ctx: Context, audienceId: string): Promise<number> {
  return ctx.transaction(async (tx) => {
    await tx.query(groupsFor('key share'), [tx.account.id, audienceId]);
    await setRemovalTime(tx);
    const filter = { audienceId: { eq: audienceId } };
    return removeWithEvents(tx, Contact, filter, CONTACTS_PER_TRANSACTION);
  });
}

/** Audiences. */
export const audiences = {
  ...base,

  /**
   * Deletes an audience with its contacts and groups. The database removes the contacts a thousand at a time,
   * each with its event, then the groups and the audience in one transaction: interrupted, the audience is there
   * with the contacts that are left, and can be deleted again. Throws NOT_FOUND.
   */
  async delete(ctx: Context, ref: RowRef): Promise<Audience> {
    ctx.require('audiences:write');
    const { id } = await ctx.repo(Audience).get(ref);
    for (;;) {
      while ((await removeSome(ctx, id)) > 0);
      const audience = await ctx.transaction(async (tx) => {
        // Locked, it gets no more contacts; one that came before that goes in another round.
        await tx.query(groupsFor('update'), [tx.account.id, id]);
        await tx.repo(Audience).lock(id);
        const left = await tx.query(HAS_CONTACTS, [tx.account.id, id]);
        return left.length > 0 ? undefined : base.delete(tx, id);
      });
      if (audience) return audience;
    }
  },

  /** How an audience stands now. Throws NOT_FOUND. */
  async stats(ctx: Context, ref: RowRef): Promise<AudienceStats> {
    ctx.require('audiences:read');
    const { id } = await ctx.repo(Audience).get(ref);
    const stats = await readStats(ctx, id);
    if (!stats) throw notFound('Audience');
    return stats;
  },
};
