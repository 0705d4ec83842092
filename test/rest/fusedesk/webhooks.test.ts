import { agents } from '../../../src/domain/agent/agent.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import { supportCases } from '../../../src/domain/support-case/support-case.service';
import { tags } from '../../../src/domain/tag/tag.service';
import { teams } from '../../../src/domain/team/team.service';
import { webhooks } from '../../../src/domain/webhook/webhook.service';
import { webhookRecords } from '../../../src/domain/webhook/webhook-record';
import { registerDialects } from '../../../src/rest/dialects';
import { type Action, eventsOf, type ObjectType } from '../../../src/rest/dialects/fusedesk/webhook.mapping';
import { withoutChange } from '../../support/account-state';
import { type DeliveryBench, openBench } from '../../support/delivery';
import { Receiver } from '../../support/receiver';
import { startTestServer } from '../../support/server';
import { FuseDesk, refused } from './fusedesk-client';

let bench: DeliveryBench;
let receiver: Receiver;

beforeEach(async () => {
  registerDialects();
  bench = await openBench();
  receiver = await Receiver.start();
});

function hook(objectType: ObjectType, action: Action) {
  const input = { name: 'hook', url: receiver.url, events: eventsOf(objectType, action) };
  return webhookRecords.create(bench.account.ctx, 'fusedesk', input);
}

/** What has come, as objects. */
async function told(): Promise<Record<string, unknown>[]> {
  await bench.run();
  return receiver.received.map(({ body }) => JSON.parse(body));
}

test('a case that is made, noted and closed is told of once each, as GET shows it', async () => {
  await hook('case', 'add');
  await hook('case', 'edit');
  const { ctx } = bench.account;
  await agents.create(ctx, { firstName: 'Ann' });
  const { id: teamId, number: departmentid } = await teams.create(ctx, {
    name: 'Help',
    isForAllAgents: true,
  });
  const asked = { teamId, summary: 'Printer', details: 'It burns.', openedBy: 'Jane' };
  const { id, number } = await supportCases.create(ctx, asked);
  await supportCases.addNote(ctx, id, { note: 'Called.' });
  await supportCases.update(ctx, id, { status: 'closed' });
  const data = expect.objectContaining({ id: number, departmentid, summary: 'Printer', tags: [] });
  const date = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
  // The two webhooks are sent to beside one another.
  const inOrder = (await told()).toSorted((a, b) => String(a.action).localeCompare(String(b.action)));
  expect(inOrder).toEqual([
    { objectType: 'case', action: 'add', data, date },
    { objectType: 'case', action: 'edit', data, date },
    {
      objectType: 'case',
      action: 'edit',
      data: expect.objectContaining({ id: number, status: 'closed' }),
      date,
    },
  ]);
});

test('contacts, departments, reps and case tags; tags of leads are not told of', async () => {
  for (const objectType of ['contact', 'department', 'rep', 'casetag'] as const)
    await hook(objectType, 'add');
  const { ctx } = bench.account;
  const jane = await contacts.create(ctx, { firstName: 'Jane' });
  const team = await teams.create(ctx, { name: 'Help' });
  const ann = await agents.create(ctx, { firstName: 'Ann' });
  await tags.create(ctx, { name: 'of leads' });
  const tag = await tags.create(ctx, { name: 'urgent', scope: 'case' });
  const data = (await told()).map((one) => [one.objectType, one.data]);
  expect(Object.fromEntries(data)).toEqual({
    contact: expect.objectContaining({ crmId: jane.number, firstName: 'Jane' }),
    department: expect.objectContaining({ id: team.number, name: 'Help' }),
    rep: expect.objectContaining({ userId: ann.number, firstName: 'Ann' }),
    casetag: { id: tag.number, tagname: 'urgent', hidden: false, totalcases: 0 },
  });
  expect(data).toHaveLength(4);
});

test('only webhooks of the format are listed, and words that are none are refused', async () => {
  const server = await startTestServer();
  try {
    const desk = await FuseDesk.open(server, await server.listen());
    await webhooks.create(desk.ctx, { name: 'other', url: 'https://example.com', events: ['lead.*'] });
    const words = { objectType: 'casetag', action: 'delete', url: 'https://example.com/hook' };
    const { body: made } = await desk.post('/api/v2/webhooks', words);
    expect(made).toEqual({ id: expect.any(String), ...words, dateCreated: '2026-03-02T10:00:00+00:00' });
    expect((await desk.get('/api/v2/webhooks')).body).toEqual([made]);
    const answer = await withoutChange(desk.account, () =>
      desk.post('/api/v2/webhooks', { ...words, action: 'explode' }),
    );
    const error = 'action must be one of add, edit, delete.';
    expect(answer).toEqual(refused(405, 'api_error_invalidparam', error));
    expect(await desk.send({ method: 'DELETE', path: `/api/v2/webhooks/${made.id}` })).toMatchObject({
      ...{ status: 200, body: made },
    });
    expect((await desk.get('/api/v2/webhooks')).body).toEqual([]);
  } finally {
    await server.close();
  }
});
