import { agents } from '../../src/domain/agent/agent.service';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { teams } from '../../src/domain/team/team.service';
import { webhookRecords } from '../../src/domain/webhook/webhook-record';
import { webhookInput, webhookRow } from '../../src/rest/dialects/callingly/webhook.mapping';
import { CALLINGLY_FORMAT } from '../../src/rest/dialects/callingly/webhook-format';
import { openTestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type HookBench, openHookBench } from '../support/callingly-hooks';

let bench: HookBench;

beforeEach(async () => {
  bench = await openHookBench();
});

afterEach(() => expect(bench.errors).toEqual([]));

const CALLS = [
  ['inbound completed', { direction: 'inbound' }, { status: 'completed', result: 'contacted' }],
  ['outbound completed', { direction: 'outbound' }, { status: 'completed', result: 'voicemail' }],
  ['outbound missed', { direction: 'outbound' }, { status: 'missed' }],
  ['inbound offline', { direction: 'inbound' }, { status: 'offline', result: 'missed' }],
  ['outbound removed', { direction: 'outbound' }, { status: 'completed', result: 'removed' }],
] as const;
const EVERY = CALLS.map(([name]) => name);

test.each<[object, readonly string[]]>([
  [{}, EVERY],
  [{ call_direction: 'inbound' }, ['inbound completed', 'inbound offline']],
  [{ call_direction: 'outbound' }, ['outbound completed', 'outbound missed', 'outbound removed']],
  [{ call_status: 'completed' }, ['inbound completed', 'outbound completed', 'outbound removed']],
  [{ call_status: 'missed' }, ['outbound missed']],
  [{ call_status: 'offline' }, ['inbound offline']],
  [{ call_lead_status: 'contacted' }, ['inbound completed']],
  [{ call_lead_status: 'voicemail' }, ['outbound completed']],
  [{ call_lead_status: 'missed' }, ['inbound offline']],
  [{ call_lead_status: 'removed' }, ['outbound removed']],
  [{ call_direction: 'outbound', call_status: 'completed', call_lead_status: 'contacted' }, []],
  [{ call_direction: null, call_status: null, call_lead_status: '', field: 'stage', filter: 'x' }, EVERY],
])('call_completed with %j is told of %j', async (conditions, wanted) => {
  await bench.hook({ event: 'call_completed', ...conditions });
  const nameById = new Map<unknown, string>();
  for (const [name, input, end] of CALLS) {
    const call = await bench.makeCall(await bench.createLead(), input, end);
    nameById.set(call.number, name);
  }
  const told = await bench.told();
  expect(told.map(({ id }) => nameById.get(id)).toSorted()).toEqual([...wanted].toSorted());
});

test.each<[('team' | 'number')[], object, string[]]>([
  [['team'], {}, ['out by the team']],
  [['number'], {}, ['in to the number']],
  [['team', 'number'], {}, ['in to the number', 'out by the team']],
  [['team', 'number'], { call_direction: 'inbound' }, ['in to the number']],
  [['team', 'number'], { call_direction: 'outbound' }, ['out by the team']],
])(
  'team_id is for outbound calls and number_id for inbound ones: %j with %j',
  async (given, more, wanted) => {
    const { ctx, team, number } = bench;
    const other = await teams.create(ctx, { name: 'Other' });
    const otherNumber = await phoneNumbers.create(ctx, { phone: '+15705550109' });
    await bench.hook({
      ...{ event: 'call_completed', ...more },
      ...(given.includes('team') && { team_id: team.number }),
      ...(given.includes('number') && { number_id: number.number }),
    });
    const made = [
      ['out by the team', 'outbound', team, otherNumber],
      ['out by another', 'outbound', other, number],
      ['out by none', 'outbound', undefined, number],
      ['in to the team at another number', 'inbound', team, otherNumber],
      ['in to the number', 'inbound', other, number],
    ] as const;
    const nameById = new Map<unknown, string>();
    for (const [name, direction, ofTeam, at] of made) {
      const input = { direction, teamId: ofTeam?.id, phoneNumberId: at.id };
      const call = await bench.makeCall(await bench.createLead(), input);
      nameById.set(call.number, name);
    }
    expect((await bench.told()).map(({ id }) => nameById.get(id)).toSorted()).toEqual(wanted);
  },
);

