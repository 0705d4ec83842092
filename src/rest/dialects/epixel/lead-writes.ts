import { z } from 'zod';
import { accounts } from '../../../domain/account/account.service';
import { agentByUsername } from '../../../domain/agent/agent-session.service';
import type { Context } from '../../../domain/context';
import { type DomainError, invalid } from '../../../domain/error';
import { leads } from '../../../domain/lead/lead.service';
import { parsePhone } from '../../../domain/phone';
import { type Route, route } from '../../dialect';
import { answerWith, done, emptyAnswer } from './answers';
import { BAD_PHONE, notAChoice, words } from './codecs';
import { cannot } from './errors';
import { lead } from './lead.fields';
import { CREATE_LEAD, pathsOf } from './paths';

type Draft = Record<string, unknown>;

const NO_BODY = 'Body data not found.';
const NOT_FOUND = 'Requested lead not found.';
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

/** Creating, changing and deleting leads. */
export const leadWriteRoutes: Route[] = [
  route({
    ...CREATE_LEAD,
    operation: 'leads-create',
    method: 'POST',
    summary: 'Create lead',
    body: lead.creation(NO_BODY),
    answer: answerWith(lead.output()),
    wireNames: lead.wireNames,
    run: async (ctx, { body }) => {
      const { number } = await leads.create(ctx, await resolve(ctx, body), { onDuplicate: 'allow' });
      return leads.listed(ctx, number);
    },
    reply: (row) => done(lead.format(row)),
  }),
  route({
    ...pathsOf('update/lead'),
    operation: 'leads-update',
    method: 'POST',
    summary: 'Update lead',
    body: lead.creation(NO_BODY, { slug }),
    answer: answerWith(lead.output()),
    wireNames: lead.wireNames,
    run: async (ctx, { body: { slug: given, ...draft } }) => {
      const missing = cannot('Requested lead does not esixt.');
      const others = cannot('You are not owner of this lead.');
      const { id } = await leadToChange(ctx, String(given), { missing, deleted: missing, others });
      await leads.update(ctx, id, await resolve(ctx, draft));
      return leads.listed(ctx, id);
    },
    reply: (row) => done(lead.format(row)),
  }),
  route({
    ...pathsOf('delete/lead'),
    operation: 'leads-delete',
    method: 'POST',
    summary: 'Delete lead',
    body: z.object({ slug }, { error: NO_BODY }),
    answer: emptyAnswer,
    run: async (ctx, { body }) => {
      const { id } = await ownLead(ctx, body.slug as string, "You can't delete this lead.");
      return leads.delete(ctx, id);
    },
    reply: () => done(),
  }),
];
