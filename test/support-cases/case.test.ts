import { agents } from '../../src/domain/agent/agent.service';
import { Context } from '../../src/domain/context';
import { caseNumbersIn, drawCaseNumber, insertCase } from '../../src/domain/support-case/case-number';
import { endDueSnoozes } from '../../src/domain/support-case/case-snooze';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { tags } from '../../src/domain/tag/tag.service';
import { teams } from '../../src/domain/team/team.service';
import { templates } from '../../src/domain/template/template.service';
import { NOW, testVault } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type Desk, openDesk } from '../support/desk';
import { MINUTE } from '../support/mailing';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

afterEach(() => expect(desk.errors).toEqual([]));

test('a new case has a number, a team, an agent, its first entry and its event', async () => {
  const made = await desk.open();
  expect(made.caseNumber).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}\d{4}$/);
  const { id, number, caseNumber } = made;
  expect(made).toEqual({
    ...{ id, number, caseNumber, accountId: desk.ctx.account.id, summary: 'Printer on fire' },
    ...{
      details: 'It burns.',
      openedBy: 'Jane Doe',
      status: 'new',
      teamId: desk.team.id,
      agentId: desk.ann.id,
    },
    ...{ contactId: desk.jane.id, companyId: null, createdByAgentId: null, createdByKeyId: null },
    ...{ mergedIntoId: null, openedAt: NOW, assignedAt: NOW, firstResponseAt: null, lastResponseAt: null },
    ...{ closedAt: null, snoozedUntil: null, isFeedbackWanted: true, feedbackRequestedAt: null },
    ...{ feedbackSendAt: null, ratedAt: null, rating: null, feedback: null, isArchived: false },
    ...{ deletedAt: null, createdAt: NOW, updatedAt: NOW },
  });
  const [first, ...more] = await desk.history(id);
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    ...{
      kind: 'note',
      title: 'Printer on fire',
      body: 'It burns.',
      authorKind: 'system',
      authorName: 'test',
    },
    ...{ agentId: null, contactId: null, emailId: null, createdAt: NOW },
  });
  expect(await desk.told(id)).toEqual([['created', []]]);
});

test('an agent who writes is the author and the maker', async () => {
  const { id, createdByAgentId } = await desk.open({
    authorId: desk.bob.id,
    openingKind: 'call',
    status: 'closed',
  });
  expect(createdByAgentId).toBe(desk.bob.id);
  expect(await desk.history(id)).toMatchObject([
    { kind: 'call', authorKind: 'agent', authorName: 'Bob', agentId: desk.bob.id },
  ]);
  expect(await supportCases.get(desk.ctx, id)).toMatchObject({ status: 'closed', closedAt: NOW });
});

test('without an agent of the team one of its active agents gets it, by chance', async () => {
  const stranger = await agents.create(desk.ctx, { firstName: 'Eve' });
  const chosen = new Set<string>();
  for (let at = 0; at < 24; at += 1) {
    chosen.add((await desk.open({ agentId: at % 2 ? stranger.id : undefined })).agentId);
  }
  expect(chosen).toEqual(new Set([desk.ann.id, desk.bob.id]));
  await agents.update(desk.ctx, desk.ann.id, { isActive: false });
  expect((await desk.open({ agentId: desk.ann.id })).agentId).toBe(desk.bob.id);
  await teams.update(desk.ctx, desk.team.id, { isForAllAgents: true });
  expect((await desk.open({ agentId: stranger.id })).agentId).toBe(stranger.id);
});

test('an agent who does not exist is refused, or counts as none where that is asked for', async () => {
  const unknown = '01890000-0000-7000-8000-000000000000';
  await withoutChange(desk.account, async () => {
    await expect(desk.open({ agentId: unknown })).rejects.toMatchObject({
      ...{ code: 'NOT_FOUND', fields: { agentId: ['Agent not found'] } },
    });
  });
  const input = { teamId: desk.team.id, summary: 'S', details: 'D', openedBy: 'O', agentId: 999_999 };
  const made = await supportCases.create(desk.ctx, input, { isAgentLoose: true });
  expect([desk.ann.id, desk.bob.id]).toContain(made.agentId);
});