test('conditions that no call can meet are refused', async () => {
  const { team, number } = bench;
  await withoutChange(bench.account, async () => {
    await expect(
      bench.hook({ event: 'call_completed', call_direction: 'inbound', team_id: team.number }),
    ).rejects.toMatchObject({
      code: 'INVALID',
      fields: {
        'filters.outboundTeamId': [
          'The filter outboundTeamId is for outbound calls, not for those of callDirection.',
        ],
      },
    });
    await expect(
      bench.hook({ event: 'call_completed', call_direction: 'outbound', number_id: number.number }),
    ).rejects.toMatchObject({ code: 'INVALID' });
  });
});

test.each<[object, unknown[]]>([
  [{}, ['status', 'status', 'stage', 'tags', 'tags', 'note', 'lead_owner']],
  [{ field: 'status' }, ['status', 'status']],
  [{ field: 'status', filter: 'called' }, ['status']],
  [{ field: 'stage' }, ['stage']],
  [{ field: 'stage', filter: 'Lost' }, []],
  [{ field: 'result' }, []],
  [{ field: 'tags' }, ['tags', 'tags']],
  [{ field: 'tags', filter: 'vip' }, ['tags']],
  [{ field: 'note' }, ['note']],
  [{ field: 'lead_owner' }, ['lead_owner']],
])('lead_updated with %j is told of %j', async (conditions, wanted) => {
  const { ctx, agent } = bench;
  await bench.hook({ event: 'lead_updated', ...conditions });
  const lead = await bench.createLead();
  await leads.update(ctx, lead.id, { status: 'called' });
  await leads.update(ctx, lead.id, { status: 'contacted', stage: 'Won' });
  await leads.update(ctx, lead.id, { tagNames: ['pool', 'vip'] });
  await notes.create(ctx, { leadId: lead.id, body: 'Hello.' });
  await leads.update(ctx, lead.id, { ownerId: agent.id });
  expect((await bench.told()).map(({ updatedField }) => updatedField)).toEqual(wanted);
});

test('a filter by tag tells of that tag alone, whatever others came with it', async () => {
  await bench.hook({ event: 'lead_updated', field: 'tags', filter: 'vip' });
  const lead = await bench.createLead();
  await leads.update(bench.ctx, lead.id, { tagNames: ['pool', 'vip'] });
  await leads.update(bench.ctx, lead.id, { tagNames: ['pool'] });
  expect(await bench.told()).toMatchObject([{ updatedValue: { name: 'vip' }, tag: { name: 'vip' } }]);
});

test('leads are told of by team, and by owner whose number is given', async () => {
  const { ctx, team, agent, number } = bench;
  const other = await agents.create(ctx, { firstName: 'Dwight' });
  await bench.hook({ event: 'lead_updated', field: 'lead_owner', filter: String(agent.number) });
  const lead = await bench.createLead();
  await leads.update(ctx, lead.id, { ownerId: other.id });
  await leads.update(ctx, lead.id, { ownerId: agent.id });
  expect(await bench.told()).toMatchObject([{ updatedValue: { name: 'Michael Scott' } }]);
  // The vendor's own example of such a webhook has a number too; no lead has one.
  await bench.hook({ event: 'lead_created', team_id: team.number, number_id: number.number });
  await bench.createLead();
  const ours = await bench.createLead({ teamId: team.id });
  expect((await bench.told()).map(({ id }) => id)).toEqual([ours.number]);
});

