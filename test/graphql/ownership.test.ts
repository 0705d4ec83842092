import { appointments } from '../../src/domain/appointment/appointment.service';
import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { calls } from '../../src/domain/call/call.service';
import { CallRing } from '../../src/domain/call/call-ring.entity';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { FORBIDDEN_LEAD, type LeadIds, Office } from './office';

let office: Office;
let lead: LeadIds;

beforeAll(async () => {
  office = await Office.open();
});
beforeEach(async () => {
  lead = await office.newLeads();
});
afterAll(() => office.close());

const ids = () => Object.values(lead);

describe('an agent sees', () => {
  const LIST = `query Q($ids: [ID!], $first: Int, $last: Int) {
    leads(filter: { id: { in: $ids } }, first: $first, last: $last) { totalCount nodes { firstName } pageInfo { hasNextPage } } }`;

  test('the leads that it owns or is assigned to, in lists and in counts', async () => {
    const own = { totalCount: 2, nodes: [{ firstName: 'Assigned' }, { firstName: 'Owned' }] };
    expect(await office.as('ann', LIST, { ids: ids() })).toEqual({
      leads: { ...own, pageInfo: { hasNextPage: false } },
    });
    expect(await office.as('ann', LIST, { ids: ids(), last: 1 })).toMatchObject({
      leads: { totalCount: 2, nodes: [{ firstName: 'Owned' }] },
    });
    expect(await office.as('ann', LIST, { ids: ids(), first: 1 })).toMatchObject({
      leads: { nodes: [{ firstName: 'Assigned' }], pageInfo: { hasNextPage: true } },
    });
    for (const who of ['boss', 'program'] as const) {
      expect(await office.as(who, LIST, { ids: ids() })).toMatchObject({ leads: { totalCount: 4 } });
    }
  });

  test('another agent’s lead as a missing one', async () => {
    const get = 'query Q($id: ID!) { lead(id: $id) { firstName } }';
    for (const id of [lead.owned, lead.assigned]) await office.as('ann', get, { id });
    for (const id of [lead.others, lead.nobodys]) {
      expect(await office.refusal('ann', get, { id })).toEqual({
        message: 'Lead not found',
        code: 'NOT_FOUND',
      });
      await office.as('boss', get, { id });
    }
  });

  test('no lead any more that is handed over', async () => {
    const give = 'mutation M($id: ID!, $to: ID) { updateLead(id: $id, input: { ownerId: $to }) { ownerId } }';
    await office.as('ann', give, { id: lead.owned, to: office.idOf('bob') });
    expect(await office.as('ann', LIST, { ids: ids() })).toMatchObject({ leads: { totalCount: 1 } });
    expect(await office.refusal('ann', give, { id: lead.owned, to: office.idOf('ann') })).toEqual(
      FORBIDDEN_LEAD,
    );
  });

  test('of notes, appointments, calls, texts and calendar events those of its leads and its own', async () => {
    const { ctx } = office;
    const at = (hour: number) => ({
      startsAt: `2026-04-01T${hour}:00:00Z`,
      endsAt: `2026-04-01T${hour}:30:00Z`,
    });
    const phone = (await leads.get(ctx, lead.others)).phone;
    const made: Record<string, string[]> = {
      notes: [
        (await notes.create(ctx, { leadId: lead.owned, body: 'seen' })).id,
        (await notes.create(ctx, { leadId: lead.others, body: 'seen', authorId: office.idOf('ann') })).id,
        (await notes.create(ctx, { leadId: lead.others, body: 'not seen' })).id,
      ],
      appointments: [
        (await appointments.create(ctx, { leadId: lead.assigned, ...at(10) })).id,
        (await appointments.create(ctx, { leadId: lead.others, agentId: office.idOf('ann'), ...at(11) })).id,
        (await appointments.create(ctx, { leadId: lead.others, ...at(12) })).id,
      ],
      calls: [
        (await calls.create(ctx, { leadId: lead.owned })).id,
        (await calls.create(ctx, { leadId: lead.others, agentId: office.idOf('ann') })).id,
        (await calls.create(ctx, { leadId: lead.others })).id,
      ],
      calendarEvents: [
        (await calendarEvents.create(ctx, { title: 'Mine', ...at(13) })).id,
        (await calendarEvents.create(ctx, { title: 'All', ...at(14) })).id,
        (await calendarEvents.create(ctx, { title: 'Theirs', callerPhone: phone, ...at(15) })).id,
      ],
    };
    const onOwnCall = await notes.create(ctx, { callId: made.calls?.[1], body: 'seen' });
    made.notes?.unshift(onOwnCall.id);
    for (const [plural, [...all]] of Object.entries(made)) {
      const noun = plural.slice(0, -1);
      const hidden = all.pop();
      const list = `query Q($ids: [ID!]) { ${plural}(filter: { id: { in: $ids } }) { totalCount nodes { id } } }`;
      const { [plural]: page } = await office.as('ann', list, { ids: made[plural] });
      expect({ plural, page }).toEqual({
        plural,
        page: {
          totalCount: all.length,
          nodes: all
            .toSorted()
            .reverse()
            .map((id) => ({ id })),
        },
      });
      expect((await office.refusal('ann', `{ ${noun}(id: "${hidden}") { id } }`)).code).toBe('NOT_FOUND');
      for (const id of all) await office.as('ann', `{ ${noun}(id: "${id}") { id lead { id } } }`);
    }
    // The way from an own record to another agent's lead leads nowhere.
    expect(
      await office.as('ann', `{ call(id: "${made.calls?.[1]}") { leadId lead { id } notes { body } } }`),
    ).toEqual({
      call: { leadId: lead.others, lead: null, notes: [{ body: 'seen' }] },
    });
  });

  test('through other agents nothing more', async () => {
    await notes.create(office.ctx, { leadId: lead.assigned, body: 'shared' });
    const text = `query Q($id: ID!) { agent(id: $id) {
      firstName ownedLeads(first: 100) { id notes { body } } assignedLeads(first: 100) { id } } }`;
    const { agent } = await office.as<{ agent: { ownedLeads: { id: string }[] } }>('ann', text, {
      id: office.idOf('bob'),
    });
    const shown = agent.ownedLeads.map(({ id }) => id);
    expect(shown).toContain(lead.assigned);
    expect(shown).not.toContain(lead.others);
    expect(agent).toMatchObject({ firstName: 'bob', assignedLeads: [] });
  });

  test('a call that rings at it, from then on', async () => {
    const call = await calls.create(office.ctx, { leadId: lead.others });
    const get = `{ call(id: "${call.id}") { rings { agentId } } }`;
    const ring = { callId: call.id, agentId: office.idOf('ann'), turn: 1 };
    await office.ctx.transaction((tx) => tx.repo(CallRing).insert({ ...ring, rungAt: null }));
    expect((await office.refusal('ann', get)).code).toBe('NOT_FOUND');
    await office.ctx.transaction((tx) =>
      tx.query('update call_ring set rung_at = $2 where account_id = $1', [tx.account.id, tx.instant()]),
    );
    expect(await office.as('ann', get)).toEqual({ call: { rings: [{ agentId: office.idOf('ann') }] } });
  });
});

