import { z } from 'zod';
import type { Context } from '../../../domain/context';
import type { InboundMail } from '../../../domain/email/inbound-mail';
import { makeContactOfMail } from '../../../domain/email/inbound-match';
import { DomainError, invalid } from '../../../domain/error';
import { isEmail } from '../../../domain/field-kinds';
import type { CaseRecord } from '../../../domain/support-case/case-records';
import { spokenKind, supportCaseStatus } from '../../../domain/support-case/case-status';
import { supportCases } from '../../../domain/support-case/support-case.service';
import { type Route, route } from '../../dialect';
import { supportCase } from './case.fields';
import { CASE_PATH, caseParams, caseRefOf, shownCase, shownCases } from './case-ref';
import { flag, instantOf, list, record, requiredRecord, something, text, time, words } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

const answer = supportCase.output();

/** How a case stands, upper and lower case alike. */
export const status = z
  .preprocess(
    (given) => (typeof given === 'string' ? given.trim().toLowerCase() : given),
    z.enum(supportCaseStatus.values as ['new'], 'status must be one of new, open, closed.'),
  )
  .optional()
  .describe('How it stands: new, open or closed.');

/** In writing or on the phone. */
export const spoken = z
  .enum(spokenKind.values as ['note'], 'type must be note or call.')
  .optional()
  .describe('How it was said: note or call.');

const where = {
  contactid: record('contactid').optional().describe('The contact.'),
  contactUuid: words('contactUuid').describe('The contact, by UUID.'),
  companyid: record('companyid').optional().describe('The company in a CRM.').meta({ 'x-record': false }),
};

const creation = z.object({
  depid: requiredRecord('depid').describe('The department.'),
  summary: text('summary').describe('What it is about, in a line.'),
  details: text('details').describe('What was asked.'),
  openedby: text('openedby').describe('Who asked.'),
  repid: record('repid').optional().describe('The rep; one of the department by chance when there is none.'),
  status,
  date_opened: time('date_opened').optional().describe('When it was opened; now when not given.'),
  date_assigned: time('date_assigned').optional().describe('When department and rep got it.'),
  date_updated: time('date_updated').optional().describe('Checked and not kept: the server knows.'),
  type: spoken,
  ...where,
  email: words('email').describe('E-mail address of the contact, who is made when unknown.'),
  casetags: list('casetags').optional().describe('Ids or names of case tags.'),
});

const change = something(
  z.object({
    summary: words('summary').describe('What it is about, in a line.'),
    details: words('details').describe('What was asked.'),
    status,
    repid: record('repid').optional().describe('The rep.'),
    depid: record('depid').optional().describe('The department.'),
    ...where,
  }),
);

const wireNames = new Map([
  ...([
    ['teamId', 'depid'],
    ['agentId', 'repid'],
    ['contactId', 'contactid'],
    ['companyId', 'companyid'],
  ] as const),
  ...([
    ['openedBy', 'openedby'],
    ['openedAt', 'date_opened'],
    ['assignedAt', 'date_assigned'],
  ] as const),
  ...([
    ['tagIds', 'casetags'],
    ['tagNames', 'casetags'],
    ['tagId', 'tagid'],
    ['snoozedUntil', 'snooze'],
  ] as const),
  ...([['ids', 'caseids']] as const),
]);

interface GivenPlace {
  repid?: number | undefined;
  depid?: number | undefined;
  contactid?: number | undefined;
  contactUuid?: unknown;
  companyid?: number | undefined;
}

