import { inboundEmails } from '../../src/domain/email/inbound-email.service';
import { takeInboundMail } from '../../src/domain/email/inbound-take';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { buildApiSchema } from '../../src/graphql/schema';
import { issueKey } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type Desk, openDesk } from '../support/desk';
import { Door } from './door';

let door: Door;
let desk: Desk;

beforeAll(async () => {
  [door, desk] = [await Door.open(), await openDesk()];
});
afterAll(() => door.close());

type Data = Record<string, Record<string, unknown>>;
const run = (text: string, variables: object = {}) =>
  door.run<Data, object>(desk.account.key, text, variables);

/** The tables that statements read, in order of name. */
const tablesRead = () => door.statements.map((text) => /\bfrom "(\w+)"/.exec(text)?.[1] ?? text).toSorted();

test('cases with team, agent, contact, tags, history and its writers cost a statement for each', async () => {
  for (let at = 0; at < 20; at += 1) {
    const { id } = await desk.open({ tagNames: ['a', `b${at}`], summary: `Case ${at}` });
    await supportCases.addNote(desk.ctx, id, { note: 'By Ann', authorId: desk.ann.id });
    await supportCases.addNote(desk.ctx, id, { note: 'By Bob', authorId: desk.bob.id });
  }
  const text = `query Q($first: Int) { supportCases(first: $first) { nodes { caseNumber status team { name } agent { firstName }
    contact { name } tags { name } entries(first: 2) { kind body agent { firstName } } } } }`;
  for (const first of [2, 20, 20]) {
    door.statements.length = 0;
    const { supportCases: page } = await run(text, { first });
    const nodes = page?.nodes as Record<string, unknown>[];
    expect(nodes).toHaveLength(first);
    expect(nodes[0]).toMatchObject({
      ...{
        status: 'NEW',
        team: { name: 'Help' },
        agent: { firstName: 'Ann' },
        contact: { name: 'Jane Doe' },
      },
      tags: [{ name: 'a' }, { name: 'b19' }],
      entries: [
        { kind: 'NOTE', body: 'By Bob', agent: { firstName: 'Bob' } },
        { kind: 'NOTE', body: 'By Ann', agent: { firstName: 'Ann' } },
      ],
    });
    const once = ['agent', 'case_entry', 'contact', 'support_case', 'tag', 'team'];
    // Bob is known only when the histories are.
    expect(tablesRead()).toEqual([...once, 'agent'].toSorted());
  }
});

test('a search by words is a connection with filter, order and count', async () => {
  await desk.open({ summary: 'Giraffe one' });
  const { id } = await desk.open({ summary: 'Giraffe two', status: 'closed' });
  const text = `query Q($filter: SupportCaseFilter, $after: String) {
    searchSupportCases(text: "GIRAFFE", filter: $filter, after: $after, first: 1, sort: { field: NUMBER, direction: DESC }) {
      totalCount pageInfo { hasNextPage endCursor } nodes { id summary } } }`;
  const { searchSupportCases: page } = await run(text);
  expect(page).toMatchObject({
    totalCount: 2,
    nodes: [{ id, summary: 'Giraffe two' }],
    pageInfo: { hasNextPage: true },
  });
  const { endCursor: after } = (page?.pageInfo ?? {}) as { endCursor?: string };
  expect((await run(text, { after })).searchSupportCases).toMatchObject({
    nodes: [{ summary: 'Giraffe one' }],
  });
  const { searchSupportCases: closed } = await run(text, { filter: { status: { eq: 'CLOSED' } } });
  expect(closed).toMatchObject({ totalCount: 1, nodes: [{ id }] });
  const byWords = `{ supportCases(filter: { words: { matches: "giraffe tw" } }) { nodes { id } } }`;
  expect(await run(byWords)).toEqual({ supportCases: { nodes: [{ id }] } });
});

test('a case goes through its life by mutations', async () => {
  const { id, caseNumber } = await desk.open();
  const other = await desk.open();
  const agentId = desk.ann.id;
  const tag = (await run('mutation { createTag(input: { name: "life", scope: CASE }) { id } }')).createTag;
  const steps: [string, object][] = [
    [
      `addCaseNote(id: "${id}", input: { note: "Hm.", kind: CALL, authorId: "${agentId}" }) { status }`,
      { status: 'NEW' },
    ],
    [
      `replyToCase(id: "${id}", input: { body: "Yes." }) { status firstResponseAt }`,
      { status: 'OPEN', firstResponseAt: '2026-03-02T10:00:00.000Z' },
    ],
    [`tagCase(id: "${id}", tagId: "${tag?.id}") { tags { name } }`, { tags: [{ name: 'life' }] }],
    [`untagCase(id: "${id}", tagId: "${tag?.id}") { tags { name } }`, { tags: [] }],
    [
      `snoozeCase(id: "${id}", until: "2026-05-01T00:00:00Z") { snoozedUntil }`,
      { snoozedUntil: '2026-05-01T00:00:00.000Z' },
    ],
    [`snoozeCase(id: "${id}") { snoozedUntil }`, { snoozedUntil: null }],
    [
      `requestCaseFeedback(id: "${id}") { feedbackRequestedAt }`,
      { feedbackRequestedAt: '2026-03-02T10:00:00.000Z' },
    ],
    [`setCaseFeedbackWanted(id: "${id}", isWanted: false) { isFeedbackWanted }`, { isFeedbackWanted: false }],
    [`rateCase(id: "${id}", input: { rating: 1 }) { rating }`, { rating: 1 }],
    [
      `mergeCases(ids: ["${other.id}", "${id}"]) { id entries(first: 1) { title } }`,
      { id, entries: [{ title: `Took in ${other.caseNumber}` }] },
    ],
  ];
  for (const [field, expected] of steps) {
    expect(Object.values(await run(`mutation { ${field} }`))).toEqual([expected]);
  }
  const bulk = `mutation { bulkUpdateCases(ids: ["${id}"], input: { status: CLOSED }) { status } }`;
  expect(await run(bulk)).toEqual({ bulkUpdateCases: [{ status: 'CLOSED' }] });
  const byNumber = `{ supportCaseByNumber(caseNumber: "${caseNumber.toLowerCase()}") { id } supportCase(id: "${other.id}") { mergedInto { caseNumber } } }`;
  expect(await run(byNumber)).toEqual({
    supportCaseByNumber: { id },
    supportCase: { mergedInto: { caseNumber } },
  });
});

