import { enumeration } from '../../domain/enumeration';
import { Lead } from '../../domain/lead/lead.entity';
import { leads } from '../../domain/lead/lead.service';
import type { OnDuplicate } from '../../domain/lead/lead-create';
import { bulkResolver } from '../bulk';
import { createInputOf } from '../input';
import { rootField } from '../root-field';
import { inputArgument } from './crud.resolver';

const onDuplicate = enumeration(
  'OnDuplicate',
  'What happens when a lead of the feed has the phone number already.',
  {
    reject: 'The new one is refused with the error CONFLICT.',
    match: 'The lead that is there is answered, unchanged.',
    allow: 'The new one is made beside the lead that is there.',
  },
);

/** What leads have beyond the usual operations: duplicates, and bulk creation. */
export const leadResolvers = [
  rootField<{ input: object; onDuplicate: OnDuplicate }>({
    kind: 'mutation',
    name: 'createLead',
    type: () => Lead,
    about: 'Lead: makes one. Without a feed it goes to the default feed.',
    args: {
      input: inputArgument(createInputOf(Lead)),
      onDuplicate: {
        type: () => onDuplicate.graphql,
        about: 'What happens when a lead of the feed has the phone number already.',
        defaultValue: 'reject',
      },
    },
    resolve: (ctx, { input, ...options }) => leads.create(ctx, input, options),
  }),
  bulkResolver(Lead, leads),
];
