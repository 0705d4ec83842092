import { KeptEntity, NounEntity } from '../entity';
import { BooleanField, EnumField, TextField } from '../field';
import { Lead } from '../lead/lead.entity';
import { HasMany } from '../relation';
import { type FeedKind, feedKind } from './feed-kind';

/** The name of the feed that every account has from the start. */
export const DEFAULT_FEED_NAME = 'Default Feed';

@NounEntity('A stream of leads to call or text; within one, a phone number stands once.', {
  name: 'feed',
  plural: 'feeds',
  label: 'Feed',
})
export class Feed extends KeptEntity {
  @TextField('Name.', { required: true, min: 1, max: 100, sortable: true })
  name!: string;

  @TextField('Name in addresses: lower-case letters, digits and dashes; made from the name when not given.', {
    min: 1,
    max: 63,
  })
  slug!: string;

  @EnumField(feedKind, 'How its leads are reached.', { write: 'create' })
  kind!: FeedKind;

  @BooleanField('Whether leads without a feed go here; each account has exactly one such feed.', {
    write: 'never',
  })
  isDefault!: boolean;

  @TextField('What the feed is for.', { nullable: true, max: 1000, filterable: false })
  description!: string | null;

  @HasMany(() => Lead, 'feedId', 'Its leads, newest first.')
  leads?: Lead[];
}
