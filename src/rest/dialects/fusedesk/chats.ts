import { z } from 'zod';
import { Chat } from '../../../domain/chat/chat.entity';
import { chats } from '../../../domain/chat/chat.service';
import type { Context } from '../../../domain/context';
import { type Route, route } from '../../dialect';
import { status } from './case-writes';
import { chat, chatRecord, chatRecords, message } from './chat.fields';
import { NO_OBJECT, pathRef, record, something } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

const PATH = '/api/v1/chats';
const CHATS_MAX = 1000;

const params = z.object({ chatId: pathRef.describe('The chat.') });
const answer = chat.output();

/** The chats that go on, newest first. */
function activeChats(ctx: Context): Promise<Chat[]> {
  ctx.require('chats:read');
  return ctx.repo(Chat).slice({ filter: { closedAt: { isNull: true } }, limit: CHATS_MAX });
}

const closeQuery = z.object({
  depid: record('depid').optional().describe('The department of the case; the chat’s own when not given.'),
  repid: record('repid').optional().describe('The rep of the case; the chat’s own when not given.'),
  status,
});

/** Chats. */
export const chatRoutes: Route[] = [
  permitting(
    'chats',
    route({
      operation: 'chats-list',
      method: 'GET',
      path: PATH,
      summary: 'List the chats that go on',
      answer: z.array(answer),
      run: async (ctx) => chatRecords(ctx, await activeChats(ctx)),
      reply: (found) => ok(found.map((one) => chat.format(one))),
    }),
  ),
  permitting(
    'chats',
    route({
      operation: 'chats-get',
      method: 'GET',
      path: `${PATH}/{chatId}`,
      summary: 'Get a chat with its messages',
      params,
      answer: answer.extend({ messages: z.array(message.output()).describe('What was said, oldest first.') }),
      run: async (ctx, { params: { chatId } }) => {
        const { messages, ...one } = await chats.withMessages(ctx, chatId);
        return { ...(await chatRecord(ctx, one as Chat)), messages };
      },
      reply: ({ messages, ...one }) =>
        ok({ ...chat.format(one as never), messages: messages.map((said) => message.format(said)) }),
    }),
  ),
  permitting(
    'chats_update',
    route({
      operation: 'chats-update',
      method: 'POST',
      path: `${PATH}/{chatId}`,
      summary: 'Change a chat; what is not given stays',
      params,
      body: something(chat.change(NO_OBJECT)),
      ...{ answer, wireNames: chat.wireNames },
      run: async (ctx, { params: { chatId }, body }) =>
        chatRecord(ctx, await chats.update(ctx, chatId, body)),
      reply: (one) => ok(chat.format(one)),
    }),
  ),
  permitting(
    'chats_update',
    route({
      operation: 'chats-close',
      method: 'POST',
      path: `${PATH}/{chatId}/close`,
      summary: 'Close a chat for good; it becomes a case',
      params,
      query: closeQuery,
      answer,
      wireNames: new Map([
        ['teamId', 'depid'],
        ['agentId', 'repid'],
      ]),
      run: async (ctx, { params: { chatId }, query: { depid, repid, status: wanted } }) => {
        const input = { teamId: depid, agentId: repid, status: wanted };
        return chatRecord(ctx, await chats.close(ctx, chatId, input as never));
      },
      reply: (one) => ok(chat.format(one)),
    }),
  ),
];
