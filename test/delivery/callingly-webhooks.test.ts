import { Webhook as StandardWebhook } from 'standardwebhooks';
import { calls } from '../../src/domain/call/call.service';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { Tag } from '../../src/domain/tag/tag.entity';
import { tags } from '../../src/domain/tag/tag.service';
import { teams } from '../../src/domain/team/team.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { TestClock } from '../support/account';
import { type HookBench, openHookBench } from '../support/callingly-hooks';

const NOW = '2026-01-29T21:02:05.000000Z';
const LATER = '2026-01-29T21:02:47.000000Z';

let bench: HookBench;

beforeEach(async () => {
  bench = await openHookBench();
});

afterEach(() => expect(bench.errors).toEqual([]));

const WHO = {
  name: 'Example Lead',
  phone: '+15705550101',
  email: 'example@example.com',
  company: 'Acme',
  category: 'Pools',
  source: 'Web',
  crmId: '77',
  comments: 'Call <me>\nsoon',
};

const tagNamed = (name: string) => bench.ctx.repo(Tag).findBy({ name }) as Promise<Tag>;

/** What every payload says of the lead above. */
const WHO_TOLD = {
  ...{ fname: 'Example', lname: 'Lead', email: 'example@example.com', phone_number: '+15705550101' },
  ...{ company: 'Acme', category: 'Pools', source: 'Web', crm: null, comments: 'Call <me>\nsoon' },
  comments_formatted: 'Call &lt;me&gt;<br />\nsoon',
};

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
        tags: [{ id: (await tagNamed('vip')).number, name: 'vip' }],
        notes: [
          {
            ...{ id: note.number, user_id: agent.number, call_id: null, content: 'Wants a pool.' },
            created_at: NOW,
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
      tags: [{ id: (await tagNamed('vip')).number, name: 'vip' }],
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

test('lead_updated by a note: the note as the row that it is, and who wrote it', async () => {
  const { ctx, agent, clock } = bench;
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead(WHO);
  clock.advance(42_000);
  const call = await bench.makeCall(lead, {});
  await bench.told();
  const about = { leadId: lead.id, callId: call.id };
  const note = await notes.create(ctx, { ...about, authorId: agent.id, body: 'Wants a pool.' });
  const item = {
    ...{ id: note.number, user_id: agent.number, call_id: call.number, content: 'Wants a pool.' },
    created_at: LATER,
  };
  const user = { name: 'Michael Scott', phone_number: '+15705550123', custom_id: 'crm-7' };
  expect(await bench.told()).toEqual([
    {
      ...{ id: lead.number, ...WHO_TOLD, lead_owner: null, notes: [item], tags: [] },
      ...{ status: 'contacted', result: 'contacted', stage: '', team: null, updatedField: 'note' },
      updatedValue: {
        ...{ ...item, account_id: ctx.account.number, lead_id: lead.number, updated_at: LATER },
        created_at_formatted: '01/29/26 6:02pm',
        user: {
          ...{ id: agent.number, name: 'Michael Scott', fname: 'Michael', lname: 'Scott' },
          ...{ email: 'michael@example.com', phone_number: '+15705550123' },
        },
      },
      ...{ agent: user, user },
    },
  ]);
});

test('a note that is gone by the time it is told is told as it was', async () => {
  const { ctx } = bench;
  await bench.hook({ event: 'lead_updated', field: 'note' });
  const lead = await bench.createLead();
  const note = await notes.create(ctx, { leadId: lead.id, body: 'first' });
  await notes.update(ctx, note.id, { body: 'second' });
  await notes.delete(ctx, note.id);
  const [told, ...more] = await bench.told();
  expect(more).toEqual([]);
  expect(told).toMatchObject({
    ...{ updatedField: 'note', notes: [] },
    updatedValue: { id: note.number, content: 'first', user_id: null, user: null },
  });
  expect(told).not.toHaveProperty('agent');
});

test('notes written at one moment do not wait for one another in vain, and each is told', async () => {
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead();
  const made = await Promise.all(
    Array.from({ length: 10 }, (_, at) => notes.create(bench.ctx, { leadId: lead.id, body: `${at}` })),
  );
  const told = (await bench.told()) as { updatedValue: { id: number } }[];
  expect(told.map(({ updatedValue }) => updatedValue.id).toSorted((a, b) => a - b)).toEqual(
    made.map(({ number }) => number).toSorted((a, b) => a - b),
  );
});

test('lead_updated by tags: each new tag as the row that it is', async () => {
  const { ctx } = bench;
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead({ ...WHO, tagNames: ['old'] });
  await leads.update(ctx, lead.id, { tagNames: ['old', 'vip', 'pool'] });
  const rows = Object.fromEntries(
    await Promise.all(['old', 'vip', 'pool'].map(async (name) => [name, await tagNamed(name)] as const)),
  ) as Record<'old' | 'vip' | 'pool', Tag>;
  const rowOf = ({ number, name }: Tag) => ({
    ...{ id: number, account_id: ctx.account.number, name, color: null, is_cancel_calls: 0 },
    ...{ created_at: NOW, updated_at: NOW, deleted_at: null },
  });
  const told = (tag: Tag) => ({
    ...{ id: lead.number, ...WHO_TOLD, lead_owner: null, notes: [] },
    tags: [rows.old, rows.vip, rows.pool].map(({ number, name }) => ({ id: number, name })),
    ...{ status: null, result: null, stage: '', team: null },
    ...{ updatedField: 'tags', updatedValue: rowOf(tag), tag: rowOf(tag) },
  });
  expect(await bench.told()).toEqual([told(rows.vip), told(rows.pool)]);
});

test('tags that are taken off, or gone when they are told, leave an object too', async () => {
  const { ctx } = bench;
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead({ tagNames: ['old'] });
  await leads.update(ctx, lead.id, { tagNames: [] });
  await leads.update(ctx, lead.id, { tagNames: ['brief'] });
  await tags.delete(ctx, (await tagNamed('brief')).id);
  const told = await bench.told();
  expect(told.map(({ updatedField, updatedValue }) => [updatedField, updatedValue])).toEqual([
    ['tags', { name: null, updated_at: NOW }],
    ['tags', { name: 'brief', updated_at: NOW }],
  ]);
  expect(told[0]).not.toHaveProperty('tag');
});

test('one webhook for each changed field, in one order, each with an id of its own', async () => {
  const { ctx, team, agent } = bench;
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead();
  await leads.update(ctx, lead.id, {
    ...{ tagNames: ['vip'], stage: 'Won', result: 'contacted', status: 'called', isBlocked: true },
    ...{ isStopped: true, ownerId: agent.id, teamId: team.id, comments: 'c', crmId: '1', sourceId: '2' },
    ...{ source: 's', category: 'k', company: 'Acme', phone: '+15705550102', email: 'a@example.com' },
    ...{ name: 'Ann Lee', scheduledCallAt: '2026-02-01T10:00:00Z', dialStatus: 'retry', location: 'Rome' },
  });
  const told = await bench.told();
  const name = (value: unknown) => ({ name: value, updated_at: NOW });
  expect(told.map(({ updatedField, updatedValue }) => [updatedField, updatedValue])).toEqual([
    ['fname', name('Ann')],
    ['lname', name('Lee')],
    ['email', name('a@example.com')],
    ['phone_number', name('+15705550102')],
    ['company', name('Acme')],
    ['category', name('k')],
    ['source', name('s')],
    ['source_id', name('2')],
    ['crm_id', name('1')],
    ['comments', name('c')],
    ['team', name('Main Team')],
    ['lead_owner', name('Michael Scott')],
    ['is_stopped', name(1)],
    ['is_blocked', name(1)],
    ['scheduled_call_at', name('2026-02-01T10:00:00.000000Z')],
    ['status', name('called')],
    ['result', name('contacted')],
    ['stage', name('Won')],
    ['tags', expect.objectContaining({ name: 'vip' })],
  ]);
  const ids = bench.receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(19);
  expect(told.every(({ fname }) => fname === 'Ann')).toBe(true);
});

const EMPTIED = {
  ...{ email: 'email', company: 'company', category: 'category', source: 'source', source_id: 'sourceId' },
  ...{ crm_id: 'crmId', comments: 'comments', team: 'teamId', lead_owner: 'ownerId', status: 'status' },
  ...{ scheduled_call_at: 'scheduledCallAt', result: 'result', stage: 'stage' },
};

test.each(Object.entries(EMPTIED))('%s that is emptied: updatedValue is an object', async (field, key) => {
  const { ctx, team, agent } = bench;
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead({
    ...{ ...WHO, sourceId: 's', teamId: team.id, ownerId: agent.id, status: 'called', result: 'voicemail' },
    ...{ stage: 'Won', scheduledCallAt: '2026-02-01T10:00:00Z' },
  });
  await leads.update(ctx, lead.id, { [key]: null });
  expect(await bench.told()).toMatchObject([
    { updatedField: field, updatedValue: { name: null, updated_at: NOW } },
  ]);
});

test('what is no field of the vendor’s is not told', async () => {
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead();
  await leads.update(bench.ctx, lead.id, { location: 'Rome', customFields: { a: 1 }, dialStatus: 'retry' });
  expect(await bench.told()).toEqual([]);
  expect(await bench.deliveries()).toEqual([]);
});

test('the parts of an update wait for one another, and are tried again one by one', async () => {
  await bench.hook({ event: 'lead_updated' });
  const lead = await bench.createLead();
  await leads.update(bench.ctx, lead.id, { status: 'called', stage: 'Won' });
  let refused = 0;
  bench.receiver.answer = ({ body }) => {
    const isFirst = JSON.parse(body).updatedField === 'status' && refused++ === 0;
    return { status: isFirst ? 500 : 200 };
  };
  const fieldsTold = async () => (await bench.told()).map(({ updatedField }) => updatedField);
  expect(await fieldsTold()).toEqual(['status']);
  bench.clock.advance(5000);
  expect(await fieldsTold()).toEqual(['status', 'stage']);
  const [first, second, third] = bench.receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
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
