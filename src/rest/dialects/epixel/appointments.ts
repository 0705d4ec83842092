import { z } from 'zod';
import type { Appointment } from '../../../domain/appointment/appointment.entity';
import { appointments } from '../../../domain/appointment/appointment.service';
import type { Context } from '../../../domain/context';
import { type DomainError, invalid } from '../../../domain/error';
import { leads } from '../../../domain/lead/lead.service';
import { type Dialect, type Route, route } from '../../dialect';
import { answerWith, done, emptyAnswer, listOf, pageReply } from './answers';
import { appointment, status } from './appointment.fields';
import {
  anyFields,
  BLANK_OF_APPOINTMENT,
  dayOf,
  instantOf,
  recordId,
  search,
  slice,
  someFields,
  words,
} from './codecs';
import { cannot, errors, failed, ofOthers } from './errors';
import { pathsOf } from './paths';
import { notFoundAs } from './refusals';

type Draft = Record<string, unknown>;

const NO_BODY = 'Body data not found.';
const OVERLAP = 'Appointment schedule exists for this time.';
const ENDS_EARLY = "End Date Can't be prior to Start Date.";
const IS_PAST = 'Please Specify a date in the future.';
const BAD_SLUG = 'Requested slug is invalid.';
const BAD_SETTING = 'Inavalid date settings.';
const BAD_DATE = 'Invalid date formate';

const slug = words({ blank: BLANK_OF_APPOINTMENT }).describe('The lead it is with.');
const appointmentId = recordId({ blank: BLANK_OF_APPOINTMENT, wrong: 'Invalid appointment id.' }).describe(
  'The appointment.',
);

/** Failures of the operations that write appointments, in their own words. */
const writeErrors: Partial<Dialect['errors']> = {
  INVALID: (error) => (error.fields?.body ? failed(NO_BODY) : errors.INVALID(error)),
  CONFLICT: (error: DomainError) => failed(error.fields?.startsAt ? OVERLAP : error.message),
};
const missing = notFoundAs('appointment_id', 'Requested appointment not found.');

/** The draft in domain terms: instants for the clock's times, the lead for its slug. Throws what is wrong with them. */
async function resolve(
  ctx: Context,
  { slug: given, ...draft }: Draft,
  current?: Appointment,
): Promise<Draft> {
  const { timeZone } = ctx.account;
  const resolved: Draft = { ...draft };
  for (const key of ['startsAt', 'endsAt'] as const) {
    if (draft[key] !== undefined) resolved[key] = instantOf(String(draft[key]), timeZone);
  }
  if (given !== undefined) {
    const standing = await leads.standing(ctx, String(given));
    if (standing.is === 'others') throw invalid({ slug: ["You can't take appointment under this lead."] });
    if (standing.is !== 'own') throw invalid({ slug: [BAD_SLUG] });
    resolved.leadId = standing.lead.id;
  }
  const { startsAt, endsAt } = { ...current, ...resolved } as Appointment;
  if (endsAt <= startsAt) throw cannot(ENDS_EARLY);
  if (resolved.startsAt !== undefined && startsAt <= ctx.instant()) throw cannot(IS_PAST);
  return resolved;
}

const DATE_CONDITIONS = {
  on: (from: string, until: string) => ({ gte: from, lt: until }),
  before: (from: string) => ({ lt: from }),
  after: (_: string, until: string) => ({ gte: until }),
};

/** A filter; an empty one is none. */
function filterBy<Filter extends z.ZodType>(filter: Filter) {
  return z.preprocess((given) => (given === '' ? undefined : given), filter.optional());
}

const setting = z.enum(Object.keys(DATE_CONDITIONS) as (keyof typeof DATE_CONDITIONS)[], BAD_SETTING);
const day = z.string().regex(/^\d\d\/\d\d\/\d{4}$/, BAD_DATE);

const listQuery = z
  .object({
    datesetting: filterBy(setting).describe('How the day is meant; together with ondate.'),
    ondate: filterBy(day).describe('A day by the account’s clock, `MM/DD/YYYY`.'),
    status: filterBy(status).describe('Only with this status.'),
    lead: search('lead', 'Part of the first name of the lead.'),
    ...slice,
  })
  .refine(({ datesetting, ondate }) => !ondate || datesetting, {
    path: ['datesetting'],
    message: BAD_SETTING,
  })
  .refine(({ datesetting, ondate }) => !datesetting || ondate, { path: ['ondate'], message: BAD_DATE });

const appointmentAnswer = answerWith(appointment.output());

/** Appointments with leads. */
export const appointmentRoutes: Route[] = [
  route({
    ...pathsOf('appointments/list'),
    operation: 'appointments-list',
    method: 'GET',
    summary: 'List appointments',
    query: listQuery,
    answer: listOf(appointment.output()),
    run: (ctx, { query: { datesetting, ondate, lead: leadFirstName, status: word, limit, offset } }) => {
      const bounds = ondate === undefined ? undefined : dayOf(ondate, ctx.account.timeZone);
      if (ondate !== undefined && !bounds) throw invalid({ ondate: [BAD_DATE] });
      const filter = {
        ...(bounds && datesetting && { startsAt: DATE_CONDITIONS[datesetting](...bounds) }),
        ...(word && { status: { eq: word } }),
      };
      return appointments.list(ctx, { filter, leadFirstName, limit, offset });
    },
    reply: ({ rows, total }, { query: { limit, offset }, url }, { account: { timeZone } }) => {
      const results = rows.map((row) => appointment.format({ ...row, timeZone }));
      return pageReply({ results, total, limit, offset, url });
    },
  }),
  route({
    ...pathsOf('create/appointment'),
    operation: 'appointments-create',
    method: 'POST',
    summary: 'Create appointment',
    body: someFields(appointment.creation(NO_BODY, { slug })),
    answer: appointmentAnswer,
    errors: { ...writeErrors, ...notFoundAs('slug', BAD_SLUG) },
    run: async (ctx, { body }) => {
      const draft = await resolve(ctx, body);
      return appointments.record(ctx, await appointments.create(ctx, draft));
    },
    reply: (row, _, { account: { timeZone } }) => done(appointment.format({ ...row, timeZone })),
  }),
  route({
    ...pathsOf('update/appointment'),
    operation: 'appointments-update',
    method: 'POST',
    summary: 'Update appointment',
    body: someFields(
      appointment.change(NO_BODY, [], { appointment_id: appointmentId, slug: slug.optional() }),
    ),
    answer: appointmentAnswer,
    errors: { ...writeErrors, ...missing, ...ofOthers("You can't update this appointment.") },
    run: async (ctx, { body: { appointment_id: number, ...changes } }) => {
      const current = await appointments.getOwn(ctx, Number(number));
      const updated = await appointments.update(ctx, current.id, await resolve(ctx, changes, current));
      return appointments.record(ctx, updated);
    },
    reply: (row, _, { account: { timeZone } }) => done(appointment.format({ ...row, timeZone })),
  }),
  route({
    ...pathsOf('delete/appointment'),
    operation: 'appointments-delete',
    method: 'POST',
    summary: 'Delete appointment',
    body: anyFields(z.object({ appointment_id: appointmentId })),
    answer: emptyAnswer,
    errors: { ...missing, ...ofOthers("You can't delete this appointment.") },
    run: (ctx, { body }) => appointments.delete(ctx, body.appointment_id),
    reply: () => done(),
  }),
];
