import { z } from 'zod';
import type { Agent } from '../../../domain/agent/agent.entity';
import { Chat } from '../../../domain/chat/chat.entity';
import type { ChatMessage } from '../../../domain/chat/chat-message.entity';
import type { Contact } from '../../../domain/contact/contact.entity';
import type { Context } from '../../../domain/context';
import { attach } from '../../../domain/related';
import { CaseEntry } from '../../../domain/support-case/case-entry.entity';
import type { SupportCase } from '../../../domain/support-case/support-case.entity';
import type { Team } from '../../../domain/team/team.entity';
import { fieldMap } from '../../field-map';
import { record, text, timeOrNull, timeOutput, wholeNumber, wireTime } from './codecs';

/** A chat with what it shows. */
export type ChatRecord = Chat & {
  contact: Contact | null;
  supportCase: SupportCase | null;
  agent: Agent | null;
  team: Team | null;
  /** The entry of the case's history that it became. */
  entryNumber: number | null;
};

async function entryNumberOf(ctx: Context, { id, caseId, closedAt }: Chat): Promise<number | null> {
  if (!closedAt) return null;
  return (await ctx.repo(CaseEntry).findBy({ caseId, chatId: id }))?.number ?? null;
}

/** The chats with what they show. */
export async function chatRecords(ctx: Context, found: Chat[]): Promise<ChatRecord[]> {
  let chats = found;
  if (chats.length === 0) return [];
  for (const name of ['contact', 'supportCase', 'agent', 'team'] as const)
    chats = await attach(ctx, Chat, chats, name);
  const records = chats.map(async (chat) => ({ ...chat, entryNumber: await entryNumberOf(ctx, chat) }));
  return (await Promise.all(records)) as ChatRecord[];
}

/** One of {@link chatRecords}. */
export async function chatRecord(ctx: Context, chat: Chat): Promise<ChatRecord> {
  const [one] = await chatRecords(ctx, [chat]);
  return one as ChatRecord;
}

const nullableInt = z.int().nullable();
const moment = timeOutput.nullable();

/** A chat in the vendor's words. */
export const chat = fieldMap<ChatRecord>()({
  id: { about: 'Identifier.', format: ({ id }) => id, output: z.string() },
  title: { about: 'What it is about.', key: 'title', parse: text('title'), output: z.string() },
  platform: { about: 'Where it is held.', key: 'platform', output: z.string() },
  clientName: { about: 'Who asks.', key: 'clientName', parse: text('clientName'), output: z.string() },
  contactId: { about: 'The contact.', format: (one) => one.contact?.number, output: nullableInt },
  contactUuid: {
    about: 'The contact.',
    key: 'contactId',
    parse: text('contactUuid'),
    output: z.string().nullable(),
  },
  caseId: {
    about: 'The case.',
    key: 'caseId',
    parse: record('caseId'),
    format: ({ supportCase }) => supportCase?.number,
    output: nullableInt,
  },
  repId: {
    about: 'The rep.',
    key: 'agentId',
    parse: record('repId'),
    format: ({ agent }) => agent?.number,
    output: nullableInt,
  },
  departmentId: {
    about: 'The department.',
    key: 'teamId',
    parse: record('departmentId'),
    format: ({ team }) => team?.number,
    output: nullableInt,
  },
  noteId: { about: 'The entry of the history that it became.', key: 'entryNumber', output: nullableInt },
  unseen: {
    about: 'How many messages nobody has looked at.',
    key: 'unseen',
    parse: wholeNumber('unseen', { max: 1_000_000 }),
    output: z.int(),
  },
  lastMessage: { about: 'The last message.', key: 'lastMessage', output: z.string().nullable() },
  lastMessageSender: { about: 'Who wrote it.', key: 'lastMessageSender', output: z.string().nullable() },
  isArchived: {
    about: 'Whether it is over.',
    format: ({ closedAt }) => closedAt !== null,
    output: z.boolean(),
  },
  dateCreated: {
    about: 'When it began.',
    format: ({ createdAt }) => wireTime(createdAt),
    output: timeOutput,
  },
  dateClosed: {
    about: 'When it was closed.',
    format: ({ closedAt }) => timeOrNull(closedAt),
    output: moment,
  },
  dateLastMessage: {
    about: 'When the last message was written.',
    format: ({ lastMessageAt }) => timeOrNull(lastMessageAt),
    output: moment,
  },
  dateLastMessageReceived: {
    about: 'When the client wrote last.',
    format: ({ lastMessageReceivedAt }) => timeOrNull(lastMessageReceivedAt),
    output: moment,
  },
  dateLastResponse: {
    about: 'When a rep wrote last.',
    format: ({ lastResponseAt }) => timeOrNull(lastResponseAt),
    output: moment,
  },
});

/** A message of a chat. */
export const message = fieldMap<ChatMessage>()({
  id: { about: 'Identifier.', format: ({ id }) => id, output: z.string() },
  sender: { about: 'client, agent or system.', key: 'sender', output: z.string() },
  senderName: { about: 'The writer’s name.', key: 'senderName', output: z.string() },
  message: { about: 'The text.', key: 'body', output: z.string() },
  dateCreated: {
    about: 'When it was written.',
    format: ({ createdAt }) => wireTime(createdAt),
    output: timeOutput,
  },
});
