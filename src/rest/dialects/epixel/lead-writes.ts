import { z } from 'zod';
import { accounts } from '../../../domain/account/account.service';
import { agentByUsername } from '../../../domain/agent/agent-session.service';
import type { Context } from '../../../domain/context';
import { type DomainError, invalid } from '../../../domain/error';
import { leads } from '../../../domain/lead/lead.service';
import { parsePhone } from '../../../domain/phone';
import { type Route, route } from '../../dialect';
import { answerWith, done, emptyAnswer } from './answers';
import { anyFields, BAD_PHONE, notAChoice, REQUIRED, words } from './codecs';
import { cannot, failed, ofOthers } from './errors';
import { lead } from './lead.fields';
import { CREATE_LEAD, pathsOf } from './paths';
import { notFoundAs } from './refusals';

type Draft = Record<string, unknown>;

const NOT_FOUND = 'Requested lead not found.';
const MISSING = 'Requested lead does not esixt.';
const NOT_OWNER = 'You are not owner of this lead.';
const NOT_TO_DELETE = "You can't delete this lead.";
const DELETED = 'Requested lead already has a deleted status.';

const slug = words({ max: 258 }).describe('The lead.');

/** The number as E.164: by the account's country where it can be one there, else as if it had its country's code. */
function phoneOf(ctx: Context, given: unknown): string {
  const phone = parsePhone(String(given), ctx.account.defaultCountry) ?? parsePhone(`+${given}`, 'US');
  if (!phone) throw invalid({ phone: [BAD_PHONE] });
  return phone;
}

/** The draft with what the vendor names by words: the source, and the assignee by username. */
async function resolve(ctx: Context, { assignee, phone, source, ...draft }: Draft): Promise<Draft> {
  if (source && !(await accounts.leadSources(ctx)).includes(String(source))) {
    throw invalid({ source: [notAChoice(source)] });
  }
  const agent = assignee === undefined ? undefined : await agentByUsername(ctx, String(assignee));
  if (assignee !== undefined && !agent) throw invalid({ assignee: ['Assignee not found.'] });
  return {
    ...draft,
    phone: phoneOf(ctx, phone),
    ...(source !== undefined && { source: source || null }),
    ...(agent && { assigneeId: agent.id }),
  };
}

/** The lead of a slug that is there to be worked, or the failure of {@link refusals}, in the operation's words. */
async function leadToChange(
  ctx: Context,
  given: string,
  refusals: Record<'missing' | 'deleted' | 'others', DomainError>,
) {
  const standing = await leads.standing(ctx, given);
  if (standing.is === 'own') return standing.lead;
  throw refusals[standing.is];
}

/** The lead that a note is put on, or that is deleted. */
export function ownLead(ctx: Context, given: string, ofOthers: string) {
  return leadToChange(ctx, given, {
    missing: invalid({ slug: [NOT_FOUND] }),
    deleted: invalid({ slug: [DELETED] }),
    others: cannot(ofOthers),
  });
}

/** The answer when the lead of {@link ownLead} has been deleted by the time that it is written. */
export const deletedMeanwhile = notFoundAs('slug', DELETED);

/** Creating, changing and deleting leads. */
export const leadWriteRoutes: Route[] = [
  route({
    ...CREATE_LEAD,
    operation: 'leads-create',
    method: 'POST',
    summary: 'Create lead',
    body: anyFields(lead.creation(REQUIRED)),
    answer: answerWith(lead.output()),
    wireNames: lead.wireNames,
    run: async (ctx, { body }) => leads.createListed(ctx, await resolve(ctx, body), { onDuplicate: 'allow' }),
    reply: (row) => done(lead.format(row)),
  }),
  route({
    ...pathsOf('update/lead'),
    operation: 'leads-update',
    method: 'POST',
    summary: 'Update lead',
    body: anyFields(lead.creation(REQUIRED, { slug })),
    answer: answerWith(lead.output()),
    wireNames: lead.wireNames,
    // What is refused here was true of the lead only since its standing was looked up.
    errors: { NOT_FOUND: () => failed(MISSING), ...ofOthers(NOT_OWNER) },
    run: async (ctx, { body: { slug: given, ...draft } }) => {
      const missing = cannot(MISSING);
      const others = cannot(NOT_OWNER);
      const { id } = await leadToChange(ctx, String(given), { missing, deleted: missing, others });
      return leads.updateListed(ctx, id, await resolve(ctx, draft));
    },
    reply: (row) => done(lead.format(row)),
  }),
  route({
    ...pathsOf('delete/lead'),
    operation: 'leads-delete',
    method: 'POST',
    summary: 'Delete lead',
    body: anyFields(z.object({ slug })),
    answer: emptyAnswer,
    errors: { ...deletedMeanwhile, ...ofOthers(NOT_TO_DELETE) },
    run: async (ctx, { body }) => {
      const { id } = await ownLead(ctx, body.slug as string, NOT_TO_DELETE);
      return leads.delete(ctx, id);
    },
    reply: () => done(),
  }),
];