describe('an agent has no way to', () => {
  test.each([
    ['{ account { name } }', 'accounts:read'],
    ['{ apiKeys { totalCount } }', 'apiKeys:read'],
    ['mutation { createApiKey(input: { name: "A" }) { key } }', 'apiKeys:write'],
    ['{ webhooks { totalCount } }', 'webhooks:read'],
    ['{ webhookDeliveries { totalCount } }', 'webhookDeliveries:read'],
    ['{ agentSessions { totalCount } }', 'agentSessions:read'],
    ['mutation { createAgent(input: { firstName: "A" }) { id } }', 'agents:write'],
    ['mutation { createTag(input: { name: "A" }) { id } }', 'tags:write'],
    ['mutation { createFeed(input: { name: "A" }) { id } }', 'feeds:write'],
    ['mutation { createTeam(input: { name: "A" }) { id } }', 'teams:write'],
    ['mutation { login(input: { username: "ann", password: "x" }) { accessToken } }', 'sessions:create'],
  ])('%s', async (text, scope) => {
    expect(await office.refusal('ann', text)).toEqual({
      message: `This agent lacks the scope ${scope}.`,
      code: 'FORBIDDEN',
    });
  });

  test('the change log, which shows records as they were', async () => {
    const refused = {
      message: 'The change log is for API keys and for agents of the role admin.',
      code: 'FORBIDDEN',
    };
    expect(await office.refusal('ann', '{ changes { hasMore } }')).toEqual(refused);
    expect(await office.refusal('ann', '{ changes(names: ["lead.created"]) { hasMore } }')).toEqual(refused);
    await office.as('boss', '{ changes { hasMore } }');
  });

  test('raise itself to an admin', async () => {
    const raise = `mutation { updateAgent(id: "${office.idOf('ann')}", input: { role: ADMIN }) { role } }`;
    expect((await office.refusal('ann', raise)).code).toBe('FORBIDDEN');
  });
});
