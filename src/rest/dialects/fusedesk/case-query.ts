import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { Sort } from '../../../domain/page';
import type { CaseQuery } from '../../../domain/support-case/case-search';
import { flag, list, period, periodOf, record, records, slice, words } from './codecs';

const STATUSES = ['all', 'new', 'open', 'active', 'closed'] as const;

const SORTS: Record<string, string> = {
  ...{ status: 'status', caseid: 'number', contactid: 'contactId', date_opened: 'openedAt' },
  ...{
    date_assigned: 'assignedAt',
    date_firstresponse: 'firstResponseAt',
    date_lastresponse: 'lastResponseAt',
  },
  ...{ date_updated: 'updatedAt', date_lastupdated: 'updatedAt', date_created: 'createdAt' },
  date_closed: 'closedAt',
};

const ORDER = /^([a-z_]+)(?:\s+(asc|desc))?$/i;
const SORTS_MAX = 5;

function sortOf(item: string): Sort | undefined {
  const [, field = '', direction = 'asc'] = ORDER.exec(item) ?? [];
  const key = SORTS[field.toLowerCase()];
  return key === undefined
    ? undefined
    : { field: key, direction: direction.toLowerCase() as Sort['direction'] };
}

const WRONG_ORDER = `orderby must be up to ${SORTS_MAX} fields with commas between them, each with asc or desc: ${Object.keys(SORTS).join(', ')}.`;

const orderby = list('orderby')
  .refine((items) => items.length <= SORTS_MAX && items.every((item) => sortOf(item)), WRONG_ORDER)
  .transform((items) => items.map((item) => sortOf(item) as Sort));

/** What a search for cases may be for. */
export const caseQuery = z.object({
  contactid: records('contactid').optional().describe('The contact, or a list of contacts.'),
  contactUuid: words('contactUuid').describe('The contact, by UUID.'),
  companyid: record('companyid').optional().describe('The company in a CRM.').meta({ 'x-record': false }),
  email: words('email').describe('E-mail address of the contact.'),
  from: words('from').describe('Part of who asked.'),
  subject: words('subject').describe('Part of the summary.'),
  status: z
    .preprocess(
      (given) => (typeof given === 'string' ? given.toLowerCase() : given),
      z.enum(STATUSES, `status must be one of ${STATUSES.join(', ')}.`),
    )
    .optional()
    .describe('How they stand; active is new or open.'),
  repid: record('repid').optional().describe('The rep.'),
  depid: record('depid').optional().describe('The department.'),
  createdByRep: record('createdByRep').optional().describe('The rep who made it.'),
  isArchived: flag('isArchived').optional().describe('Whether they are put away; all when not given.'),
  date_opened: period('date_opened').describe('When they were opened.'),
  date_assigned: period('date_assigned').describe('When department and rep got them.'),
  date_firstresponse: period('date_firstresponse').describe('When they were answered first.'),
  date_lastresponse: period('date_lastresponse').describe('When they were answered last.'),
  date_updated: period('date_updated').describe('When something was last heard of them.'),
  date_closed: period('date_closed').describe('When they were closed.'),
  date_created: period('date_created').describe('When they were made.'),
  orderby: orderby.optional().describe('Fields with asc or desc; the newest first when not given.'),
  ...slice,
});

/** A search in the domain's terms. */
export function searchOf(ctx: Context, query: z.infer<typeof caseQuery>): CaseQuery {
  const { contactid, contactUuid } = query;
  const contactIds = [
    ...(contactid ?? []),
    ...(contactUuid === undefined ? [] : [String(contactUuid).toLowerCase()]),
  ];
  return {
    ...(contactIds.length > 0 && { contactIds }),
    ...{ companyId: query.companyid, status: query.status, agentId: query.repid, teamId: query.depid },
    ...{ email: query.email as string, from: query.from as string, subject: query.subject as string },
    ...{ createdByAgentId: query.createdByRep, isArchived: query.isArchived, sort: query.orderby },
    opened: periodOf(ctx, query.date_opened),
    assigned: periodOf(ctx, query.date_assigned),
    firstResponse: periodOf(ctx, query.date_firstresponse),
    lastResponse: periodOf(ctx, query.date_lastresponse),
    updated: periodOf(ctx, query.date_updated),
    closed: periodOf(ctx, query.date_closed),
    created: periodOf(ctx, query.date_created),
    ...{ limit: query.limit, offset: query.offset },
  };
}