/** What is given, by the names of the domain. */
function placeOf({ repid, depid, contactid, contactUuid, companyid }: GivenPlace): Record<string, unknown> {
  const named = { agentId: repid, teamId: depid, contactId: contactid ?? contactUuid, companyId: companyid };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

async function contactOf(ctx: Context, email: string, openedby: string): Promise<{ contactId?: string }> {
  if (!isEmail(email)) throw invalid({ email: ['email must be an e-mail address like ann@example.com.'] });
  const from = { address: email, name: openedby.includes('@') ? null : openedby };
  // Who may make cases may say whose they are.
  const contact = await makeContactOfMail(ctx.asSystem('fusedesk'), { from } as InboundMail);
  return contact ? { contactId: contact.id } : {};
}

async function create(ctx: Context, given: z.infer<typeof creation>): Promise<CaseRecord> {
  const { summary, details, openedby, email, casetags = [], date_opened, date_assigned } = given;
  const isId = (tag: string) => /^\d{1,10}$/.test(tag);
  return ctx.transaction(async (tx) => {
    const place = placeOf(given);
    const contact =
      email !== undefined && place.contactId === undefined
        ? await contactOf(tx, String(email), String(openedby))
        : {};
    const input = {
      ...{ summary, details, openedBy: openedby, status: given.status, openingKind: given.type },
      ...{ ...place, ...contact },
      ...(date_opened && { openedAt: instantOf(tx, date_opened) }),
      ...(date_assigned && { assignedAt: instantOf(tx, date_assigned) }),
      ...{ tagIds: casetags.filter(isId).map(Number), tagNames: casetags.filter((tag) => !isId(tag)) },
    };
    return shownCase(tx, await supportCases.create(tx, input, { isAgentLoose: true }));
  });
}

const bulk = z.object({
  caseids: z
    .preprocess((given) => given ?? [], list('caseids'))
    .refine((ids) => (ids as string[]).length > 0, 'The parameter caseids is required.')
    .describe('Ids or case numbers, with commas between them.')
    .meta({ type: 'string' }),
  repid: record('repid').optional().describe('The rep who gets them.'),
  depid: record('depid').optional().describe('The department that gets them.'),
  status,
  tagid: record('tagid').optional().describe('A case tag to put on them.'),
  snooze: time('snooze').optional().describe('Until when they are out of sight.'),
  merge: flag('merge').optional().describe('Whether they are merged into the oldest of them, for good.'),
  crmTagId: words('crmTagId').describe('Not supported: there is no CRM behind this server.'),
  crmAutomationId: words('crmAutomationId').describe('Not supported: there is no CRM behind this server.'),
});

async function updateMany(ctx: Context, given: z.infer<typeof bulk>): Promise<CaseRecord[]> {
  const { caseids, status: wanted, tagid, snooze, merge, crmTagId, crmAutomationId } = given;
  for (const [name, value] of Object.entries({ crmTagId, crmAutomationId })) {
    if (value !== undefined) throw invalid({ [name]: [`${name} is not supported: there is no CRM here.`] });
  }
  const input = {
    ...{ ...placeOf(given), status: wanted, tagId: tagid, isMerging: merge },
    ...(snooze && { snoozedUntil: instantOf(ctx, snooze) }),
  };
  if (Object.values(input).every((value) => value === undefined || value === false))
    throw new DomainError('INVALID', 'One of repid, depid, status, tagid, snooze and merge is required.');
  const refs = await Promise.all((caseids as string[]).map((one) => caseRefOf(ctx, one)));
  return shownCases(ctx, await supportCases.updateMany(ctx, refs, input as never));
}

/** Making and changing cases. */
export const caseWriteRoutes: Route[] = [
  permitting(
    'cases_create',
    route({
      operation: 'cases-create',
      method: 'POST',
      path: '/api/v1/cases',
      summary: 'Create a case',
      body: creation,
      ...{ answer, wireNames },
      run: (ctx, { body }) => create(ctx, body),
      reply: (made) => ok(supportCase.format(made)),
    }),
  ),
  permitting(
    'cases_update',
    route({
      operation: 'cases-update-many',
      method: 'POST',
      path: '/api/v1/cases/update',
      summary: 'Change several cases at once, all or none',
      query: bulk,
      answer: z.array(answer),
      wireNames,
      run: (ctx, { query }) => updateMany(ctx, query),
      reply: (records) => ok(records.map((one) => supportCase.format(one))),
    }),
  ),
  permitting(
    'cases_update',
    route({
      operation: 'cases-update',
      method: 'POST',
      path: CASE_PATH,
      summary: 'Change a case, assign it, or link it to a contact',
      params: caseParams,
      body: change,
      ...{ answer, wireNames },
      run: async (ctx, { params: { caseId }, body }) => {
        const { summary, details, status: wanted } = body;
        const input = { summary, details, status: wanted, ...placeOf(body) };
        return shownCase(ctx, await supportCases.update(ctx, await caseRefOf(ctx, caseId), input));
      },
      reply: (changed) => ok(supportCase.format(changed)),
    }),
  ),
];
