import { CASE_VERBS } from '../../src/domain/support-case/case-verb';
import { capitalize } from '../../src/domain/text';
import { NOW } from '../support/account';
import { signedInAgent } from '../support/agent-session';
import { cursorNow } from '../support/change-log';
import { type Desk, openDesk, serveDesk } from '../support/desk';
import { type Result, runGraphql, takeResults } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';

type Row = Record<string, unknown>;

let server: LiveServer;
let desk: Desk;

beforeAll(async () => {
  desk = await openDesk();
  server = await startLiveServer({ now: () => desk.clock.at });
});
afterAll(() => server.close());

const graphql = (query: string, variables: Row = {}) =>
  runGraphql<Record<string, Row>>(server, desk.account.key, query, variables);

const iterate = (key: string, query: string, variables: Row = {}) =>
  server.client(key).iterate({ query, variables }) as AsyncIterableIterator<Result>;

/** Opens the subscription of a verb; each event as its case, its changes and what is asked for of the case. */
function watch(verb: string, since: string, fields = 'status'): (count: number) => Promise<unknown[]> {
  const name = `supportCase${capitalize(verb)}`;
  const results = iterate(
    desk.account.key,
    `subscription ($since: String) { ${name}(since: $since) {
      name actor { kind } changes { field old new } supportCase { id ${fields} } } }`,
    { since },
  );
  return async (count) =>
    (await takeResults(results, count)).map(({ name: told, actor, changes, supportCase }) => {
      expect(told).toBe(`support_case.${verb}`);
      const { id, ...rest } = (supportCase ?? {}) as Row;
      const changed = (changes as Row[]).map(({ field, old, new: after }) => [field, old, after]).toSorted();
      return { id, by: (actor as Row).kind, changed, ...rest };
    });
}

const CREATE = `mutation ($input: CreateSupportCaseInput!) { createSupportCase(input: $input) { id caseNumber } }`;
const ID = 'mutation ($id: ID!)';

async function open(input: Row = {}): Promise<{ id: string; caseNumber: string }> {
  const asked = { summary: 'Printer', details: 'It burns.', openedBy: 'Jane', contactId: desk.jane.id };
  const place = { teamId: desk.team.id, agentId: desk.ann.id };
  const { createSupportCase } = await graphql(CREATE, { input: { ...asked, ...place, ...input } });
  return createSupportCase as { id: string; caseNumber: string };
}

async function bringMail(subject: string): Promise<void> {
  const { mailInboundPath } = (await graphql('{ mailInboundPath }')) as Record<string, unknown>;
  const app = await serveDesk(desk);
  const raw = `From: jane@example.com\r\nMessage-ID: <live@example.com>\r\nSubject: ${subject}\r\n\r\nStill.\r\n`;
  const headers = { 'content-type': 'message/rfc822' };
  await app.inject({ method: 'POST', url: String(mailInboundPath), payload: raw, headers });
  await app.close();
}

