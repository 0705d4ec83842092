import { Note } from '../../../src/domain/note/note.entity';
import type { TestAccount } from '../../support/account';
import { withoutChange } from '../../support/account-state';
import { answerOf, EpixelClient, JANE, refusal } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

const R = 'This field is required.';
const B = 'This field may not be blank.';

let server: TestServer;
let account: TestAccount;
let client: EpixelClient;
let slug: string;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  client = await EpixelClient.of(server, account, { username: 'amy', role: 'agent' });
  slug = String((await client.done('create/lead', { ...JANE })).slug);
});

afterAll(() => server.close());

test.each(['leads/', ''])('creates and deletes a note at %screate/leadnote', async (prefix) => {
  const data = await client.done(`${prefix}create/leadnote`, { slug, note: 'Call back.' });
  expect(data).toEqual({
    ...{ id: expect.any(Number), note: 'Call back.', author: 'amy', created_at: '2026-03-02T10:00:00.000Z' },
  });
  const shown = (await client.get(`view/lead/?slug=${slug}`)).json().data.notes;
  expect(shown).toEqual([data]);
  expect(await client.done(`${prefix}delete/leadnote`, { note_id: String(data.id) })).toEqual({});
  expect(await account.ctx.repo(Note).count()).toBe(0);
});

test.each([
  ['missing', {}, R],
  ['blank', { note: ' ' }, B],
  ['long', { note: 'x'.repeat(500) }, 'Ensure this field has no more than 499 characters.'],
])('note %s', async (_, fields, text) => {
  const response = await withoutChange(account, () =>
    client.post('create/leadnote', { slug, ...(fields as object) }),
  );
  expect(answerOf(response)).toEqual(refusal(400, { note: [text] }));
});

test.each([
  ['missing', { slug: 'x' }, R],
  ['blank', { note_id: '' }, B],
  ['no number', { note_id: 'last' }, 'Invalid note id.'],
  ['of none', { note_id: '2147483647' }, 'Requested note not found.'],
])('note_id %s', async (_, fields, text) => {
  const response = await withoutChange(account, () => client.post('delete/leadnote', fields as never));
  expect(answerOf(response)).toEqual(refusal(400, { note_id: [text] }));
});

test('what another agent wrote, even on a lead of one’s own, cannot be deleted; by an admin it can', async () => {
  const admin = await EpixelClient.of(server, account, { username: 'root', role: 'admin' });
  const { id } = await admin.done('create/leadnote', { slug, note: 'From above.' });
  const response = await withoutChange(account, () =>
    client.post('delete/leadnote', { note_id: String(id) }),
  );
  expect(answerOf(response)).toEqual(refusal(401, { detail: "You can't delete this note." }));
  const own = await client.done('create/leadnote', { slug, note: 'Mine.' });
  await admin.done('delete/leadnote', { note_id: String(own.id) });
});
