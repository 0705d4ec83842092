import { Agent } from '../agent/agent.entity';
import { NounEntity, TenantEntity } from '../entity';
import { EnumField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { Chat } from './chat.entity';
import { isInOwnChat } from './chat.rules';
import { type ChatSender, chatSender } from './chat-sender';

/** Most characters of a message. */
const CHAT_MESSAGE_MAX = 10_000;

@NounEntity('A message of a chat.', {
  name: 'chatMessage',
  plural: 'chatMessages',
  label: 'Chat message',
  agentSees: isInOwnChat,
})
export class ChatMessage extends TenantEntity {
  @ReferenceField(() => Chat, 'The chat.', { required: true, write: 'create' })
  chatId!: string;

  @EnumField(chatSender, 'Who wrote it.', { required: true, write: 'create' })
  sender!: ChatSender;

  @TextField('The writer’s name; the client’s or the agent’s when not given.', { write: 'create' })
  senderName!: string;

  @ReferenceField(() => Agent, 'The agent who wrote it.', { nullable: true, write: 'create' })
  agentId!: string | null;

  @TextField('The text.', { required: true, min: 1, max: CHAT_MESSAGE_MAX, write: 'create' })
  body!: string;

  @BelongsTo(() => Chat, 'chatId', 'The chat.')
  chat?: Chat;

  @BelongsTo(() => Agent, 'agentId', 'The agent who wrote it.', { nullable: true })
  agent?: Agent | null;
}
