import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import type { Tag } from '../../src/domain/tag/tag.entity';
import { tags } from '../../src/domain/tag/tag.service';
import { type HookBench, OPENED_AT, openHookBench, WHO, WHO_TOLD } from '../support/callingly-hooks';

const LATER = '2026-01-29T21:02:47.000000Z';

let bench: HookBench;

beforeEach(async () => {
  bench = await openHookBench();
});

afterEach(() => expect(bench.errors).toEqual([]));

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
    await Promise.all(
      ['old', 'vip', 'pool'].map(async (name) => [name, await bench.tagNamed(name)] as const),
    ),
  ) as Record<'old' | 'vip' | 'pool', Tag>;
  const rowOf = ({ number, name }: Tag) => ({
    ...{ id: number, account_id: ctx.account.number, name, color: null, is_cancel_calls: 0 },
    ...{ created_at: OPENED_AT, updated_at: OPENED_AT, deleted_at: null },
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
  await tags.delete(ctx, (await bench.tagNamed('brief')).id);
  const told = await bench.told();
  expect(told.map(({ updatedField, updatedValue }) => [updatedField, updatedValue])).toEqual([
    ['tags', { name: null, updated_at: OPENED_AT }],
    ['tags', { name: 'brief', updated_at: OPENED_AT }],
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
  const name = (value: unknown) => ({ name: value, updated_at: OPENED_AT });
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
    { updatedField: field, updatedValue: { name: null, updated_at: OPENED_AT } },
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
