import { chats } from '../../src/domain/chat/chat.service';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { NOW } from '../support/account';
import { eventNamesOf, withoutChange } from '../support/account-state';
import { type Desk, openDesk } from '../support/desk';
import { MINUTE } from '../support/mailing';

const LATER = '2026-03-02T10:01:00.000Z';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

async function talk(input: object = {}) {
  const chat = await chats.create(desk.ctx, {
    ...{
      title: 'From the shop',
      clientName: 'Jane',
      contactId: desk.jane.id,
      teamId: desk.team.id,
      ...input,
    },
  });
  await chats.addMessage(desk.ctx, { chatId: chat.id, sender: 'client', body: 'Hello?' });
  desk.clock.advance(MINUTE);
  const said = { chatId: chat.id, sender: 'agent', body: 'x'.repeat(300), agentId: desk.bob.id };
  await chats.addMessage(desk.ctx, said);
  return chats.withMessages(desk.ctx, chat.id);
}

test('messages say who wrote them, and the chat when it was written to and answered', async () => {
  const { messages, ...chat } = await talk();
  expect(chat).toMatchObject({
    ...{ platform: 'livechat', agentId: desk.bob.id, teamId: desk.team.id, caseId: null, unseen: 0 },
    ...{ lastMessage: 'x'.repeat(255), lastMessageSender: 'agent', lastMessageAt: LATER, closedAt: null },
    ...{ lastMessageReceivedAt: NOW, lastResponseAt: LATER, createdAt: NOW, updatedAt: LATER },
  });
  expect(messages.map(({ sender, senderName, createdAt }) => [sender, senderName, createdAt])).toEqual([
    ['client', 'Jane', NOW],
    ['agent', 'Bob', LATER],
  ]);
  await chats.addMessage(desk.ctx, { chatId: chat.id, sender: 'client', senderName: 'J.', body: 'Ok' });
  await chats.addMessage(desk.ctx, { chatId: chat.id, sender: 'system', body: 'Idle' });
  expect(await chats.get(desk.ctx, chat.id)).toMatchObject({ unseen: 1, lastMessageSender: 'system' });
  expect(await chats.update(desk.ctx, chat.id, { unseen: 0 })).toMatchObject({ unseen: 0 });
  expect(await eventNamesOf(desk.account, 'chat')).toEqual([
    'chat.created',
    ...Array.from({ length: 5 }, () => 'chat.updated'),
  ]);
});

test('a chat that is closed becomes a case with the transcript as its history', async () => {
  const { id } = await talk();
  const chat = await chats.close(desk.ctx, id, { agentId: desk.ann.id, status: 'open' });
  const supportCase = await supportCases.get(desk.ctx, chat.caseId ?? '');
  expect(chat).toMatchObject({ closedAt: LATER, teamId: desk.team.id, agentId: desk.ann.id });
  const transcript = `2026-03-02 10:00 Jane: Hello?\n2026-03-02 10:01 Bob: ${'x'.repeat(300)}`;
  expect(supportCase).toMatchObject({
    ...{ summary: 'From the shop', details: transcript, openedBy: 'Jane', status: 'open' },
    ...{ contactId: desk.jane.id, teamId: desk.team.id, agentId: desk.ann.id },
  });
  expect(await desk.history(supportCase.id)).toMatchObject([
    { kind: 'chat', title: 'From the shop', body: transcript, chatId: id, contactId: desk.jane.id },
  ]);
  await withoutChange(desk.account, async () => {
    for (const refused of [
      () => chats.close(desk.ctx, id),
      () => chats.update(desk.ctx, id, { title: 'x' }),
      () => chats.addMessage(desk.ctx, { chatId: id, sender: 'client', body: 'x' }),
    ]) {
      await expect(refused()).rejects.toThrow('The chat is closed.');
    }
  });
});

test('a chat of a case goes into its history, and the case where the closing says', async () => {
  const known = await desk.open();
  const { id } = await talk({ caseId: known.id, contactId: null });
  const { caseId } = await chats.close(desk.ctx, id, { agentId: desk.bob.id, status: 'closed' });
  expect(caseId).toBe(known.id);
  expect(await supportCases.get(desk.ctx, known.id)).toMatchObject({
    ...{ agentId: desk.bob.id, status: 'closed' },
  });
  expect((await desk.history(known.id)).map(({ kind, authorKind }) => [kind, authorKind])).toEqual([
    ['note', 'system'],
    ['chat', 'system'],
    ['transfer', 'system'],
    ['status', 'system'],
  ]);
  expect(await supportCases.search(desk.ctx, { text: 'hello' })).toMatchObject([{ id: known.id }]);
});

test('chats go along when their cases are merged', async () => {
  const [first, second] = [await desk.open(), await desk.open()];
  const { id } = await talk({ caseId: second.id });
  await supportCases.merge(desk.ctx, [first.id, second.id]);
  expect(await chats.get(desk.ctx, id)).toMatchObject({ caseId: first.id });
});

test('what cannot be is refused and changes nothing', async () => {
  const { id } = await talk({ teamId: null });
  await withoutChange(desk.account, async () => {
    await expect(chats.close(desk.ctx, id)).rejects.toThrow(
      'The chat has no team: give the one that gets the case.',
    );
    await expect(
      chats.addMessage(desk.ctx, { chatId: id, sender: 'client', agentId: desk.bob.id, body: 'x' }),
    ).rejects.toThrow('Agent id is for messages of agents.');
    await expect(
      chats.addMessage(desk.ctx, { chatId: id, sender: 'client', body: '' }),
    ).rejects.toMatchObject({
      code: 'INVALID',
    });
  });
});