test('mails that nobody has taken are a list with filters, and become cases', async () => {
  await takeInboundMail(desk.ctx, {
    ...{
      messageId: '<1@x.example>',
      from: { address: 'z@x.example', name: 'Zed' },
      replyTo: null,
      to: [],
      cc: [],
    },
    ...{
      subject: 'Hi',
      text: 'There.',
      html: null,
      inReplyTo: null,
      references: [],
      hash: '',
      isAutomatic: false,
    },
    attachments: [{ name: 'a.txt', contentType: 'text/plain', size: 3 }],
  });
  const list = `{ unassignedEmails(from: "zed", content: "there") { totalCount nodes { id email { from subject } attachments { name contentType size } } } }`;
  const { unassignedEmails } = await run(list);
  const [node] = (unassignedEmails?.nodes ?? []) as { id: string }[];
  expect(unassignedEmails).toEqual({
    totalCount: 1,
    nodes: [
      {
        ...{ id: node?.id, email: { from: 'z@x.example', subject: 'Hi' } },
        attachments: [{ name: 'a.txt', contentType: 'text/plain', size: 3 }],
      },
    ],
  });
  const make = `mutation { createCaseOfEmail(id: "${node?.id}", input: { teamId: "${desk.team.id}" }) { summary contact { email } entries { kind email { subject } } } }`;
  expect(await run(make)).toEqual({
    createCaseOfEmail: {
      ...{ summary: 'Hi', contact: { email: 'z@x.example' } },
      entries: [{ kind: 'EMAIL', email: { subject: 'Hi' } }],
    },
  });
  expect((await inboundEmails.unassigned(desk.ctx, {})).rows).toEqual([]);
  const { mailInboundPath } = await run('{ mailInboundPath }');
  expect(String(mailInboundPath)).toMatch(/^\/mail\/inbound\/v1\./);
});

test('chats are held and closed by mutations', async () => {
  const make = `mutation { createChat(input: { title: "C", teamId: "${desk.team.id}", clientName: "Jo" }) { id } }`;
  const id = (await run(make)).createChat?.id;
  const say = `mutation { addChatMessage(input: { chatId: "${id}", sender: CLIENT, body: "Hey" }) { senderName chat { unseen } } }`;
  expect(await run(say)).toEqual({ addChatMessage: { senderName: 'Jo', chat: { unseen: 1 } } });
  const close = `mutation { closeChat(id: "${id}", input: { status: CLOSED }) { closedAt messages { body } supportCase { status openedBy chats { id } } } }`;
  expect(await run(close)).toEqual({
    closeChat: {
      ...{ closedAt: '2026-03-02T10:00:00.000Z', messages: [{ body: 'Hey' }] },
      supportCase: { status: 'CLOSED', openedBy: 'Jo', chats: [{ id }] },
    },
  });
});

test('another account’s case is a missing one, and a key without the scope may not', async () => {
  const other = await openDesk();
  const { id } = await other.open();
  const key = await issueKey(desk.account, ['supportCases:read', 'supportCases:create']);
  for (const [text, code] of [
    [`{ supportCase(id: "${id}") { id } }`, 'NOT_FOUND'],
    [`mutation { addCaseNote(id: "${id}", input: { note: "x" }) { id } }`, 'NOT_FOUND'],
    [`mutation { mergeCases(ids: ["${id}", "${id}"]) { id } }`, 'NOT_FOUND'],
  ] as const) {
    const error = await withoutChange(other.account, () => door.fail(desk.account.key, text));
    expect(error.extensions?.code).toBe(code);
  }
  const mine = await desk.open();
  const refused = await withoutChange(desk.account, () =>
    door.fail(key, `mutation { addCaseNote(id: "${mine.id}", input: { note: "x" }) { id } }`),
  );
  expect(refused).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  const make = `mutation { createSupportCase(input: { teamId: "${desk.team.id}", summary: "S", details: "D", openedBy: "O" }) { status createdByKeyId } }`;
  expect((await door.run<Data, object>(key, make)).createSupportCase).toMatchObject({
    ...{ status: 'NEW', createdByKeyId: expect.any(String) },
  });
});

test('every event of cases has its subscription', () => {
  const names = Object.keys(buildApiSchema().getSubscriptionType()?.getFields() ?? {});
  const verbs = [
    'Created',
    'Updated',
    'Deleted',
    'Noted',
    'Emailed',
    'Replied',
    'Transferred',
    'Tagged',
    'Untagged',
  ];
  const more = ['Snoozed', 'Woken', 'Merged', 'Closed', 'Reopened', 'Rated'];
  expect(names.filter((name) => name.startsWith('supportCase')).toSorted()).toEqual(
    [...verbs, ...more].map((verb) => `supportCase${verb}`).toSorted(),
  );
  expect(names).toEqual(
    expect.arrayContaining([
      'caseEntryCreated',
      'chatUpdated',
      'chatMessageCreated',
      'inboundEmailCreated',
      'templateCreated',
    ]),
  );
});
