import { Agent } from '../agent/agent.entity';
import { Contact } from '../contact/contact.entity';
import { NounEntity, TenantEntity } from '../entity';
import { EnumField, InstantField, IntField, ReferenceField, TextField } from '../field';
import { BelongsTo, HasMany } from '../relation';
import { SupportCase } from '../support-case/support-case.entity';
import { Team } from '../team/team.entity';
import { isOwnChat } from './chat.rules';
import { ChatMessage } from './chat-message.entity';
import { type ChatSender, chatSender } from './chat-sender';

const WRITTEN = { nullable: true, write: 'never' } as const;

@NounEntity('A talk in messages; when it is over it becomes a support case.', {
  name: 'chat',
  plural: 'chats',
  label: 'Chat',
  agentSees: isOwnChat,
})
export class Chat extends TenantEntity {
  @TextField('What it is about.', { required: true, min: 1 })
  title!: string;

  @TextField('Where it is held, such as livechat.', { write: 'create', max: 50 })
  platform!: string;

  @TextField('Name of the person who asks.')
  clientName!: string;

  @ReferenceField(() => Contact, 'The person who asks.', { nullable: true })
  contactId!: string | null;

  @ReferenceField(() => SupportCase, 'The case that it belongs to.', { nullable: true })
  caseId!: string | null;

  @ReferenceField(() => Agent, 'The agent who answers.', { nullable: true })
  agentId!: string | null;

  @ReferenceField(() => Team, 'The team that answers.', { nullable: true })
  teamId!: string | null;

  @IntField('How many messages of the client nobody has looked at.', { min: 0, max: 1_000_000 })
  unseen!: number;

  @TextField('The last message, cut at 255 characters.', { ...WRITTEN, filterable: false })
  lastMessage!: string | null;

  @EnumField(chatSender, 'Who wrote the last message.', WRITTEN)
  lastMessageSender!: ChatSender | null;

  @InstantField('When the last message was written.', { ...WRITTEN, sortable: true })
  lastMessageAt!: string | null;

  @InstantField('When the client wrote last.', WRITTEN)
  lastMessageReceivedAt!: string | null;

  @InstantField('When an agent wrote last.', WRITTEN)
  lastResponseAt!: string | null;

  @InstantField('When it was closed.', WRITTEN)
  closedAt!: string | null;

  @BelongsTo(() => Contact, 'contactId', 'The person who asks.', { nullable: true })
  contact?: Contact | null;

  @BelongsTo(() => SupportCase, 'caseId', 'The case that it belongs to.', { nullable: true })
  supportCase?: SupportCase | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent who answers.', { nullable: true })
  agent?: Agent | null;

  @BelongsTo(() => Team, 'teamId', 'The team that answers.', { nullable: true })
  team?: Team | null;

  @HasMany(() => ChatMessage, 'chatId', 'Its messages, newest first.')
  messages?: ChatMessage[];
}
