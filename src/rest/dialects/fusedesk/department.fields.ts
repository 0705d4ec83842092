import { z } from 'zod';
import type {
  SupportTeam,
  SupportTeamInput,
  TEAM_TEMPLATES,
} from '../../../domain/team/support-team.service';
import { fieldMap } from '../../field-map';
import { flag, record, records, text, timeOrNull, timeOutput, wholeNumber, wireTime } from './codecs';

const nullableInt = z.int().nullable();

function templateField(name: string, key: (typeof TEAM_TEMPLATES)[number], about: string) {
  return {
    about,
    key,
    parse: record(name),
    format: (row: SupportTeam) => row.numberByTemplateId[row[key] ?? ''],
    output: nullableInt,
  };
}

const MINUTES = { max: 525_600 };

/** A department in the words of version 2. */
export const department = fieldMap<SupportTeam>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Name.', key: 'name', parse: text('name'), isRequired: true, output: z.string() },
  allReps: {
    about: 'Whether every active rep is of it.',
    key: 'isForAllAgents',
    parse: flag('allReps'),
    output: z.boolean(),
  },
  repUserIds: {
    about: 'Its reps.',
    key: 'agentIds',
    parse: records('repUserIds'),
    format: ({ agentNumbers }) => agentNumbers,
    output: z.array(z.int()),
  },
  replyTemplateId: templateField('replyTemplateId', 'replyTemplateId', 'The template of its replies.'),
  noteTemplateId: templateField('noteTemplateId', 'noteTemplateId', 'The template of its notes.'),
  newCaseNoteTemplateId: templateField(
    'newCaseNoteTemplateId',
    'newCaseNoteTemplateId',
    'The template of a note that each new case gets.',
  ),
  feedbackTemplateId: templateField(
    'feedbackTemplateId',
    'feedbackTemplateId',
    'The template of its requests for feedback.',
  ),
  templateCategory: {
    about: 'Category of the templates that it is offered.',
    key: 'templateCategory',
    parse: text('templateCategory'),
    output: z.string().nullable(),
  },
  stale: {
    about: 'Minutes after which a case is stale.',
    key: 'staleMinutes',
    parse: wholeNumber('stale', MINUTES),
    output: nullableInt,
  },
  staleWarning: {
    about: 'Minutes after which a case is about to be.',
    key: 'staleWarningMinutes',
    parse: wholeNumber('staleWarning', MINUTES),
    output: nullableInt,
  },
  feedbackDelay: {
    about: 'Minutes between the end of a case and its request for feedback.',
    key: 'feedbackDelayMinutes',
    parse: wholeNumber('feedbackDelay', MINUTES),
    output: z.int(),
  },
  feedbackFrequency: {
    about: 'Days in which a contact is asked once at most.',
    key: 'feedbackFrequencyDays',
    parse: wholeNumber('feedbackFrequency', { max: 3650 }),
    output: z.int(),
  },
  feedbackSample: {
    about: 'How many of a hundred closed cases are followed by a request.',
    key: 'feedbackSamplePercent',
    parse: wholeNumber('feedbackSample', { max: 100 }),
    output: z.int(),
  },
  footerHtml: {
    about: 'HTML below its replies.',
    key: 'footerHtml',
    parse: text('footerHtml'),
    output: z.string(),
  },
  phone: {
    about: 'Its phone number (E.164).',
    key: 'phone',
    parse: text('phone'),
    output: z.string().nullable(),
  },
  dateCreated: {
    about: 'When it was made.',
    format: ({ createdAt }) => wireTime(createdAt),
    output: timeOutput,
  },
  dateArchived: {
    about: 'When it was put away.',
    format: ({ archivedAt }) => timeOrNull(archivedAt),
    output: timeOutput.nullable(),
  },
});

const HOUR_MINUTES = 60;
const hours = (name: string) =>
  wholeNumber(name, { max: 8760 })
    .transform((value) => value * HOUR_MINUTES)
    .meta({ type: 'integer' });

/** A department in the words of version 1, which counts in hours. */
export const departmentV1 = fieldMap<SupportTeam>()({
  departmentid: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Name.', key: 'name', parse: text('name'), isRequired: true, output: z.string() },
  repids: { about: 'Its reps.', format: ({ agentNumbers }) => agentNumbers, output: z.array(z.int()) },
  reps: {
    about: 'Its reps: a list, or ids with commas between them.',
    key: 'agentIds',
    parse: records('reps'),
  },
  replytemplate: {
    about: 'The template of its replies.',
    key: 'replyTemplateId',
    parse: record('replytemplate'),
  },
  templatecategory: {
    about: 'Category of the templates that it is offered.',
    key: 'templateCategory',
    parse: text('templatecategory'),
  },
  stale: { about: 'Hours until a case is stale.', key: 'staleMinutes', parse: hours('stale') },
  stalewarning: {
    about: 'Hours until a case turns yellow.',
    key: 'staleWarningMinutes',
    parse: hours('stalewarning'),
  },
});

/** What a department is made or changed by. */
export const inputOf = (draft: Record<string, unknown>) => draft as SupportTeamInput;
