import { Agent } from '../agent/agent.entity';
import type { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import { invalid } from '../error';
import { EnumField, ReferenceField } from '../field';
import { checkReferences, parseInput } from '../input';
import { actorAuthor, contactAuthor } from '../support-case/case-author';
import { changeCase } from '../support-case/case-change';
import { createCase } from '../support-case/case-create';
import { lockMerged } from '../support-case/case-follow';
import { type SupportCaseStatus, supportCaseStatus } from '../support-case/case-status';
import { applyDraft } from '../support-case/case-update';
import { CASE_TEXT_MAX, type SupportCase } from '../support-case/support-case.entity';
import { Team } from '../team/team.entity';
import { shorten } from '../text';
import type { Chat } from './chat.entity';

const OPTIONAL = { inputOnly: true, nullable: true } as const;

/** Where a chat goes when it is over. */
export class CloseChat {
  @ReferenceField(() => Team, 'The team of the case; the chat’s own when not given.', OPTIONAL)
  teamId?: string | number | null;

  @ReferenceField(() => Agent, 'The agent of the case; the chat’s own when not given.', OPTIONAL)
  agentId?: string | number | null;

  @EnumField(supportCaseStatus, 'How the case stands; new when not given.', OPTIONAL)
  status?: SupportCaseStatus | null;
}

const TRANSCRIPT_MAX = 200_000;

const TRANSCRIPT = `
select string_agg(to_char(created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' '
  || coalesce(nullif(sender_name, ''), sender) || ': ' || body, E'\\n' order by id) as text
from chat_message where account_id = $1 and chat_id = $2`;

/** What was said, a line for each message with its time in UTC; a long one is cut. */
async function transcriptOf(ctx: Context, chatId: string): Promise<string> {
  const [row] = await ctx.query<{ text: string | null }>(TRANSCRIPT, [ctx.account.id, chatId], 'transcript');
  return shorten(row?.text ?? '', TRANSCRIPT_MAX);
}

const given = (values: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value != null));

/** The case that a chat becomes, or the one it belongs to with the transcript in its history; in the open transaction. */
export async function caseOfChat(
  ctx: Context,
  chat: Chat,
  contact: Contact | undefined,
  input: object,
): Promise<SupportCase> {
  const draft = parseInput(ctx, CloseChat, 'create', input);
  await checkReferences(ctx, CloseChat, draft);
  const { teamId, agentId, status } = draft as CloseChat;
  const body = await transcriptOf(ctx, chat.id);
  const entry = { kind: 'chat' as const, title: shorten(chat.title, 255), body, chatId: chat.id };
  const author = contact ? contactAuthor(contact) : actorAuthor(ctx);
  const known = chat.caseId ? await lockMerged(ctx, chat.caseId) : undefined;
  if (known) {
    const noted = await changeCase(ctx, known, { author, entries: [entry], verbs: ['noted'] });
    return applyDraft(ctx, noted, given({ teamId, agentId, status }));
  }
  const team = teamId ?? chat.teamId;
  if (!team) throw invalid({ teamId: ['The chat has no team: give the one that gets the case.'] });
  const openedBy = chat.clientName || contact?.name || contact?.email || chat.platform;
  const values = given({ agentId: agentId ?? chat.agentId, status, contactId: contact?.id });
  return createCase(
    ctx,
    { ...values, teamId: team, summary: chat.title, details: shorten(body, CASE_TEXT_MAX), openedBy },
    { author, opening: entry },
  );
}
