import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { DomainError, invalid } from '../error';
import { Lead } from '../lead/lead.entity';
import { slugOf } from '../text';
import { Feed } from './feed.entity';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Feeds. The default feed stays, and so does a feed that holds leads. */
export const feeds: Crud<Feed> & { getDefault: (ctx: Context) => Promise<Feed> } = {
  ...crud(Feed, {
    prepare(_, draft, current) {
      if (!current) draft.slug ??= slugOf(String(draft.name));
      if (draft.slug !== undefined && !SLUG.test(String(draft.slug))) {
        throw invalid({ slug: ['Slug must be lower-case letters, digits and single dashes.'] });
      }
    },
    async beforeDelete(ctx, feed) {
      if (feed.isDefault) throw new DomainError('CONFLICT', 'The default feed cannot be deleted.');
      if (await ctx.repo(Lead).findBy({ feedId: feed.id })) {
        throw new DomainError('CONFLICT', 'The feed still holds leads: move or delete them first.');
      }
    },
  }),

  /** The feed of leads that name none. */
  async getDefault(ctx) {
    ctx.require('feeds:read');
    const feed = await ctx.repo(Feed).findBy({ isDefault: true });
    if (!feed) throw new Error(`account ${ctx.account.id} has no default feed`);
    return feed;
  },
};
