import { GraphQLInt } from 'graphql';
import { BULK_MAX, type ErrorPolicy, type RowOutcome } from '../domain/bulk';
import type { Context } from '../domain/context';
import { nounOf } from '../domain/entity';
import { enumeration } from '../domain/enumeration';
import type { EntityClass } from '../domain/field';
import { capitalize, words } from '../domain/text';
import { createInputOf } from './input';
import { makeObject } from './made-type';
import { rootField } from './root-field';
import { rowErrorOf, rowErrorType } from './row-error';

const errorPolicy = enumeration('ErrorPolicy', 'What becomes of good rows when others are bad.', {
  all_or_nothing: 'Nothing is written unless every row is good.',
  skip_invalid: 'The good rows are written, the bad ones are not.',
});

function resultType(entity: EntityClass) {
  const { name, plural } = nounOf(entity);
  const [one, many] = [words(name), words(plural)];
  const outcome = makeObject(`${capitalize(name)}Outcome`, `What became of one ${one} of a bulk write.`, {
    index: { type: () => GraphQLInt, about: 'Its place in the input, from 0.' },
    [name]: { type: () => entity, about: `The ${one}, when it was written.`, nullable: true },
    error: { type: () => rowErrorType, about: 'Why it was not written.', nullable: true },
  });
  return makeObject(`Create${capitalize(plural)}Result`, `What became of the ${many} of a bulk write.`, {
    outcomes: { type: () => [outcome], about: 'One for each input, in order.' },
    created: { type: () => GraphQLInt, about: 'How many were written.' },
    failed: { type: () => GraphQLInt, about: 'How many have an error.' },
  });
}

function resultOf<T>(name: string, outcomes: RowOutcome<T>[]): object {
  return {
    outcomes: outcomes.map(({ index, row, error }) => ({
      ...{ index, [name]: row },
      error: error && rowErrorOf(error),
    })),
    created: outcomes.filter(({ row }) => row).length,
    failed: outcomes.filter(({ error }) => error).length,
  };
}

/** What creates many rows of a noun at once. */
export interface BulkService<T> {
  createMany: (ctx: Context, inputs: object[], policy: ErrorPolicy) => Promise<RowOutcome<T>[]>;
}

/** The mutation `createLeads` of a noun: up to {@link BULK_MAX} at once, with an outcome for each. */
export function bulkResolver<T>(entity: EntityClass<T>, service: BulkService<T>) {
  const { name, plural, label } = nounOf(entity);
  const type = resultType(entity);
  return rootField<{ inputs: object[]; errorPolicy: ErrorPolicy }>({
    kind: 'mutation',
    name: `create${capitalize(plural)}`,
    type: () => type,
    about: `${label}: makes up to ${BULK_MAX} at once.`,
    args: {
      inputs: { type: () => [createInputOf(entity)], about: `Their values, 1 to ${BULK_MAX}.` },
      errorPolicy: {
        type: () => errorPolicy.graphql,
        about: 'What becomes of the good ones when others are bad.',
        defaultValue: 'all_or_nothing',
      },
    },
    resolve: async (ctx, { inputs, errorPolicy: policy }) =>
      resultOf(name, await service.createMany(ctx, inputs, policy)),
  });
}
