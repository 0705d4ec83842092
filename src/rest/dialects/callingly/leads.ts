import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { AccountScope } from '../../../domain/context-seed';
import { invalid } from '../../../domain/error';
import type { Filter } from '../../../domain/filter';
import { leads } from '../../../domain/lead/lead.service';
import type { LeadDetail } from '../../../domain/lead/lead-lookup';
import { parsePhone } from '../../../domain/phone';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { day, queryPhone, seen, withinDays } from './codecs';
import { lead, listedLead } from './lead.fields';
import { done, doneOutput, NO_OBJECT, ok } from './replies';

const PATH = '/v1/leads';

const listQuery = z.object({
  start: day('start').describe('Only leads made from this day on, of the account’s zone.'),
  end: day('end').describe('Only leads made to this day, itself included.'),
  phone_number: queryPhone('phone_number').describe('Only leads with this number.'),
});

const params = z.object({ id: pathNumber.describe('The lead.') });

function phoneOf(text: string, { defaultCountry }: AccountScope): string {
  const phone = parsePhone(text, defaultCountry);
  if (!phone) throw invalid({ phone_number: ['The phone_number must be a phone number.'] });
  return phone;
}

function filterOf({ start, end, phone_number }: z.output<typeof listQuery>, account: AccountScope): Filter {
  return {
    createdAt: withinDays({ start, end }, account),
    ...(phone_number && { phone: { eq: phoneOf(phone_number, account) } }),
  };
}

async function* inWords(batches: AsyncIterable<LeadDetail[]>, ctx: Context) {
  for await (const batch of batches) yield batch.map((one) => listedLead.format(seen(one, ctx)));
}

/** Leads: list a range of days or those of a number, look at one, change and delete it. */
export const leadRoutes: Route[] = [
  route({
    operation: 'leads-list',
    method: 'GET',
    path: PATH,
    summary: 'List Leads: all of the range, newest first',
    query: listQuery,
    answer: z.array(listedLead.output()),
    run: async (ctx, { query }) => leads.stream(ctx, filterOf(query, ctx.account)),
    reply: (batches, _, ctx) => ok(inWords(batches, ctx)),
  }),
  route({
    operation: 'leads-get',
    method: 'GET',
    path: `${PATH}/{id}`,
    summary: 'Get Lead',
    params,
    answer: lead.output(),
    run: (ctx, { params: { id } }) => leads.detail(ctx, id),
    reply: (detail, _, ctx) => ok(lead.format(seen(detail, ctx))),
  }),
  route({
    operation: 'leads-update',
    method: 'PUT',
    path: `${PATH}/{id}`,
    summary: 'Update Lead; what is not given stays',
    params,
    body: lead.change(NO_OBJECT),
    answer: doneOutput.extend(lead.output().shape),
    wireNames: lead.wireNames,
    run: (ctx, { params: { id }, body }) => leads.updateDetail(ctx, id, body),
    reply: (detail, _, ctx) => ok({ success: true, ...lead.format(seen(detail, ctx)) }),
  }),
  route({
    operation: 'leads-delete',
    method: 'DELETE',
    path: `${PATH}/{id}`,
    summary: 'Delete Lead',
    params,
    answer: doneOutput,
    run: (ctx, { params: { id } }) => leads.delete(ctx, id),
    reply: done,
  }),
];
