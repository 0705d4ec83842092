import type { Context } from '../context';
import { type DueOptions, workDue } from '../due';
import type { Email } from '../email/email.entity';
import { emails } from '../email/email.service';
import type { Rendered } from '../template';
import { fillCaseTemplate } from '../template/case-template';
import { Template } from '../template/template.entity';
import { shorten } from '../text';
import { replyAddressOf } from './case-address';
import { actorAuthor } from './case-author';
import { changeCase } from './case-change';
import { partsOf } from './case-parts';
import { feedbackToken } from './feedback-link';
import { SupportCase } from './support-case.entity';

const SUBJECT_MAX = 400;

/** What is sent where a team has no template of its own. */
const OWN_BODY = `Hello{% if contact.first_name != '' %} {{ contact.first_name }}{% endif %},

how did we do with “{{ case.summary }}”? Please tell us here:
{{ feedback_url }}

{{ team.name }}`;

const OWN_SUBJECT = 'How did we do? [{{ case.number }}]';

const oneLine = (text: string) => text.replace(/[\r\n]+/g, ' ');

/** Writes the e-mail that asks for feedback; undefined when there is nobody to ask, or the template cannot be filled in. */
async function sendRequest(ctx: Context, one: SupportCase, publicUrl: string): Promise<Email | string> {
  const parts = await partsOf(ctx, one);
  const { contact, team } = parts;
  if (!contact?.email) return 'Nobody to ask: the contact has no e-mail address';
  const token = feedbackToken(ctx.vault, { accountId: ctx.account.id, caseId: one.id });
  const feedbackUrl = `${publicUrl}/feedback/${token}`;
  const template = team?.feedbackTemplateId
    ? await ctx.repo(Template).find(team.feedbackTemplateId)
    : undefined;
  const [filled, subject] = [template?.body ?? OWN_BODY, template?.subject || OWN_SUBJECT].map((source) =>
    fillCaseTemplate(source, { ...parts, feedbackUrl }),
  ) as [Rendered, Rendered];
  if ('problem' in filled) return `The template ${template?.name ?? ''} ${filled.problem}`;
  if ('problem' in subject) return `The subject of the template ${template?.name ?? ''} ${subject.problem}`;
  const text = filled.text.includes(feedbackUrl) ? filled.text : `${filled.text}\n\n${feedbackUrl}`;
  return emails.send(ctx, {
    ...{
      to: [contact.email],
      text,
      from: team?.replyAddress,
      fromName: team?.replyAddress ? team.name : null,
    },
    replyTo: team ? replyAddressOf(ctx, team, one) : null,
    subject: shorten(oneLine(subject.text), SUBJECT_MAX),
  });
}

/** Sends the requests for feedback whose time has come, in every account; any number of processes may. Answers how many. */
export function sendDueFeedback(publicUrl: string, options: DueOptions): Promise<number> {
  return workDue({ table: 'support_case', column: 'feedback_send_at' }, options, async (ctx, id) => {
    await ctx.transaction(async (tx) => {
      const before = await tx.repo(SupportCase).lockIfThere(id);
      if (!before?.isFeedbackWanted || !before.feedbackSendAt) return;
      const sent = await sendRequest(tx, before, publicUrl);
      const isSent = typeof sent !== 'string';
      await changeCase(tx, before, {
        author: actorAuthor(tx),
        values: {
          feedbackSendAt: null,
          ...(isSent && { feedbackRequestedAt: before.feedbackRequestedAt ?? tx.instant() }),
        },
        entries: [
          isSent
            ? {
                kind: 'feedback',
                title: `Asked ${sent.to.join(', ')}`,
                body: sent.text ?? '',
                emailId: sent.id,
              }
            : { kind: 'feedback', title: sent },
        ],
      });
    });
    return null;
  });
}
