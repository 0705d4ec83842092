import { z } from 'zod';
import type { CaseRecord, EntryRecord } from '../../../domain/support-case/case-records';
import { supportCaseStatus } from '../../../domain/support-case/case-status';
import { fieldMap } from '../../field-map';
import { timeOrNull, timeOutput, wireTime } from './codecs';

const number = z.int();
const moment = timeOutput.nullable();
const unset = z.union([timeOutput, z.literal(false)]);

const byName = {
  id: { about: 'Identifier.', key: 'number', output: number },
  caseid: { about: 'The same.', key: 'number', output: number },
  casenum: { about: 'What people call it, such as BCDF1234.', key: 'caseNumber', output: z.string() },
  casenumber: { about: 'The same.', key: 'caseNumber', output: z.string() },
};

const times = {
  date_opened: { about: 'When it was opened.', read: 'openedAt' },
  date_assigned: { about: 'When department and rep got it.', read: 'assignedAt' },
  date_firstresponse: { about: 'When it was answered first.', read: 'firstResponseAt' },
  date_lastresponse: { about: 'When it was answered last.', read: 'lastResponseAt' },
  date_updated: { about: 'When something was last heard of it.', read: 'updatedAt' },
  date_closed: { about: 'When it was closed.', read: 'closedAt' },
  date_created: { about: 'When it was made.', read: 'createdAt' },
  date_lastupdated: { about: 'The same as date_updated.', read: 'updatedAt' },
} as const satisfies Record<string, { about: string; read: keyof CaseRecord }>;

const timeFields = Object.fromEntries(
  Object.entries(times).map(([name, { about, read }]) => [
    name,
    { about, format: (row: CaseRecord) => timeOrNull(row[read] as string | null), output: moment },
  ]),
);

const feedbackFields = {
  rating: { about: 'From 1 (bad) to 5 (good).', key: 'rating', output: number.nullable() },
  feedback: { about: 'What the contact says of it.', key: 'feedback', output: z.string().nullable() },
  date_requestedfeedback: {
    about: 'When the contact was asked for feedback; false when it was not.',
    format: ({ feedbackRequestedAt }: CaseRecord) =>
      feedbackRequestedAt ? wireTime(feedbackRequestedAt) : false,
    output: unset,
  },
  date_rated: {
    about: 'When feedback was given; false when none was.',
    format: ({ ratedAt }: CaseRecord) => (ratedAt ? wireTime(ratedAt) : false),
    output: unset,
  },
};

/** A case in the vendor's words. */
export const supportCase = fieldMap<CaseRecord>()({
  ...byName,
  contactid: {
    about: 'The contact.',
    key: 'contactId',
    format: ({ contact }) => contact?.number,
    output: number.nullable(),
  },
  contactUuid: { about: 'The contact.', format: ({ contactId }) => contactId, output: z.string().nullable() },
  companyid: { about: 'The company in a CRM.', key: 'companyId', output: number.nullable() },
  repid: {
    about: 'The rep; null when deleted since.',
    key: 'agentId',
    format: ({ agent }) => agent?.number,
    output: number.nullable(),
  },
  departmentid: {
    about: 'The department; null when deleted since.',
    format: ({ team }) => team?.number,
    output: number.nullable(),
  },
  summary: { about: 'What it is about, in a line.', key: 'summary', output: z.string() },
  details: { about: 'What was asked.', key: 'details', output: z.string() },
  openedby: { about: 'Who asked.', key: 'openedBy', output: z.string() },
  status: {
    about: 'new: it waits for us; open: it waits for the customer; closed.',
    key: 'status',
    output: z.enum(supportCaseStatus.values),
  },
  ...timeFields,
  ...feedbackFields,
  tags: {
    about: 'Ids of its case tags.',
    format: ({ tags }) => tags.map((tag) => tag.number),
    output: z.array(number),
  },
  isArchived: { about: 'Whether it is put away.', key: 'isArchived', output: z.boolean() },
});

/** What feedback a case has. */
export const feedback = fieldMap<CaseRecord>()({
  caseid: { about: 'The case.', key: 'number', output: number },
  ...feedbackFields,
  dontask: {
    about: 'Whether the contact is not to be asked.',
    format: ({ isFeedbackWanted }) => !isFeedbackWanted,
    output: z.boolean(),
  },
});

/** An entry of a case's history. */
export const entry = fieldMap<EntryRecord>()({
  id: { about: 'Identifier.', key: 'number', output: number },
  type: {
    about: 'What it tells: note, call, email, reply, chat, transfer …',
    key: 'kind',
    output: z.string(),
  },
  title: { about: 'What it tells, in a line.', key: 'title', output: z.string() },
  note: { about: 'Its text.', key: 'body', output: z.string() },
  author: { about: 'Who wrote it.', key: 'authorName', output: z.string() },
  repid: { about: 'The rep who wrote it.', format: ({ agent }) => agent?.number, output: number.nullable() },
  contactid: {
    about: 'The contact who wrote it.',
    format: ({ contact }) => contact?.number,
    output: number.nullable(),
  },
  date: { about: 'When it was written.', format: ({ createdAt }) => wireTime(createdAt), output: timeOutput },
});
