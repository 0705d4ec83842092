import { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import { EMAIL_BODY_MAX, EMAIL_SUBJECT_MAX, type Email } from '../email/email.entity';
import { emails } from '../email/email.service';
import type { RowRef } from '../entity';
import { invalid } from '../error';
import { EmailField, EmailListField, EnumField, ReferenceField, TextField } from '../field';
import { checkReferences, parseInput } from '../input';
import { Team } from '../team/team.entity';
import { Template } from '../template/template.entity';
import { shorten } from '../text';
import { replyAddressOf } from './case-address';
import { authorOf } from './case-author';
import { changeCase } from './case-change';
import { moveStatus } from './case-feedback-plan';
import { correspondenceOf } from './case-mails';
import { writtenText } from './case-note';
import { type SupportCaseStatus, supportCaseStatus } from './case-status';
import { responseTimes } from './case-status.rules';
import { htmlOfText } from './html-text';
import { SupportCase } from './support-case.entity';

const OPTIONAL = { inputOnly: true, nullable: true } as const;

/** An answer to a case by e-mail. */
export class ReplyToCase {
  @TextField('What is answered, in plain text. Not needed with a template.', {
    ...{ ...OPTIONAL, max: 100_000 },
  })
  body?: string | null;

  @TextField('The same as HTML; made of the text when not given.', { ...OPTIONAL, max: 100_000 })
  html?: string | null;

  @TextField('What the e-mail is about; the summary of the case when not given.', {
    ...{ ...OPTIONAL, max: EMAIL_SUBJECT_MAX - 20 },
  })
  subject?: string | null;

  @EmailListField('Whom it is to; the contact, or who wrote last, when not given.', { inputOnly: true })
  to?: string[];

  @EmailListField('Who gets a copy.', { inputOnly: true })
  cc?: string[];

  @EmailListField('Who gets a copy and is not shown.', { inputOnly: true })
  bcc?: string[];

  @EmailField('Whom it is from; the team’s address when not given.', OPTIONAL)
  from?: string | null;

  @ReferenceField(() => Template, 'A template that makes it; the team’s own when not given.', OPTIONAL)
  templateId?: string | null;

  @EnumField(supportCaseStatus, 'How the case stands from now on; open when not given.', OPTIONAL)
  status?: SupportCaseStatus | null;

  @ReferenceField(() => Agent, 'The agent who writes; the key when none is given.', OPTIONAL)
  authorId?: string | null;
}

/** `Re: Printer on fire [BCDF1234]`: the number brings an answer back to the case. */
function replySubject(summary: string, caseNumber: string): string {
  const plain = summary.replace(/[\r\n]+/g, ' ').replace(/^(re:\s*)+/i, '');
  const tail = plain.includes(caseNumber) ? '' : ` [${caseNumber}]`;
  return `Re: ${shorten(plain, EMAIL_SUBJECT_MAX - 20)}${tail}`;
}

/** The e-mail of a reply: whom it is to, what it says, and how its answers come back. */
async function sendReply(ctx: Context, one: SupportCase, reply: ReplyToCase): Promise<Email> {
  const team = await ctx.repo(Team).find(one.teamId);
  const mails = await correspondenceOf(ctx, one);
  const to = reply.to?.length ? reply.to : mails.customer ? [mails.customer] : [];
  if (to.length === 0) throw invalid({ to: ['Nobody of the case has an e-mail address: give one.'] });
  const templateId = reply.templateId ?? team?.replyTemplateId ?? null;
  const { text, subject } = await writtenText(ctx, one, {
    ...{ text: reply.body ?? '', authorId: reply.authorId, field: 'body' },
    templateId: templateId && (await ctx.repo(Template).find(templateId)) ? templateId : null,
  });
  const from = reply.from ?? team?.replyAddress;
  const footer = team?.footerHtml ?? '';
  const isHtml = reply.html != null || footer !== '';
  const html = (reply.html ?? htmlOfText(text)) + (footer && `\n${footer}`);
  if (isHtml && html.length > EMAIL_BODY_MAX) throw invalid({ html: ['The reply is too long.'] });
  // Who may work cases may answer them.
  return emails.send(ctx.asSystem('support'), {
    ...{ to, cc: reply.cc ?? [], bcc: reply.bcc ?? [], text, from, fromName: (from && team?.name) || null },
    ...{ html: isHtml ? html : null, replyTo: team ? replyAddressOf(ctx, team, one) : null },
    subject: replySubject(reply.subject ?? subject ?? one.summary, one.caseNumber),
    ...{ inReplyTo: mails.lastMessageId, references: mails.messageIds },
  });
}

/** Answers a case by e-mail in the open transaction. Throws INVALID and NOT_FOUND. */
export async function replyToCase(ctx: Context, id: RowRef, input: object): Promise<SupportCase> {
  const draft = parseInput(ctx, ReplyToCase, 'create', input);
  const before = await ctx.repo(SupportCase).lock(id);
  await checkReferences(ctx, ReplyToCase, draft);
  const reply = draft as ReplyToCase;
  const author = await authorOf(ctx, reply.authorId);
  const email = await sendReply(ctx, before, reply);
  const step = await moveStatus(ctx, before, reply.status ?? 'open');
  return changeCase(ctx, before, {
    author,
    values: { ...step.values, ...responseTimes(before, ctx.instant()) },
    entries: [
      { kind: 'reply', title: `To ${email.to.join(', ')}`, body: email.text ?? '', emailId: email.id },
      ...step.entries,
    ],
    verbs: ['replied', ...step.verbs],
  });
}
