import { Chat } from '../../domain/chat/chat.entity';
import { chats } from '../../domain/chat/chat.service';
import { CloseChat } from '../../domain/chat/chat-close';
import { ChatMessage } from '../../domain/chat/chat-message.entity';
import { createInputOf, operationInput } from '../input';
import { rootField } from '../root-field';
import { ID_ARGUMENT, inputArgument } from './crud.resolver';

const closeInput = operationInput('CloseChatInput', 'Chat: where one goes when it is over.', CloseChat);

/** What is done with chats beyond the usual operations. */
export const chatResolvers = [
  rootField<{ input: object }>({
    kind: 'mutation',
    name: 'addChatMessage',
    type: () => ChatMessage,
    about: 'Chat: adds a message to one. The error CONFLICT when it is closed.',
    args: { input: inputArgument(createInputOf(ChatMessage)) },
    resolve: (ctx, { input }) => chats.addMessage(ctx, input),
  }),
  rootField<{ id: string; input?: object | null }>({
    kind: 'mutation',
    name: 'closeChat',
    type: () => Chat,
    about:
      'Chat: closes one for good. It becomes a case with the transcript as its history, or goes into the case that it belongs to.',
    args: {
      id: ID_ARGUMENT,
      input: { ...inputArgument(closeInput, 'Where it goes.'), nullable: true },
    },
    resolve: (ctx, { id, input }) => chats.close(ctx, id, input ?? {}),
  }),
];
