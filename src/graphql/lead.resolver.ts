import { GraphQLInt } from 'graphql';
import { enumeration } from '../domain/enumeration';
import { Lead } from '../domain/lead/lead.entity';
import { BULK_MAX, type ErrorPolicy, leads } from '../domain/lead/lead.service';
import type { OnDuplicate, RowOutcome } from '../domain/lead/lead-create';
import { inputArgument } from './crud.resolver';
import { createInputOf } from './input';
import { makeObject } from './made-type';
import { rootField } from './root-field';
import { rowErrorOf, rowErrorType } from './row-error';

const onDuplicate = enumeration(
  'OnDuplicate',
  'What happens when a lead of the feed has the phone number already.',
  {
    reject: 'The new one is refused with the error CONFLICT.',
    match: 'The lead that is there is answered, unchanged.',
    allow: 'The new one is made beside the lead that is there.',
  },
);

const errorPolicy = enumeration('ErrorPolicy', 'What becomes of good rows when others are bad.', {
  all_or_nothing: 'Nothing is written unless every row is good.',
  skip_invalid: 'The good rows are written, the bad ones are not.',
});

const outcomeType = makeObject('LeadOutcome', 'What became of one lead of a bulk write.', {
  index: { type: () => GraphQLInt, about: 'Its place in the input, from 0.' },
  lead: { type: () => Lead, about: 'The lead, when it was written.', nullable: true },
  error: { type: () => rowErrorType, about: 'Why it was not written.', nullable: true },
});

const resultType = makeObject('CreateLeadsResult', 'What became of the leads of a bulk write.', {
  outcomes: { type: () => [outcomeType], about: 'One for each input, in order.' },
  created: { type: () => GraphQLInt, about: 'How many were written.' },
  failed: { type: () => GraphQLInt, about: 'How many have an error.' },
});

function resultOf(outcomes: RowOutcome[]): object {
  return {
    outcomes: outcomes.map(({ index, row, error }) => ({
      ...{ index, lead: row },
      error: error && rowErrorOf(error),
    })),
    created: outcomes.filter(({ row }) => row).length,
    failed: outcomes.filter(({ error }) => error).length,
  };
}

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
  rootField<{ inputs: object[]; errorPolicy: ErrorPolicy }>({
    kind: 'mutation',
    name: 'createLeads',
    type: () => resultType,
    about: `Lead: makes up to ${BULK_MAX} at once.`,
    args: {
      inputs: { type: () => [createInputOf(Lead)], about: `Their values, 1 to ${BULK_MAX}.` },
      errorPolicy: {
        type: () => errorPolicy.graphql,
        about: 'What becomes of the good ones when others are bad.',
        defaultValue: 'all_or_nothing',
      },
    },
    resolve: async (ctx, { inputs, errorPolicy: policy }) =>
      resultOf(await leads.createMany(ctx, inputs, policy)),
  }),
];