test('a team without active agents, or put away, takes no case', async () => {
  const empty = await teams.create(desk.ctx, { name: 'Empty' });
  await withoutChange(desk.account, async () => {
    await expect(desk.open({ teamId: empty.id })).rejects.toThrow(
      'Team Empty has no active agent: give it one first.',
    );
  });
  const { archivedAt } = await teams.setArchived(desk.ctx, desk.team.id, true);
  expect(archivedAt).toBe(NOW);
  await withoutChange(desk.account, async () => {
    await expect(desk.open()).rejects.toThrow('Team Help is put away and takes no cases.');
  });
  await teams.setArchived(desk.ctx, desk.team.id, false);
  await expect(desk.open()).resolves.toMatchObject({ status: 'new' });
});

test('a number that is taken is drawn again, and numbers have nothing in common', async () => {
  const { caseNumber, ...first } = await desk.open();
  const draws = [caseNumber, caseNumber, 'ZZZZ0001'];
  const { id: _, number: __, createdAt: ___, updatedAt: ____, accountId: _____, ...values } = first;
  const second = await desk.ctx.transaction((tx) => insertCase(tx, values, () => draws.shift() ?? ''));
  expect(second.caseNumber).toBe('ZZZZ0001');
  const drawn = Array.from({ length: 500 }, drawCaseNumber);
  // Two that are the same happen in one run of thirteen thousand, twice two in none.
  expect(new Set(drawn).size).toBeGreaterThanOrEqual(499);
  expect(drawn.every((one) => /^[BCDFGHJKLMNPQRSTVWXZ]{4}\d{4}$/.test(one))).toBe(true);
  expect(caseNumbersIn('Re: [bcdf1234] and WXYZ0001, not XBCDF1234 nor BCDF12345')).toEqual([
    'BCDF1234',
    'WXYZ0001',
  ]);
});

test('what is changed stands in the history and in the log', async () => {
  const { id } = await desk.open();
  desk.clock.advance(MINUTE);
  const other = await teams.create(desk.ctx, { name: 'Sales' });
  await teams.setAgents(desk.ctx, other.id, [desk.bob.id]);
  const moved = await supportCases.update(desk.ctx, id, {
    ...{ teamId: other.id, summary: 'Printer burns', contactId: null, status: 'open', authorId: desk.bob.id },
  });
  const later = '2026-03-02T10:01:00.000Z';
  expect(moved).toMatchObject({
    teamId: other.id,
    agentId: desk.bob.id,
    assignedAt: later,
    updatedAt: later,
  });
  expect(await desk.titles(id)).toEqual([
    ['note', 'Printer on fire'],
    ['edit', 'Changed summary, contact'],
    ['transfer', 'To Bob, Sales'],
    ['status', 'new → open'],
  ]);
  expect(await desk.told(id)).toEqual([
    ['created', []],
    ['updated', ['agentId', 'assignedAt', 'contactId', 'status', 'summary', 'teamId']],
    ['transferred', ['agentId', 'assignedAt', 'contactId', 'status', 'summary', 'teamId']],
  ]);
  await withoutChange(desk.account, () => supportCases.update(desk.ctx, id, { summary: 'Printer burns' }));
});

test('closing and opening again set and clear the time, and each is told', async () => {
  const { id } = await desk.open();
  expect(await supportCases.update(desk.ctx, id, { status: 'closed' })).toMatchObject({ closedAt: NOW });
  expect(await supportCases.update(desk.ctx, id, { status: 'open' })).toMatchObject({ closedAt: null });
  expect((await desk.told(id)).map(([name]) => name)).toEqual([
    ...['created', 'updated', 'closed', 'updated', 'reopened'],
  ]);
});

