import { Agent } from '../agent/agent.entity';
import { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import { type Crud, crud, saveChanges } from '../crud';
import type { RowRef } from '../entity';
import { DomainError, invalid } from '../error';
import { rowEvent } from '../event';
import { checkReferences, parseInput } from '../input';
import { agentName, requireOwnName } from '../support-case/case-author';
import { lockMerged } from '../support-case/case-follow';
import { shorten } from '../text';
import { Chat } from './chat.entity';
import { type CloseChat, caseOfChat } from './chat-close';
import { ChatMessage } from './chat-message.entity';

const LAST_MESSAGE_MAX = 255;
const MESSAGES_MAX = 10_000;

const base: Crud<Chat> = crud(Chat, {
  prepare: (ctx, draft, current) => {
    if (current) requireOpen(current);
    else if (ctx.agent && draft.agentId === undefined) draft.agentId = ctx.agent.id;
  },
});

/** Throws CONFLICT for a chat that is over. */
function requireOpen({ closedAt }: Chat): void {
  if (closedAt) throw new DomainError('CONFLICT', 'The chat is closed.');
}

async function senderName(ctx: Context, chat: Chat, draft: Partial<ChatMessage>): Promise<string> {
  if (draft.senderName) return draft.senderName;
  if (draft.sender === 'client') return chat.clientName;
  const agent = draft.agentId ? await ctx.repo(Agent).find(draft.agentId) : undefined;
  return agent ? agentName(agent) : '';
}

/** What a message says of its chat. */
function seenFrom({ sender, body, agentId }: ChatMessage, chat: Chat, now: string): Partial<Chat> {
  return {
    ...{ lastMessage: shorten(body, LAST_MESSAGE_MAX), lastMessageSender: sender, lastMessageAt: now },
    ...(sender === 'client' && { lastMessageReceivedAt: now, unseen: chat.unseen + 1 }),
    ...(sender === 'agent' && { lastResponseAt: now, unseen: 0, agentId: chat.agentId ?? agentId }),
  };
}

/** Messages of chats, which are added by {@link chats}. */
export const chatMessages: Pick<Crud<ChatMessage>, 'get' | 'page'> = crud(ChatMessage);

/** A chat with all its messages, oldest first. */
export type ChatWithMessages = Chat & { messages: ChatMessage[] };

/** Chats. One that is closed stays as it is, and has become a case. */
export const chats = {
  get: base.get,
  page: base.page,
  create: base.create,
  update: base.update,

  /** Adds a message. Throws INVALID, NOT_FOUND, and CONFLICT for a chat that is closed. */
  async addMessage(ctx: Context, input: object): Promise<ChatMessage> {
    ctx.require('chats:write');
    const draft = parseInput(ctx, ChatMessage, 'create', input);
    return ctx.transaction(async (tx) => {
      await checkReferences(tx, ChatMessage, draft);
      const chat = await tx.repo(Chat).lock(draft.chatId as string);
      requireOpen(chat);
      if (draft.agentId && draft.sender !== 'agent')
        throw invalid({ agentId: ['Agent id is for messages of agents.'] });
      if (tx.agent && draft.sender === 'agent') draft.agentId ??= tx.agent.id;
      if (draft.agentId) requireOwnName(tx, draft.agentId as string, 'agentId');
      const name = await senderName(tx, chat, draft);
      const message = await tx.repo(ChatMessage).insert({ ...draft, senderName: name });
      await tx.emit(rowEvent(ChatMessage, 'created', message));
      await saveChanges(tx, Chat, chat, { ...seenFrom(message, chat, tx.instant()) });
      return message;
    });
  },

  /** The chat with its messages, oldest first. Throws NOT_FOUND. */
  async withMessages(ctx: Context, id: RowRef): Promise<ChatWithMessages> {
    const chat = await base.get(ctx, id);
    const messages = await ctx.repo(ChatMessage).slice({
      filter: { chatId: { eq: chat.id } },
      ...{ sort: { field: 'id', direction: 'asc' }, limit: MESSAGES_MAX, offset: 0 },
    });
    return { ...chat, messages };
  },

  /**
   * Closes a chat for good: it becomes a case with the transcript as its history, or part of the case that it
   * belongs to. Throws INVALID without a team, and CONFLICT for one that is closed.
   */
  async close(ctx: Context, id: RowRef, input: CloseChat = {}): Promise<Chat> {
    ctx.require('chats:write');
    return ctx.transaction(async (tx) => {
      const { caseId: known } = await tx.repo(Chat).getOwn(id);
      // The case before its chats, in the order that merging keeps.
      if (known) await lockMerged(tx, known);
      const before = await tx.repo(Chat).lock(id);
      requireOpen(before);
      const contact = before.contactId
        ? await tx.forAccount().repo(Contact).find(before.contactId)
        : undefined;
      const { id: caseId, teamId, agentId } = await caseOfChat(tx, before, contact, input);
      return saveChanges(tx, Chat, before, { teamId, agentId, caseId, closedAt: tx.instant(), unseen: 0 });
    });
  },
};
