import { z } from 'zod';
import type { Context } from '../../../domain/context';
import { invalid } from '../../../domain/error';
import type { Filter } from '../../../domain/filter';
import { leads } from '../../../domain/lead/lead.service';
import type { Period } from '../../../domain/lead/lead-overview';
import { type Route, route } from '../../dialect';
import { answerWith, done, listOf, pageReply } from './answers';
import { appointment, formatNote, noteOutput } from './appointment.fields';
import { search, slice } from './codecs';
import { lead, STATUS_WORDS, STATUSES } from './lead.fields';
import { pathsOf } from './paths';

const PERIODS = ['upcoming', 'today', 'week', 'month'] as const satisfies Period[];
const NO_SLUG = 'This field is required and this may not be blank.';
const BAD_SLUG = 'Requested slug is invalid.';

const count = z.int();
const overviewAnswer = answerWith(
  z.object({
    LeadsData: z.object({
      status: z.array(z.object({ status: z.string(), count, Description: z.string(), Color: z.string() })),
      source: z.array(z.object({ source: z.string(), count })),
    }),
    TotalLeads: count,
    appointments: z.array(appointment.output().omit({ id: true, lead: true })),
  }),
);

const contains = (text: string | undefined) => (text ? { contains: text } : undefined);

/** That a phone number has the digits, however they are written; what has none is part of no number. */
function hasDigits(text: string | undefined): Filter {
  if (!text) return {};
  const digits = text.replace(/\D/g, '');
  return digits ? { phone: { contains: digits } } : { or: [] };
}

/** Which leads an agent is shown: its own, or those assigned to it; a key and an admin see all. */
function belongingTo({ agent }: Context, isAssigned: boolean): Filter {
  if (!agent || (agent.role === 'admin' && !isAssigned)) return {};
  return isAssigned ? { assigneeId: { eq: agent.id } } : { ownerId: { eq: agent.id } };
}

/** Reading leads. */
export const leadRoutes: Route[] = [
  route({
    ...pathsOf('overview'),
    operation: 'leads-overview',
    method: 'GET',
    summary: 'Lead overview',
    query: z.object({
      appointment: z
        .enum(PERIODS, 'Invalid appointment filter value.')
        .default('upcoming')
        .describe('The appointments that are shown; weeks begin on Monday.'),
    }),
    answer: overviewAnswer,
    run: (ctx, { query }) => leads.overview(ctx, query.appointment, belongingTo(ctx, false)),
    reply: ({ total, byStage, bySource, appointments }, _, { account }) => {
      const counts = new Map(byStage.map(({ value, count: number }) => [value, number]));
      const status = STATUS_WORDS.map((word) => ({
        ...{ status: word, count: counts.get(word) ?? 0 },
        ...STATUSES[word],
      }));
      const source = bySource
        .filter(({ value }) => value !== null)
        .map(({ value, count: number }) => ({ source: value, count: number }));
      const shown = appointments.map((one) => {
        const { id, lead: _lead, ...rest } = appointment.format({ ...one, timeZone: account.timeZone });
        return rest;
      });
      return done({ LeadsData: { status, source }, TotalLeads: total, appointments: shown });
    },
  }),
  route({
    ...pathsOf('list'),
    operation: 'leads-list',
    method: 'GET',
    summary: 'List leads',
    query: z.object({
      campaign_slug: search('campaign_slug', 'Slug of the campaign.'),
      list_type: search('list_type', '`assigned`: leads assigned to the agent, instead of those it owns.'),
      first_name: search('first_name', 'Part of the first name.'),
      last_name: search('last_name', 'Part of the last name.'),
      email: search('email', 'Part of the e-mail address.'),
      phone: search('phone', 'Part of the phone number; digits alone are compared.'),
      status: search('status', 'Place in the sales process.'),
      owner: search('owner', 'Username of the owner.'),
      ...slice,
    }),
    answer: listOf(lead.output()),
    run: (ctx, { query: { campaign_slug, list_type, owner, status, limit, offset, ...parts } }) => {
      const filter = {
        ...belongingTo(ctx, list_type === 'assigned'),
        ...(status && { stage: { eq: status } }),
        firstName: contains(parts.first_name),
        lastName: contains(parts.last_name),
        email: contains(parts.email),
        ...hasDigits(parts.phone),
      };
      return leads.list(ctx, {
        ...{ filter, limit, offset },
        ...{ feedSlug: campaign_slug || undefined, ownerUsername: owner || undefined },
      });
    },
    reply: ({ rows, total }, { query: { limit, offset }, url }) =>
      pageReply({ results: rows.map((row) => lead.format(row)), total, limit, offset, url }),
  }),
  route({
    ...pathsOf('view/lead'),
    operation: 'leads-view',
    method: 'GET',
    summary: 'Lead details',
    query: z.object({ slug: z.string(NO_SLUG).trim().min(1, NO_SLUG).describe('The lead.') }),
    answer: answerWith(
      lead.output().extend({ notes: z.array(noteOutput), appointments: z.array(appointment.output()) }),
    ),
    run: async (ctx, { query: { slug } }) => {
      const { is } = await leads.standing(ctx, slug);
      if (is !== 'own') throw invalid({ slug: [BAD_SLUG] });
      return leads.full(ctx, slug);
    },
    reply: (full, _, { account: { timeZone } }) =>
      done({
        ...lead.format(full),
        notes: full.notes.map(formatNote),
        appointments: full.appointments.map((one) => appointment.format({ ...one, lead: full, timeZone })),
      }),
  }),
];
