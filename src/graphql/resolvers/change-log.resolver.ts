import { GraphQLBoolean, GraphQLInt, GraphQLString } from 'graphql';
import { type ChangesPage, changesOf } from '../../domain/change-log';
import { PAGE_DEFAULT, PAGE_MAX } from '../../domain/page';
import { changeEventObject, changeEventType } from '../change-event';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';

const changesPage = makeObject('ChangesPage', 'A stretch of the change log.', {
  nodes: { type: () => [changeEventType], about: 'Its entries, oldest first.' },
  endCursor: { type: () => GraphQLString, about: 'Continue after this, also when nothing is in `nodes`.' },
  hasMore: { type: () => GraphQLBoolean, about: 'Whether more is in the log already.' },
});

interface ChangesArguments {
  after?: string | null;
  first: number;
  names?: string[] | null;
}

function pageObject({ events, ...rest }: ChangesPage): object {
  return { ...rest, nodes: events.map((event) => changeEventObject(event)) };
}

/** The change log as a list. */
export const changeLogResolvers = [
  rootField<ChangesArguments>({
    kind: 'query',
    name: 'changes',
    type: () => changesPage,
    about: 'The change log of the account in order: every write of every noun, through whatever door.',
    args: {
      after: {
        type: () => GraphQLString,
        about: 'Only what follows this cursor; from the oldest entry that is kept when not given.',
        nullable: true,
      },
      first: {
        type: () => GraphQLInt,
        about: `How many entries at most, from 1 to ${PAGE_MAX}.`,
        defaultValue: PAGE_DEFAULT,
      },
      names: { type: () => [GraphQLString], about: 'Only these, such as lead.created.', nullable: true },
    },
    resolve: async (ctx, { after, first, names }) =>
      pageObject(await changesOf(ctx, { first, after: after ?? undefined, names: names ?? undefined })),
  }),
];