test('lead_created with a field is told of leads who come with it', async () => {
  await bench.hook({ event: 'lead_created', field: 'stage' });
  await bench.hook({ event: 'lead_created', field: 'stage', filter: 'Won' });
  await bench.hook({ event: 'lead_created', field: 'tags', filter: 'vip' });
  await bench.createLead();
  await bench.createLead({ stage: 'Lost' });
  await bench.createLead({ stage: 'Won', tagNames: ['pool', 'vip'] });
  const stages = (await bench.told()).map(({ stage }) => stage);
  expect(stages.toSorted()).toEqual(['Lost', 'Won', 'Won', 'Won']);
});

test('rows are named by whole numbers, also when they are gone since, and stay when they are not spoken of', async () => {
  const { ctx, team, number } = bench;
  const given = { event: 'call_completed', team_id: team.number, number_id: number.number } as const;
  const made = await bench.hook(given);
  await teams.delete(ctx, team.id);
  const rename = await webhookRecords.update(ctx, CALLINGLY_FORMAT, made.number, (current) =>
    webhookInput({ name: 'renamed', call_status: 'missed' }, current),
  );
  const row = {
    ...{ id: made.number, account_id: ctx.account.number, name: 'renamed', event: 'call_completed' },
    ...{ target_url: bench.receiver.url, direction: null, call_direction: null, call_status: 'missed' },
    ...{ call_lead_status: null, team_id: team.number, number_id: number.number, field: null, filter: null },
  };
  expect(webhookRow(rename, ctx.account)).toEqual(row);
  expect(webhookRow(await webhookRecords.get(ctx, CALLINGLY_FORMAT, made.id), ctx.account)).toEqual(row);
  const second = await bench.hook({ event: 'lead_created' });
  const list = await webhookRecords.list(ctx, CALLINGLY_FORMAT);
  expect(list.map((one) => webhookRow(one, ctx.account))).toEqual([
    expect.objectContaining({ id: second.number }),
    row,
  ]);
});

test('webhooks of other formats and of other accounts are missing', async () => {
  const { ctx } = bench;
  const stranger = await openTestAccount();
  const own = await bench.hook({ event: 'lead_created' });
  const standard = await bench.subscribe(bench.receiver.url);
  const missing = { code: 'NOT_FOUND', message: 'Webhook not found' };
  await withoutChange(bench.account, async () => {
    for (const [as, ref] of [
      [ctx, standard.number],
      [stranger.ctx, own.id],
      [ctx, 2_000_000_000],
    ] as const) {
      await expect(webhookRecords.get(as, CALLINGLY_FORMAT, ref)).rejects.toMatchObject(missing);
      await expect(webhookRecords.update(as, CALLINGLY_FORMAT, ref, () => ({}))).rejects.toMatchObject(
        missing,
      );
      await expect(webhookRecords.delete(as, CALLINGLY_FORMAT, ref)).rejects.toMatchObject(missing);
    }
    expect(await webhookRecords.list(stranger.ctx, CALLINGLY_FORMAT)).toEqual([]);
  });
  await webhookRecords.delete(ctx, CALLINGLY_FORMAT, own.number);
  expect(await webhookRecords.list(ctx, CALLINGLY_FORMAT)).toEqual([]);
});

test.each<[object, string]>([
  [{ team_id: 2_000_000_000 }, 'filters.outboundTeamId'],
  [{ number_id: 2_000_000_000 }, 'filters.inboundPhoneNumberId'],
  [{ event: 'lead_updated', filter: 'called' }, 'filters.value'],
  [{ event: 'lead_updated', field: 'lead_owner', filter: 'Michael' }, 'filters.value'],
  [{ event: 'lead_updated', field: 'lead_owner', filter: '2000000000' }, 'filters.value'],
  [{ target_url: 'http://user:pw@example.com/' }, 'url'],
])('%j is refused at %s, and nothing is written', async (given, field) => {
  await withoutChange(bench.account, async () => {
    await expect(bench.hook({ event: 'call_completed', ...given })).rejects.toMatchObject({
      ...{ code: 'INVALID', fields: { [field]: [expect.any(String)] } },
    });
  });
});
