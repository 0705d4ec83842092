import { supportCases } from '../../src/domain/support-case/support-case.service';
import { tags } from '../../src/domain/tag/tag.service';
import { NOW } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type Desk, openDesk } from '../support/desk';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

afterEach(() => expect(desk.errors).toEqual([]));

test('cases are merged into the oldest: history, tags and words go there, the others point to it', async () => {
  const first = await desk.open({ contactId: null, tagNames: ['a'] });
  const second = await desk.open({ summary: 'Smoke', details: 'Smells.', tagNames: ['b', 'a'] });
  const third = await desk.open({ summary: 'Ash' });
  const merged = await supportCases.merge(desk.ctx, [third.id, second.number, first.id], {
    authorId: desk.bob.id,
  });
  expect(merged).toMatchObject({ id: first.id, contactId: desk.jane.id, status: 'new' });
  expect((await supportCases.record(desk.ctx, first.id)).tags.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(await desk.titles(first.id)).toEqual([
    ['note', 'Printer on fire'],
    ['note', 'Smoke'],
    ['note', 'Ash'],
    ['merge', `Took in ${second.caseNumber}, ${third.caseNumber}`],
  ]);
  expect(await supportCases.get(desk.ctx, second.id)).toMatchObject({
    ...{ status: 'closed', closedAt: NOW, mergedIntoId: first.id },
  });
  expect(await desk.titles(second.id)).toEqual([
    ['merge', `Merged into ${first.caseNumber}`],
    ['status', 'new → closed'],
  ]);
  const found = await supportCases.search(desk.ctx, { text: 'smoke' });
  expect(found.map(({ id }) => id).toSorted()).toEqual([first.id, second.id].toSorted());
  await withoutChange(desk.account, async () => {
    await expect(supportCases.merge(desk.ctx, [first.id, second.id])).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(supportCases.merge(desk.ctx, [first.id, first.id])).rejects.toThrow(
      'Give at least two cases',
    );
  });
});

test('a case that was merged stays closed; notes may still be made on it', async () => {
  const [first, second] = [await desk.open(), await desk.open()];
  await supportCases.merge(desk.ctx, [first.id, second.id]);
  const refused = { code: 'CONFLICT', message: 'The case was merged into another and stays closed.' };
  await withoutChange(desk.account, async () => {
    for (const opening of [
      supportCases.update(desk.ctx, second.id, { status: 'open' }),
      supportCases.addNote(desk.ctx, second.id, { note: 'x', status: 'new' }),
      supportCases.reply(desk.ctx, second.id, { body: 'x' }),
    ]) {
      await expect(opening).rejects.toMatchObject(refused);
    }
  });
  await supportCases.addNote(desk.ctx, second.id, { note: 'Filed.' });
  expect(await supportCases.get(desk.ctx, second.id)).toMatchObject({ status: 'closed' });
});

test('several cases change together, or none of them', async () => {
  const [first, second] = [await desk.open(), await desk.open()];
  const tag = await tags.create(desk.ctx, { name: 'bulk', scope: 'case' });
  const until = '2026-03-03T00:00:00.000Z';
  const input = { agentId: desk.bob.id, status: 'open' as const, tagId: tag.id, snoozedUntil: until };
  const changed = await supportCases.updateMany(desk.ctx, [second.id, first.id], input);
  expect(changed.map(({ id }) => id)).toEqual([first.id, second.id]);
  expect(changed).toMatchObject([
    { agentId: desk.bob.id, status: 'open', snoozedUntil: until },
    { agentId: desk.bob.id, status: 'open', snoozedUntil: until },
  ]);
  const unknown = '01890000-0000-7000-8000-000000000000';
  await withoutChange(desk.account, async () => {
    const refused = supportCases.updateMany(desk.ctx, [first.id, unknown], { status: 'closed' });
    await expect(refused).rejects.toMatchObject({
      code: 'NOT_FOUND',
      fields: { 'ids.1': ['Support case not found'] },
    });
  });
  const [merged, ...none] = await supportCases.updateMany(desk.ctx, [first.id, second.id], {
    ...{ isMerging: true, status: 'closed' },
  });
  expect([merged?.id, merged?.status, none]).toEqual([first.id, 'closed', []]);
});
