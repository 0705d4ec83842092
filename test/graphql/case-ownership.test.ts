import { chats } from '../../src/domain/chat/chat.service';
import { contacts } from '../../src/domain/contact/contact.service';
import { SupportCase } from '../../src/domain/support-case/support-case.entity';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { teams } from '../../src/domain/team/team.service';
import { templates } from '../../src/domain/template/template.service';
import { Office } from './office';

let office: Office;
let teamId: Record<'ann' | 'bob' | 'all', string>;
let janeId: string;

beforeAll(async () => {
  office = await Office.open();
  const team = async (name: string, agentIds: string[], values: object = {}) => {
    const { id } = await teams.create(office.ctx, { name, replyAddress: 'help@acme.example', ...values });
    await teams.setAgents(office.ctx, id, agentIds);
    return id;
  };
  teamId = {
    ann: await team('Ann’s', [office.idOf('ann'), office.idOf('bob')]),
    bob: await team('Bob’s', [office.idOf('bob')]),
    all: await team('All', [], { isForAllAgents: true }),
  };
  janeId = (await contacts.create(office.ctx, { firstName: 'Jane', email: 'jane@example.com' })).id;
});
afterAll(() => office.close());

const FORBIDDEN = { message: 'This support case is another agent’s.', code: 'FORBIDDEN' };
const OTHER_NAME = { message: 'Only admins and keys write in another agent’s name.', code: 'FORBIDDEN' };

const open = (values: object) =>
  supportCases.create(office.ctx, {
    ...{ summary: 'Printer', details: 'It burns.', openedBy: 'Jane', contactId: janeId, ...values },
  });

const NOTE = 'mutation M($id: ID!, $input: AddCaseNoteInput!) { addCaseNote(id: $id, input: $input) { id } }';
const HISTORY = `query Q($id: ID!) { supportCase(id: $id) { createdByAgentId contact { firstName }
  entries { kind body authorKind authorName agent { firstName } } } }`;

test('an agent sees the cases that it works and those of its teams, and works them in its own name', async () => {
  const ofTeam = await open({ teamId: teamId.ann, agentId: office.idOf('bob') });
  const ofAll = await open({ teamId: teamId.all, agentId: office.idOf('bob') });
  const others = await open({ teamId: teamId.bob, agentId: office.idOf('bob') });
  const handedOver = await open({ teamId: teamId.ann, agentId: office.idOf('ann') });
  await office.ctx.transaction((tx) => tx.repo(SupportCase).update(handedOver.id, { teamId: teamId.bob }));
  const list =
    'query Q($ids: [ID!]) { supportCases(filter: { id: { in: $ids } }) { totalCount nodes { id } } }';
  const ids = [ofTeam.id, ofAll.id, others.id, handedOver.id];
  const seen = [handedOver.id, ofAll.id, ofTeam.id].map((id) => ({ id }));
  expect(await office.as('ann', list, { ids })).toEqual({ supportCases: { totalCount: 3, nodes: seen } });
  expect(await office.as('boss', list, { ids })).toMatchObject({ supportCases: { totalCount: 4 } });
  expect(await office.refusal('ann', HISTORY, { id: others.id })).toEqual({
    ...{ message: 'Support case not found', code: 'NOT_FOUND' },
  });
  await office.as('ann', NOTE, { id: ofTeam.id, input: { note: 'Seen.', status: 'OPEN' } });
  const reply = 'mutation M($id: ID!) { replyToCase(id: $id, input: { body: "Try water." }) { status } }';
  await office.as('ann', reply, { id: ofTeam.id });
  const byAnn = { authorKind: 'AGENT', authorName: 'ann', agent: { firstName: 'ann' } };
  expect(await office.as('ann', HISTORY, { id: ofTeam.id })).toMatchObject({
    supportCase: {
      contact: { firstName: 'Jane' },
      entries: [
        { ...byAnn, kind: 'REPLY', body: 'Try water.' },
        { ...byAnn, kind: 'STATUS' },
        { ...byAnn, kind: 'NOTE', body: 'Seen.' },
        { kind: 'NOTE', authorKind: 'SYSTEM', agent: null },
      ],
    },
  });
});

test('an agent writes nothing about cases of others, and nothing in another’s name', async () => {
  const mine = await open({ teamId: teamId.ann, agentId: office.idOf('ann') });
  const others = await open({ teamId: teamId.bob, agentId: office.idOf('bob') });
  const { id } = others;
  for (const text of [
    'mutation M($id: ID!) { updateSupportCase(id: $id, input: { status: CLOSED }) { id } }',
    'mutation M($id: ID!) { deleteSupportCase(id: $id) { id } }',
    'mutation M($id: ID!) { addCaseNote(id: $id, input: { note: "x" }) { id } }',
    'mutation M($id: ID!) { replyToCase(id: $id, input: { body: "x" }) { id } }',
    'mutation M($id: ID!) { snoozeCase(id: $id, until: "2030-01-01T00:00:00Z") { id } }',
    'mutation M($id: ID!) { requestCaseFeedback(id: $id) { id } }',
    'mutation M($id: ID!) { rateCase(id: $id, input: { rating: 5 }) { id } }',
    'mutation M($id: ID!) { createChat(input: { title: "x", caseId: $id }) { id } }',
  ]) {
    expect(await office.refusal('ann', text, { id })).toEqual(FORBIDDEN);
  }
  const ids = [mine.id, id];
  const merge = 'mutation M($ids: [ID!]!) { mergeCases(ids: $ids) { id } }';
  expect(await office.refusal('ann', merge, { ids })).toEqual(FORBIDDEN);
  const bulk = 'mutation M($ids: [ID!]!) { bulkUpdateCases(ids: $ids, input: { status: CLOSED }) { id } }';
  expect(await office.refusal('ann', bulk, { ids })).toEqual(FORBIDDEN);
  const input = { note: 'x', authorId: office.idOf('bob') };
  expect(await office.refusal('ann', NOTE, { id: mine.id, input })).toEqual(OTHER_NAME);
  await office.as('ann', NOTE, { id: mine.id, input: { ...input, authorId: office.idOf('ann') } });
  await office.as('boss', NOTE, { id: mine.id, input });
});

