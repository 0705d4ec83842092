import { GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLString } from 'graphql';
import { audiences } from '../../domain/audience/audience.service';
import { Contact, contactStatus } from '../../domain/contact/contact.entity';
import { contacts } from '../../domain/contact/contact.service';
import type { PageRequest } from '../../domain/page';
import { bulkResolver } from '../bulk';
import { connectionOf } from '../connection';
import { updateInputOf } from '../input';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument, pageArguments } from './crud.resolver';

const statusCount = makeObject('ContactStatusCount', 'How many contacts have a status.', {
  status: { type: () => contactStatus.graphql, about: 'The status.' },
  count: { type: () => GraphQLInt, about: 'How many.' },
});

const statsType = makeObject('AudienceStats', 'How an audience stands now.', {
  contactCount: { type: () => GraphQLInt, about: 'How many contacts it has.' },
  emailCount: { type: () => GraphQLInt, about: 'How many of them have an e-mail address.' },
  phoneCount: { type: () => GraphQLInt, about: 'How many of them have a phone number.' },
  groupCount: { type: () => GraphQLInt, about: 'How many groups it has.' },
  statusCounts: { type: () => [statusCount], about: 'How many contacts have each status.' },
});

const upserted = makeObject('UpsertContactResult', 'A contact that was put into an audience.', {
  contact: { type: () => Contact, about: 'The contact.' },
  isNew: { type: () => GraphQLBoolean, about: 'Whether it was made; else it was there and was changed.' },
});

const { filter: _, ...searchPage } = pageArguments(Contact);

/** What contacts and audiences have beyond the usual operations. */
export const contactResolvers = [
  bulkResolver(Contact, contacts),
  rootField<{ audienceId: string; input: object }>({
    kind: 'mutation',
    name: 'upsertContact',
    type: () => upserted,
    about:
      'Contact: changes the one of the audience with the e-mail address of the input (without an address, the newest with its phone number), or makes one. Groups are added to.',
    args: {
      audienceId: { type: () => GraphQLID, about: 'The audience.' },
      input: inputArgument(updateInputOf(Contact), 'Its values; what is not given stays.'),
    },
    resolve: (ctx, { audienceId, input }) => contacts.upsertInto(ctx, audienceId, input),
  }),
  rootField<{ text: string } & Omit<PageRequest, 'filter'>>({
    kind: 'query',
    name: 'searchContacts',
    type: () => connectionOf(Contact),
    about:
      'Contacts that have every word of a text in their names, company, e-mail addresses or phone numbers, page by page.',
    args: { text: { type: () => GraphQLString, about: 'The words.' }, ...searchPage },
    resolve: (ctx, { text, ...request }) => contacts.search(ctx, text, request),
  }),
  rootField<{ id: string }>({
    kind: 'query',
    name: 'audienceStats',
    type: () => statsType,
    about: 'Audience: how it stands now.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => audiences.stats(ctx, id),
  }),
];
