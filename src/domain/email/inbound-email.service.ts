import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import { type Crud, crud, saveChanges } from '../crud';
import type { RowRef } from '../entity';
import { DomainError } from '../error';
import { EnumField, ReferenceField, TextField } from '../field';
import { checkReferences, parseInput } from '../input';
import type { Page, PageRequest } from '../page';
import { contactAuthor } from '../support-case/case-author';
import { createCase } from '../support-case/case-create';
import { type SupportCaseStatus, supportCaseStatus } from '../support-case/case-status';
import { CASE_SUMMARY_MAX, CASE_TEXT_MAX, SupportCase } from '../support-case/support-case.entity';
import { Team } from '../team/team.entity';
import { shorten } from '../text';
import { Email } from './email.entity';
import { InboundEmail } from './inbound-email.entity';
import type { InboundMail } from './inbound-mail';
import { makeContactOfMail } from './inbound-match';
import {
  type UnassignedQuery,
  type UnassignedRecord,
  unassignedPage,
  unassignedRecords,
} from './inbound-queue';
import { landOnCase } from './inbound-take';

const OPTIONAL = { inputOnly: true, nullable: true } as const;

/** A case that is made of an e-mail. */
export class CaseOfEmail {
  @ReferenceField(() => Team, 'The team that gets it.', { inputOnly: true, required: true })
  teamId!: string;

  @ReferenceField(() => Agent, 'The agent who gets it; one of the team by chance when not given.', OPTIONAL)
  agentId?: string | null;

  @TextField('What it is about; the subject when not given.', { ...OPTIONAL, max: CASE_SUMMARY_MAX })
  summary?: string | null;

  @EnumField(supportCaseStatus, 'How it stands; new when not given.', OPTIONAL)
  status?: SupportCaseStatus | null;
}

const base: Pick<Crud<InboundEmail>, 'get' | 'page'> = crud(InboundEmail);

/** Locks an e-mail that belongs to no case. Throws NOT_FOUND, and CONFLICT for one that does. */
async function lockFree(ctx: Context, id: RowRef): Promise<InboundEmail> {
  const one = await ctx.repo(InboundEmail).lock(id);
  if (one.caseId) throw new DomainError('CONFLICT', 'The e-mail belongs to a case already.');
  return one;
}

const senderOf = ({ from, fromName }: Email): Pick<InboundMail, 'from'> => ({
  from: from ? { address: from, name: fromName } : null,
});

async function contactIdOf(ctx: Context, email: Email, own?: string | null): Promise<string | null> {
  const contact = await makeContactOfMail(ctx, senderOf(email) as InboundMail, own);
  return contact?.id ?? null;
}

async function change<T>(ctx: Context, work: (tx: Context) => Promise<T>): Promise<T> {
  ctx.require('inboundEmails:write');
  return ctx.transaction(work);
}

function settle(ctx: Context, id: RowRef, status: 'closed' | 'spam' | 'unassigned'): Promise<InboundEmail> {
  return change(ctx, async (tx) => saveChanges(tx, InboundEmail, await lockFree(tx, id), { status }));
}

/** E-mails that came in, and the queue of those that belong to no case. */
export const inboundEmails = {
  get: base.get,
  page: base.page,

  /** One page of the e-mails that nobody has taken, by parts of sender, subject and text. */
  async unassigned(
    ctx: Context,
    query: UnassignedQuery,
    request: Omit<PageRequest, 'filter' | 'sort'> = {},
  ): Promise<Page<InboundEmail>> {
    ctx.require('inboundEmails:read');
    return unassignedPage(ctx, query, request);
  },

  /** The same by offset, each with its e-mail. */
  async unassignedRecords(
    ctx: Context,
    query: UnassignedQuery,
    slice: { limit: number; offset: number; direction?: 'asc' | 'desc' },
  ): Promise<UnassignedRecord[]> {
    ctx.require('inboundEmails:read');
    return unassignedRecords(ctx, query, slice);
  },

  /** Puts an e-mail into the history of a case, which is new again. Throws NOT_FOUND and CONFLICT. */
  assign: (ctx: Context, id: RowRef, caseId: RowRef): Promise<InboundEmail> =>
    change(ctx, async (tx) => {
      const before = await lockFree(tx, id);
      const target = await tx.repo(SupportCase).lock(caseId);
      if (target.mergedIntoId) throw new DomainError('CONFLICT', 'The case was merged into another.');
      const email = await tx.repo(Email).get(before.emailId);
      const contactId = await contactIdOf(tx, email, target.contactId);
      await landOnCase(tx, target, email, contactId);
      return saveChanges(tx, InboundEmail, before, { status: 'assigned', caseId: target.id, contactId });
    }),

  /** Makes a case of an e-mail; its sender is the contact. Throws INVALID, NOT_FOUND and CONFLICT. */
  toCase: (ctx: Context, id: RowRef, input: object): Promise<SupportCase> =>
    change(ctx, async (tx) => {
      const draft = parseInput(tx, CaseOfEmail, 'create', input);
      const before = await lockFree(tx, id);
      await checkReferences(tx, CaseOfEmail, draft);
      const { teamId, agentId, summary, status } = draft as unknown as CaseOfEmail;
      const email = await tx.repo(Email).get(before.emailId);
      const contactId = await contactIdOf(tx, email);
      const name = email.fromName ?? email.from ?? 'nobody';
      const made = await createCase(
        tx,
        {
          ...{ teamId, contactId, openedBy: shorten(name, 255), ...(agentId && { agentId }) },
          ...{ summary: summary || email.subject || '(no subject)', ...(status && { status }) },
          details: shorten(email.text ?? '', CASE_TEXT_MAX),
        },
        {
          ...(contactId && { author: contactAuthor({ id: contactId, name, email: email.from }) }),
          opening: { kind: 'email', title: email.subject, body: email.text ?? '', emailId: email.id },
        },
      );
      await saveChanges(tx, InboundEmail, before, { status: 'assigned', caseId: made.id, contactId });
      return made;
    }),

  /** Nothing is to be done about it. Throws CONFLICT for one that belongs to a case. */
  close: (ctx: Context, id: RowRef) => settle(ctx, id, 'closed'),

  /** Nobody wanted it. Throws CONFLICT for one that belongs to a case. */
  markSpam: (ctx: Context, id: RowRef) => settle(ctx, id, 'spam'),

  /** Back among those that nobody has taken. */
  reopen: (ctx: Context, id: RowRef) => settle(ctx, id, 'unassigned'),
};