test('a case that an agent makes is its work in the log of the case, whoever is to work it', async () => {
  const { id: templateId } = await templates.create(office.ctx, {
    ...{ name: 'Greeting', kind: 'note', body: 'Hello {{ contact.first_name }}' },
  });
  await teams.update(office.ctx, teamId.bob, { newCaseNoteTemplateId: templateId });
  const create = `mutation M($input: CreateSupportCaseInput!) { createSupportCase(input: $input) {
    id createdByAgentId createdByKeyId agentId } }`;
  // Jane is known to Ann by a case of hers.
  await open({ teamId: teamId.ann, agentId: office.idOf('ann') });
  const asked = { summary: 'Phone', details: 'Dead.', openedBy: 'Jane', contactId: janeId };
  const { createSupportCase: made } = await office.as('ann', create, {
    input: { ...asked, teamId: teamId.bob },
  });
  expect(made).toMatchObject({
    createdByAgentId: office.idOf('ann'),
    createdByKeyId: null,
    agentId: office.idOf('bob'),
  });
  expect((await office.refusal('ann', HISTORY, { id: made?.id })).code).toBe('NOT_FOUND');
  expect(await office.as('bob', HISTORY, { id: made?.id })).toMatchObject({
    supportCase: {
      entries: [
        { kind: 'NOTE', body: 'Hello Jane', authorKind: 'SYSTEM' },
        { kind: 'NOTE', authorKind: 'AGENT', agent: { firstName: 'ann' } },
      ],
    },
  });
});

test('an agent answers the chats that are its own, and closes them into the case that they belong to', async () => {
  const other = await open({ teamId: teamId.bob, agentId: office.idOf('bob') });
  const mine = await chats.create(office.ctx, {
    title: 'Mine',
    agentId: office.idOf('ann'),
    caseId: other.id,
  });
  const theirs = await chats.create(office.ctx, { title: 'Theirs', agentId: office.idOf('bob') });
  const nobodys = await chats.create(office.ctx, { title: 'Nobody’s' });
  expect(await office.as('ann', '{ chats { nodes { title supportCase { id } } } }')).toEqual({
    chats: { nodes: [{ title: 'Mine', supportCase: null }] },
  });
  const say =
    'mutation M($input: CreateChatMessageInput!) { addChatMessage(input: $input) { senderName agentId } }';
  const said = { chatId: mine.id, sender: 'AGENT', body: 'Hello.' };
  expect(await office.as('ann', say, { input: said })).toEqual({
    addChatMessage: { senderName: 'ann', agentId: office.idOf('ann') },
  });
  expect(await office.refusal('ann', say, { input: { ...said, agentId: office.idOf('bob') } })).toEqual(
    OTHER_NAME,
  );
  for (const { id } of [theirs, nobodys]) {
    const refused = { message: 'This chat is another agent’s.', code: 'FORBIDDEN' };
    expect(await office.refusal('ann', say, { input: { ...said, chatId: id } })).toEqual(refused);
    expect(await office.refusal('ann', 'mutation M($id: ID!) { closeChat(id: $id) { id } }', { id })).toEqual(
      refused,
    );
  }
  const { closeChat: closed } = await office.as('ann', `mutation { closeChat(id: "${mine.id}") { caseId } }`);
  expect(closed).toEqual({ caseId: other.id });
  expect((await supportCases.withHistory(office.ctx, other.id)).entries.at(-1)).toMatchObject({
    ...{ kind: 'chat', title: 'Mine', agentId: office.idOf('ann') },
  });
  const { createChat: own } = await office.as(
    'ann',
    'mutation { createChat(input: { title: "New" }) { agentId } }',
  );
  expect(own).toEqual({ agentId: office.idOf('ann') });
});

test('what goes beyond its cases is refused to an agent: the queue, templates, contacts, whole exports', async () => {
  for (const [text, scope] of [
    ['{ mailInboundPath }', 'inboundEmails:write'],
    ['mutation { closeEmail(id: "x") { id } }', 'inboundEmails:write'],
    ['mutation { createTemplate(input: { name: "x", kind: NOTE, body: "x" }) { id } }', 'templates:write'],
    ['mutation { createContact(input: { firstName: "x" }) { id } }', 'contacts:write'],
  ] as const) {
    expect(await office.refusal('ann', text)).toEqual({
      ...{ message: `This agent lacks the scope ${scope}.`, code: 'FORBIDDEN' },
    });
  }
  const whole =
    'An address of an export, which holds all rows, is for API keys and for agents of the role admin.';
  for (const text of ['mutation { exportLeads }', 'mutation { exportContacts(audienceId: "x") }']) {
    expect(await office.refusal('ann', text)).toEqual({ message: whole, code: 'FORBIDDEN' });
  }
  expect((await office.as<Record<string, string>>('boss', 'mutation { exportLeads }')).exportLeads).toMatch(
    /^\/exports/,
  );
});
