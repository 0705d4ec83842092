import { agents } from '../../src/domain/agent/agent.service';
import { contacts } from '../../src/domain/contact/contact.service';
import type { CaseQuery } from '../../src/domain/support-case/case-search';
import type { SupportCase } from '../../src/domain/support-case/support-case.entity';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { teams } from '../../src/domain/team/team.service';
import { type Desk, openDesk } from '../support/desk';
import { MINUTE } from '../support/mailing';

let desk: Desk;
let all: SupportCase[];

beforeAll(async () => {
  desk = await openDesk();
  const sales = await teams.create(desk.ctx, { name: 'Sales' });
  await teams.setAgents(desk.ctx, sales.id, [desk.bob.id]);
  const max = await contacts.create(desk.ctx, {
    firstName: 'Max',
    email: 'm@example.com',
    email2: 'Max@Example.com',
  });
  const inputs = [
    { summary: 'Invoice 2024-17 is wrong', details: 'Größe falsch, über ann@example.com bestellt' },
    { summary: 'Refund', details: 'I want the invoice paid back', teamId: sales.id, contactId: max.id },
    {
      summary: 'Login',
      details: 'no entry',
      openedBy: 'Max <m@example.com>',
      companyId: 7,
      authorId: desk.bob.id,
    },
    { summary: 'Kein Zugang 🚪', details: 'x', contactId: null },
  ];
  all = [];
  for (const input of inputs) {
    all.push(await desk.open(input));
    desk.clock.advance(MINUTE);
  }
  await supportCases.addNote(desk.ctx, all[2]?.id ?? '', { note: 'Refund promised for the door.' });
  await supportCases.update(desk.ctx, all[1]?.id ?? '', { status: 'open' });
  await supportCases.update(desk.ctx, all[0]?.id ?? '', { status: 'closed', isArchived: true });
});

const find = async (query: CaseQuery) =>
  (await supportCases.search(desk.ctx, { sort: [{ field: 'number', direction: 'asc' }], ...query })).map(
    ({ id }) => all.findIndex((one) => one.id === id),
  );

test.each([
  ['invoice', [0, 1]],
  ['INVOICE wrong', [0]],
  ['invo', [0, 1]],
  ['voice', []],
  ['refund', [1, 2]],
  ['promised entry', [2]],
  ['größe', [0]],
  ['ann@example.com', [0]],
  ['2024-17', [0]],
  ['zugang 🚪', [3]],
  ["o'refund \\ ' & | ! : * ( )", []],
  ['refund & | !', [1, 2]],
  ['🚪', []],
  ['', []],
])('the words %j are in %j', async (text, expected) => {
  expect(await find({ text })).toEqual(expected);
});

test('the number of a case is one of its words, and words that go are not found any more', async () => {
  const made = await desk.open({ summary: 'Zebra' });
  const count = async (text: string) => (await supportCases.search(desk.ctx, { text })).length;
  expect(await count(made.caseNumber.toLowerCase())).toBe(1);
  await supportCases.update(desk.ctx, made.id, { summary: 'Okapi', details: '' });
  // The first entry of the history keeps what was written then.
  expect([await count('okapi'), await count('zebra')]).toEqual([1, 1]);
  await supportCases.delete(desk.ctx, made.id);
  expect([await count('okapi'), await count('zebra')]).toEqual([0, 0]);
});

test('another account has other words', async () => {
  const other = await openDesk();
  expect(await supportCases.search(other.ctx, { text: 'invoice' })).toEqual([]);
});

test('each filter leaves what it is for', async () => {
  const sales = all[1]?.teamId ?? '';
  const [max] = (await contacts.search(desk.ctx, 'Max')).rows;
  const eve = await agents.create(desk.ctx, { firstName: 'Eve' });
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 10, minute)).toISOString();
  const expected: [CaseQuery, number[]][] = [
    [{}, [0, 1, 2, 3]],
    [{ status: 'all' }, [0, 1, 2, 3]],
    [{ status: 'new' }, [2, 3]],
    [{ status: 'active' }, [1, 2, 3]],
    [{ status: 'closed' }, [0]],
    [{ contactIds: [desk.jane.id, max?.number ?? 0] }, [0, 1, 2]],
    [{ contactIds: [999_999] }, []],
    [{ contactIds: [] }, []],
    [{ email: 'JANE@example.com' }, [0, 2]],
    ...['Max@Example.com', 'max@example.COM', 'M@example.com'].map((email): [CaseQuery, number[]] => [
      { email },
      [1],
    ]),
    [{ email: '_ax@example.com' }, []],
    [{ email: 'nobody@example.com' }, []],
    [{ companyId: 7 }, [2]],
    [{ teamId: sales }, [1]],
    [{ teamId: desk.team.number, agentId: desk.ann.number }, [0, 2, 3]],
    [{ agentId: eve.id }, []],
    [{ createdByAgentId: desk.bob.id }, [2]],
    [{ from: 'max <' }, [2]],
    [{ subject: 'invoice' }, [0]],
    [{ isArchived: false }, [1, 2, 3]],
    [{ opened: { after: at(1), before: at(2) } }, [1, 2]],
    [{ assigned: { after: at(3) } }, [3]],
    [{ updated: { before: at(3) } }, [3]],
    [{ closed: { after: at(0) } }, [0]],
    [{ firstResponse: { after: at(0) } }, []],
    [{ limit: 2, offset: 1 }, [1, 2]],
    [{ text: 'refund', status: 'open' }, [1]],
  ];
  for (const [query, found] of expected) expect([query, await find(query)]).toEqual([query, found]);
});

test('several orders hold one after the other, empty values last', async () => {
  await supportCases.reply(desk.ctx, all[3]?.id ?? '', { to: ['a@example.com'], body: 'x' });
  const sort = [
    { field: 'lastResponseAt', direction: 'asc' as const },
    { field: 'status', direction: 'desc' as const },
    { field: 'openedAt', direction: 'asc' as const },
  ];
  expect(await find({ sort })).toEqual([3, 1, 2, 0]);
  expect(await find({ sort: [] })).toEqual([3, 2, 1, 0]);
  await expect(
    supportCases.search(desk.ctx, { sort: [{ field: 'details', direction: 'asc' }] }),
  ).rejects.toThrow('details is no field to sort by.');
  await expect(supportCases.search(desk.ctx, { limit: 1001 })).rejects.toThrow(
    'limit must be from 1 to 1000, not 1001.',
  );
});

test('a record comes with its team, agent, contact and tags, and with its history in order', async () => {
  const [record] = await supportCases.search(desk.ctx, { text: 'promised' });
  expect(record).toMatchObject({
    team: { name: 'Help' },
    agent: { firstName: 'Ann' },
    contact: { firstName: 'Jane' },
    tags: [],
  });
  const { entries } = await supportCases.withHistory(desk.ctx, record?.id ?? '');
  expect(entries.map(({ kind, body, agent }) => [kind, body, agent?.firstName])).toEqual([
    ['note', 'no entry', 'Bob'],
    ['note', 'Refund promised for the door.', undefined],
  ]);
});

test('a history without end stays searchable: what no index can hold is left out', async () => {
  const { id } = await desk.open({ summary: 'Endless' });
  for (let at = 0; at < 12; at += 1) {
    const note = Array.from({ length: 12_000 }, (_, word) => `w${at}x${word.toString(36)}`).join(' ');
    await supportCases.addNote(desk.ctx, id, { note: note.slice(0, 100_000) });
  }
  expect((await supportCases.search(desk.ctx, { text: 'endless w0x1' })).map((one) => one.id)).toEqual([id]);
});