test('the whole life of a case is told live, each part by its subscription, what was missed first', async () => {
  const since = await cursorNow(desk.ctx);
  const missed = await open({ tagNames: ['vip'] });
  const created = watch(
    'created',
    since,
    'caseNumber status team { name } agent { firstName } contact { name } tags { name } entries { kind body }',
  );
  const shown = {
    ...{ by: 'KEY', changed: [], status: 'NEW', team: { name: 'Help' }, agent: { firstName: 'Ann' } },
    ...{ contact: { name: 'Jane Doe' }, entries: [{ kind: 'NOTE', body: 'It burns.' }] },
  };
  expect(await created(1)).toEqual([{ ...missed, ...shown, tags: [{ name: 'vip' }] }]);
  const one = await open();
  const { id } = one;
  const merging = await open({ contactId: null });
  expect(await created(2)).toEqual([
    { ...one, ...shown, tags: [] },
    { ...merging, ...shown, tags: [], contact: null },
  ]);

  const told = Object.fromEntries(
    [...Object.keys(CASE_VERBS), 'updated', 'deleted'].map((verb) => [verb, watch(verb, since)]),
  );
  const next = async (verb: string, count = 1) => told[verb]?.(count);
  const ofOne = { id, by: 'KEY' };

  await graphql(`${ID} { addCaseNote(id: $id, input: { note: "Seen." }) { id } }`, { id });
  expect(await next('noted')).toEqual([{ ...ofOne, changed: [], status: 'NEW' }]);

  await graphql(`${ID} { replyToCase(id: $id, input: { body: "Try water." }) { id } }`, { id });
  const answered = [
    ['firstResponseAt', null, NOW],
    ['lastResponseAt', null, NOW],
    ['status', 'new', 'open'],
  ];
  expect(await next('replied')).toEqual([{ ...ofOne, changed: answered, status: 'OPEN' }]);

  await bringMail(`Re: [${one.caseNumber}]`);
  const again = { changed: [['status', 'open', 'new']], status: 'NEW' };
  expect(await next('emailed')).toEqual([{ id, by: 'SYSTEM', ...again }]);

  await graphql(
    `mutation ($id: ID!, $agentId: ID!) { updateSupportCase(id: $id, input: { agentId: $agentId }) { id } }`,
    { id, agentId: desk.bob.id },
  );
  expect(await next('transferred')).toEqual([
    { ...ofOne, changed: [['agentId', desk.ann.id, desk.bob.id]], status: 'NEW' },
  ]);

  const { tags } = (await graphql('{ tags(filter: { name: { eq: "vip" } }) { nodes { id } } }')) as {
    tags: { nodes: { id: string }[] };
  };
  const tagId = tags.nodes[0]?.id;
  for (const [mutation, verb, before, after] of [
    ['tagCase', 'tagged', [], [tagId]],
    ['untagCase', 'untagged', [tagId], []],
  ] as const) {
    await graphql(`mutation ($id: ID!, $tagId: ID!) { ${mutation}(id: $id, tagId: $tagId) { id } }`, {
      ...{ id, tagId },
    });
    expect(await next(verb)).toEqual([{ ...ofOne, changed: [['tagIds', before, after]], status: 'NEW' }]);
  }

  const until = '2026-04-01T00:00:00.000Z';
  await graphql(`${ID} { snoozeCase(id: $id, until: "${until}") { id } }`, { id });
  expect(await next('snoozed')).toEqual([
    { ...ofOne, changed: [['snoozedUntil', null, until]], status: 'NEW' },
  ]);
  await graphql(`${ID} { snoozeCase(id: $id) { id } }`, { id });
  expect(await next('woken')).toEqual([
    { ...ofOne, changed: [['snoozedUntil', until, null]], status: 'NEW' },
  ]);

  await graphql('mutation ($ids: [ID!]!) { mergeCases(ids: $ids) { id } }', { ids: [id, merging.id] });
  const [left, grown] = (await next('merged', 2)) as Row[];
  const gone = [
    ['closedAt', null, NOW],
    ['mergedIntoId', null, id],
    ['status', 'new', 'closed'],
  ];
  expect(left).toEqual({ id: merging.id, by: 'KEY', changed: gone, status: 'CLOSED' });
  expect(grown).toEqual({ ...ofOne, changed: [], status: 'NEW' });

  await graphql(`${ID} { updateSupportCase(id: $id, input: { status: CLOSED }) { id } }`, { id });
  const [ofMerged, closed] = (await next('closed', 2)) as Row[];
  expect(ofMerged?.id).toBe(merging.id);
  const ended = [
    ['closedAt', null, NOW],
    ['status', 'new', 'closed'],
  ];
  expect(closed).toEqual({ ...ofOne, changed: ended, status: 'CLOSED' });
  await graphql(`${ID} { updateSupportCase(id: $id, input: { status: OPEN }) { id } }`, { id });
  const reopened = [
    ['closedAt', NOW, null],
    ['status', 'closed', 'open'],
  ];
  expect(await next('reopened')).toEqual([{ ...ofOne, changed: reopened, status: 'OPEN' }]);
  await graphql(`${ID} { rateCase(id: $id, input: { rating: 5 }) { id } }`, { id });
  const rated = [
    ['ratedAt', null, NOW],
    ['rating', null, 5],
  ];
  expect(await next('rated')).toEqual([{ ...ofOne, changed: rated, status: 'OPEN' }]);
  await graphql(`${ID} { deleteSupportCase(id: $id) { id } }`, { id });
  expect(await next('deleted')).toEqual([{ id, by: 'KEY', changed: [], status: 'OPEN' }]);
  // Every change is told as one, too; what only adds to the history as what it is.
  const updates = (await next('updated', 11)) as { id: string; changed: unknown[][] }[];
  expect(updates.map((update) => [update.id === id, update.changed.length])).toEqual([
    [true, 3],
    [true, 1],
    [true, 1],
    [true, 1],
    [true, 1],
    [true, 1],
    [true, 1],
    [false, 3],
    [true, 2],
    [true, 2],
    [true, 2],
  ]);
});

test('the history is told too, to the account alone and not to agents who see only their own', async () => {
  const since = await cursorNow(desk.ctx);
  const stranger = await openDesk();
  const entries = iterate(
    desk.account.key,
    'subscription ($since: String) { caseEntryCreated(since: $since) { caseEntry { kind body supportCase { id } } } }',
    { since },
  );
  const others = iterate(
    stranger.account.key,
    'subscription ($since: String) { supportCaseCreated(since: $since) { supportCase { summary } } }',
    { since },
  );
  const { id } = await open();
  await graphql(`${ID} { addCaseNote(id: $id, input: { note: "Seen." }) { id } }`, { id });
  expect(await takeResults(entries, 2)).toEqual([
    { caseEntry: { kind: 'NOTE', body: 'It burns.', supportCase: { id } } },
    { caseEntry: { kind: 'NOTE', body: 'Seen.', supportCase: { id } } },
  ]);
  await stranger.open({ summary: 'Theirs' });
  expect(await takeResults(others, 1)).toEqual([{ supportCase: { summary: 'Theirs' } }]);
  const ann = await signedInAgent(desk.account, 'ann.lee');
  await expect(
    iterate(ann.accessToken, 'subscription { supportCaseCreated { supportCase { id } } }').next(),
  ).rejects.toEqual([
    expect.objectContaining({
      message: 'The change log is for API keys and for agents of the role admin.',
    }),
  ]);
});
