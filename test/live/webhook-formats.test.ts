import { calls } from '../../src/domain/call/call.service';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { teams } from '../../src/domain/team/team.service';
import { openTestAccount, TestClock } from '../support/account';
import { cursorNow } from '../support/change-log';
import { endChildren } from '../support/child';
import { startGateway } from '../support/gateway';
import { postGraphql } from '../support/graphql-client';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { emptyQueues } from '../support/queues';
import { Receiver } from '../support/receiver';

const WEBHOOK_ALLOW = '127.0.0.1';

let server: LiveServer;

beforeEach(() => emptyQueues());
afterEach(() => server.close());

afterAll(() => endChildren());

/** Makes a webhook over GraphQL. */
async function createWebhook(key: string, input: object): Promise<void> {
  const query = 'mutation M($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }';
  const response = await postGraphql(server, key, query, {
    input: { name: 'x', format: 'callingly', ...input },
  });
  expect(await response.json()).toMatchObject({
    data: { createWebhook: { secret: expect.stringMatching(/^whsec_/) } },
  });
}

test('a process that only sends knows the forms of the vendors', async () => {
  const receiver = await Receiver.start();
  const { ctx, key } = await openTestAccount({ clock: new TestClock(new Date()) });
  server = await startLiveServer({ settings: { ROLE: 'api' } });
  await createWebhook(key, { url: receiver.url, events: ['lead.created'] });
  await startGateway({ ROLE: 'worker', WEBHOOK_ALLOW });
  const lead = await leads.create(ctx, { name: 'Ann Lee', phone: '+12025550101' });
  await receiver.has(1);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({ id: lead.number, fname: 'Ann' });
});

test('subscribers and webhooks with the same conditions are told of the same events', async () => {
  const receiver = await Receiver.start();
  const { ctx, key } = await openTestAccount({ clock: new TestClock(new Date()) });
  server = await startLiveServer({ settings: { ROLE: 'all', WEBHOOK_ALLOW } });
  const team = await teams.create(ctx, { name: 'Main Team' });
  const ofTeam = { outboundTeamId: team.id };
  const onNotes = { field: 'note' };
  await createWebhook(key, { url: `${receiver.url}/calls`, events: ['call.completed'], filters: ofTeam });
  await createWebhook(key, { url: `${receiver.url}/notes`, events: ['lead.updated'], filters: onNotes });
  const since = await cursorNow(ctx);
  const subscribe = (query: string, filter: object) =>
    server.client(key).iterate<Record<string, unknown>>({ query, variables: { since, filter } });
  const completed = subscribe(
    'subscription ($since: String, $filter: ChangeFilter) { callCompleted(since: $since, filter: $filter) { call { number direction } } }',
    ofTeam,
  );
  const updated = subscribe(
    'subscription ($since: String, $filter: ChangeFilter) { leadUpdated(since: $since, filter: $filter) { lead { number } changes { field new } } }',
    onNotes,
  );
  const lead = await leads.create(ctx, { name: 'Ann Lee', phone: '+12025550101' });
  await leads.update(ctx, lead.id, { stage: 'Won' });
  const note = await notes.create(ctx, { leadId: lead.id, body: 'Hello.' });
  const made = { leadId: lead.id, teamId: team.id, status: 'completed' };
  await calls.create(ctx, { ...made, direction: 'inbound' });
  const call = await calls.create(ctx, { ...made, direction: 'outbound' });
  expect((await completed.next()).value.data).toEqual({
    callCompleted: { call: { number: call.number, direction: 'OUTBOUND' } },
  });
  expect((await updated.next()).value.data).toEqual({
    leadUpdated: { lead: { number: lead.number }, changes: [{ field: 'note', new: note.id }] },
  });
  await receiver.has(2);
  const toldAt = (end: string) =>
    receiver.received.filter(({ path }) => path.endsWith(end)).map(({ body }) => JSON.parse(body));
  expect(toldAt('calls')).toMatchObject([{ id: call.number, direction: 'outbound' }]);
  expect(toldAt('notes')).toMatchObject([{ updatedField: 'note', updatedValue: { id: note.number } }]);
});
