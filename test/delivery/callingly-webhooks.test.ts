import { Webhook as StandardWebhook } from 'standardwebhooks';
import { calls } from '../../src/domain/call/call.service';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { teams } from '../../src/domain/team/team.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { TestClock } from '../support/account';
import { type HookBench, OPENED_AT, openHookBench, WHO, WHO_TOLD } from '../support/callingly-hooks';

let bench: HookBench;

beforeEach(async () => {
  bench = await openHookBench();
});

afterEach(() => expect(bench.errors).toEqual([]));

test('call_completed: the whole call, as the account’s clocks show it', async () => {
  const { ctx, clock, agent, team, number } = bench;
  await bench.hook({ event: 'call_completed' });
  const lead = await bench.createLead({ ...WHO, teamId: team.id, tagNames: ['vip'], stage: 'Quoted' });
  const note = await notes.create(ctx, { leadId: lead.id, authorId: agent.id, body: 'Wants a pool.' });
  const ids = { leadId: lead.id, teamId: team.id, phoneNumberId: number.id };
  const begun = { direction: 'outbound', status: 'ringing', startedAt: ctx.instant() };
  const call = await calls.create(ctx, { ...ids, ...begun });
  clock.advance(12_000);
  await calls.progress(ctx, call.id, { status: 'in_progress', agentId: agent.id });
  clock.advance(30_000);
  await calls.progress(ctx, call.id, {
    ...{ status: 'completed', result: 'contacted', transcript: 'Hello.' },
    recordingUrl: 'https://cdn.example.com/1.mp3',
  });
  expect(await bench.told()).toEqual([
    {
      ...{ id: call.number, account_id: ctx.account.number, team_id: team.number, team_name: 'Main Team' },
      ...{ status: 'completed', result: 'contacted', lead_status: 'contacted', direction: 'outbound' },
      ...{ is_fallback: 0, tag: null, stage: 'Quoted' },
      lead: {
        ...{ id: lead.number, first_name: 'Example', last_name: 'Lead', email: 'example@example.com' },
        ...{ phone_number: '+15705550101', company: 'Acme', category: 'Pools', source: 'Web', crm_id: '77' },
        tags: [{ id: (await bench.tagNamed('vip')).number, name: 'vip' }],
        notes: [
          {
            ...{ id: note.number, user_id: agent.number, call_id: null, content: 'Wants a pool.' },
            created_at: OPENED_AT,
          },
        ],
        ...{ comments: 'Call <me>\nsoon', status: 'contacted', result: 'contacted', next_call: null },
      },
      user: {
        ...{ name: 'Michael Scott', phone_number: '+15705550123', custom_id: 'crm-7', fub_id: null },
        email: 'michael@example.com',
      },
      number: { name: 'Front desk', phone_number: '+15705550100' },
      ...{ lead_attempt: 1, agent_attempt: 1, recording_url: 'https://cdn.example.com/1.mp3' },
      ...{ transcript: 'Hello.', response_time: 12, call_seconds: 30, seconds: 30 },
      ...{ date: 'Jan 29, 2026', time: '18:02:05', datetime: '2026-01-29T18:02:05-03:00' },
    },
  ]);
});

test('call_completed of a call that reached nobody, to a lead who is gone', async () => {
  const { ctx } = bench;
  await bench.hook({ event: 'call_completed' });
  const lead = await bench.createLead({ phone: '+15705550101' });
  const call = await bench.makeCall(lead, {}, { status: 'busy' });
  await leads.delete(ctx, lead.id);
  expect(await bench.told()).toEqual([
    {
      ...{ id: call.number, account_id: ctx.account.number, team_id: null, team_name: null },
      ...{ status: 'busy', result: null, lead_status: null, direction: 'outbound' },
      ...{ is_fallback: 0, tag: null, stage: null },
      lead: expect.objectContaining({
        ...{ id: lead.number, first_name: 'John', phone_number: '+15705550101' },
        ...{ tags: [], notes: [], comments: null, status: 'missed', result: null, next_call: null },
      }),
      ...{ user: null, number: null, lead_attempt: 1, agent_attempt: 1 },
      ...{ recording_url: null, transcript: null, response_time: null, call_seconds: 0, seconds: 0 },
      ...{ date: 'Jan 29, 2026', time: '18:02:05', datetime: '2026-01-29T18:02:05-03:00' },
    },
  ]);
});

