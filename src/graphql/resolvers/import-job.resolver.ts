import { GraphQLBoolean, GraphQLID, GraphQLString } from 'graphql';
import { exportsOf } from '../../domain/import-job/export-address';
import { ImportJob } from '../../domain/import-job/import-job.entity';
import { ImportContacts, ImportLeads, importJobs } from '../../domain/import-job/import-job.service';
import { operationInput } from '../input';
import { makeObject } from '../made-type';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const opened = makeObject('OpenedImport', 'An import that waits for its file.', {
  importJob: { type: () => ImportJob, about: 'The import.' },
  uploadPath: {
    type: () => GraphQLString,
    about:
      'Path below the address of this installation to which the file is sent, by PUT or POST as text/csv. Who knows it may send it, once.',
  },
});

const contactsInput = operationInput(
  'ImportContactsInput',
  'Import: what contacts are imported into, and how.',
  ImportContacts,
);
const leadsInput = operationInput(
  'ImportLeadsInput',
  'Import: what leads are imported into, and how.',
  ImportLeads,
);

const BOM = {
  type: () => GraphQLBoolean,
  about: 'Whether the file begins with the mark by which Excel knows UTF-8.',
  defaultValue: false,
};
const EXPORT =
  'Answers the path of the file below the address of this installation; who knows it may read it for an hour.';

/** Importing and exporting contacts and leads as CSV. */
export const importJobResolvers = [
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'importContacts',
    type: () => opened,
    about: 'Import: opens one of contacts into an audience.',
    args: { input: inputArgument(contactsInput) },
    resolve: (ctx, { input }) => importJobs.importContacts(ctx, input),
  }),
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'importLeads',
    type: () => opened,
    about: 'Import: opens one of leads into a feed.',
    args: { input: inputArgument(leadsInput) },
    resolve: (ctx, { input }) => importJobs.importLeads(ctx, input),
  }),
  rootField<{ id: string }>({
    kind: 'mutation',
    name: 'cancelImport',
    type: () => ImportJob,
    about: 'Import: stops one after the rows that are being written; the error CONFLICT when it is over.',
    args: { id: ID_ARGUMENT },
    resolve: (ctx, { id }) => importJobs.cancel(ctx, id),
  }),
  rootField<{ audienceId: string; withBom: boolean }>({
    kind: 'mutation',
    name: 'exportContacts',
    type: () => GraphQLString,
    about: `Contact: all of an audience as a CSV file. ${EXPORT}`,
    args: { audienceId: { type: () => GraphQLID, about: 'The audience.' }, withBom: BOM },
    resolve: (ctx, { audienceId, withBom }) => exportsOf.contacts(ctx, audienceId, withBom),
  }),
  rootField<{ feedId?: string | null; withBom: boolean }>({
    kind: 'mutation',
    name: 'exportLeads',
    type: () => GraphQLString,
    about: `Lead: all of a feed as a CSV file. ${EXPORT}`,
    args: {
      feedId: { type: () => GraphQLID, about: 'The feed; all feeds when not given.', nullable: true },
      withBom: BOM,
    },
    resolve: (ctx, { feedId, withBom }) => exportsOf.leads(ctx, feedId ?? undefined, withBom),
  }),
];