test('a note goes into the history, by a template too, and can change the status', async () => {
  const { id } = await desk.open();
  await supportCases.addNote(desk.ctx, id, {
    note: 'Called.',
    title: 'Call',
    kind: 'call',
    authorId: desk.ann.id,
  });
  const template = await templates.create(desk.ctx, {
    ...{ name: 'Checked', kind: 'note', body: '{{ agent.name }} for {{ contact.first_name }}: {{ body }}' },
  });
  await supportCases.addNote(desk.ctx, id, { note: 'Fine <b>', templateId: template.id, status: 'closed' });
  expect((await desk.history(id)).slice(1)).toMatchObject([
    { kind: 'call', title: 'Call', body: 'Called.', agentId: desk.ann.id },
    { kind: 'note', title: 'Checked', body: 'Ann Lee for Jane: Fine <b>' },
    { kind: 'status', title: 'new → closed' },
  ]);
  expect(await desk.told(id)).toEqual([
    ['created', []],
    ['noted', []],
    ['updated', ['closedAt', 'status']],
    ['noted', ['closedAt', 'status']],
    ['closed', ['closedAt', 'status']],
  ]);
  await withoutChange(desk.account, async () => {
    await expect(supportCases.addNote(desk.ctx, id, { note: ' ' })).rejects.toThrow(
      'Give a note, or a template that makes one.',
    );
    await expect(
      supportCases.addNote(desk.ctx, id, { note: 'x', authorId: desk.jane.id }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

test('tags are put on once and taken off, and only tags of cases', async () => {
  const hot = await tags.create(desk.ctx, { name: 'hot', scope: 'case' });
  const lead = await tags.create(desk.ctx, { name: 'hot', scope: 'lead' });
  const { id } = await desk.open({ tagNames: ['New one', 'new ONE'], tagIds: [hot.id] });
  expect((await supportCases.record(desk.ctx, id)).tags.map(({ name }) => name)).toEqual(['hot', 'New one']);
  await supportCases.untag(desk.ctx, id, hot.number);
  await supportCases.tag(desk.ctx, id, hot.id);
  await withoutChange(desk.account, () => supportCases.tag(desk.ctx, id, hot.id));
  expect((await desk.titles(id)).slice(1)).toEqual([
    ['tag', '− hot'],
    ['tag', '+ hot'],
  ]);
  expect((await desk.told(id)).map(([name]) => name)).toEqual([
    'created',
    'updated',
    'untagged',
    'updated',
    'tagged',
  ]);
  await withoutChange(desk.account, async () => {
    await expect(supportCases.tag(desk.ctx, id, lead.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a snoozed case comes back when its time has come, once, with an entry', async () => {
  const { id } = await desk.open();
  const until = '2026-03-02T10:10:00.000Z';
  expect(await supportCases.snooze(desk.ctx, id, { until })).toMatchObject({
    snoozedUntil: until,
    status: 'new',
  });
  desk.clock.advance(10 * MINUTE - 1);
  expect(await endDueSnoozes(desk.due)).toBe(0);
  desk.clock.advance(1);
  const counts = await Promise.all([endDueSnoozes(desk.due), endDueSnoozes(desk.due)]);
  expect(counts.toSorted()).toEqual([0, 1]);
  expect(await supportCases.get(desk.ctx, id)).toMatchObject({ snoozedUntil: null });
  expect((await desk.titles(id)).slice(1)).toEqual([
    ['snooze', `Until ${until}`],
    ['snooze', 'Back'],
  ]);
  expect((await desk.told(id)).map(([name]) => name)).toEqual([
    'created',
    'updated',
    'snoozed',
    'updated',
    'woken',
  ]);
  await withoutChange(desk.account, async () => {
    await expect(supportCases.snooze(desk.ctx, id, { until })).rejects.toThrow(
      'snoozed until a time to come',
    );
  });
});

test('a key with a part of writing may do that part', async () => {
  const { store, clock } = desk;
  const actor = { kind: 'key' as const, id: null, name: 'scoped' };
  const scoped = (scope: string) =>
    new Context({
      ...{ store, vault: testVault, now: clock.now, account: desk.ctx.account, actor },
      ...{ scopes: new Set([scope]), requestId: 'scoped' },
    });
  const input = { teamId: desk.team.id, summary: 'S', details: 'D', openedBy: 'O' };
  const { id } = await supportCases.create(scoped('supportCases:create'), input);
  await expect(
    supportCases.update(scoped('supportCases:create'), id, { status: 'open' }),
  ).rejects.toMatchObject({
    ...{ code: 'FORBIDDEN', scope: 'supportCases:write' },
  });
  await supportCases.update(scoped('supportCases:update'), id, { status: 'open' });
  await expect(supportCases.create(scoped('supportCases:update'), input)).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
});