test('lead_created: the whole lead, once', async () => {
  const { team, agent } = bench;
  await bench.hook({ event: 'lead_created' });
  const given = { ...WHO, teamId: team.id, ownerId: agent.id, tagNames: ['vip'], stage: 'Quoted' };
  const lead = await bench.createLead({ ...given, status: 'called', result: 'voicemail' });
  await leads.update(bench.ctx, lead.id, { stage: 'Won' });
  expect(await bench.told()).toEqual([
    {
      ...{ id: lead.number, ...WHO_TOLD, lead_owner: 'Michael Scott', notes: [] },
      tags: [{ id: (await bench.tagNamed('vip')).number, name: 'vip' }],
      ...{ status: 'called', result: 'voicemail', stage: 'Quoted' },
      team: { id: team.number, name: 'Main Team' },
    },
  ]);
});

test('lead_created of a lead of whom little is known', async () => {
  await bench.hook({ event: 'lead_created' });
  const lead = await bench.createLead({ phone: '+15705550101' });
  expect(await bench.told()).toEqual([
    {
      ...{ id: lead.number, fname: 'John', lname: 'Doe', email: null, phone_number: '+15705550101' },
      ...{ company: null, category: null, source: null, crm: null, comments: null, comments_formatted: null },
      ...{ lead_owner: null, notes: [], tags: [], status: null, result: null, stage: '', team: null },
    },
  ]);
});

test('two webhooks get the same message under the same id; a replay does too', async () => {
  const hook = await bench.hook({ event: 'lead_updated' });
  await bench.hook({ event: 'lead_updated', field: 'stage' });
  const since = bench.ctx.instant();
  const lead = await bench.createLead();
  await leads.update(bench.ctx, lead.id, { status: 'called', stage: 'Won' });
  expect((await bench.told()).map(({ updatedField }) => updatedField).toSorted()).toEqual([
    ...['stage', 'stage', 'status'],
  ]);
  expect(await webhooks.replay(bench.ctx, hook.id, { since })).toMatchObject({ deliveryCount: 2 });
  expect((await bench.told()).map(({ updatedField }) => updatedField)).toEqual(['status', 'stage']);
  const ids = bench.receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(2);
});

test('what is sent carries the headers of Standard Webhooks, which another program can verify', async () => {
  bench.clock.at = new TestClock(new Date()).at;
  const hook = await bench.hook({ event: 'lead_created' });
  const { secret } = await webhooks.rotateSecret(bench.ctx, hook.id, { overlapHours: 0 });
  await bench.createLead({ name: 'Zoë 😀' });
  await bench.told();
  const [{ body, headers }] = bench.receiver.received as [(typeof bench.receiver.received)[0]];
  expect(headers['content-type']).toBe('application/json');
  const own = headers as Record<string, string>;
  expect(new StandardWebhook(secret).verify(body, own)).toMatchObject({ fname: 'Zoë', lname: '😀' });
  expect(() => new StandardWebhook(secret).verify(`${body} `, own)).toThrow('No matching signature found');
});

test('a test is sent as it is', async () => {
  const hook = await bench.hook({ event: 'lead_created' });
  await webhooks.test(bench.ctx, hook.id);
  expect(await bench.told()).toEqual([{ webhookId: hook.id, name: 'hook', message: 'This is a test.' }]);
});

test('calls at every stage between ringing and over are not told', async () => {
  await bench.hook({ event: 'call_completed' });
  const lead = await bench.createLead();
  const begun = { leadId: lead.id, direction: 'outbound', status: 'ringing' };
  const call = await calls.create(bench.ctx, begun);
  await calls.progress(bench.ctx, call.id, { status: 'in_progress' });
  await teams.create(bench.ctx, { name: 'Other' });
  expect(await bench.told()).toEqual([]);
});
