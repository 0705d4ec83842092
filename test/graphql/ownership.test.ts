import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
import { appointments } from '../../src/domain/appointment/appointment.service';
import { calendarEvents } from '../../src/domain/calendar-event/calendar-event.service';
import { calls } from '../../src/domain/call/call.service';
import { CallRing } from '../../src/domain/call/call-ring.entity';
import { leads } from '../../src/domain/lead/lead.service';
import { notes } from '../../src/domain/note/note.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { teamMembers, teams } from '../../src/domain/team/team.service';
import { openTestAccount, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { signedInAgent } from '../support/agent-session';
import { Door } from './door';

type Values = Record<string, unknown>;
type Ids = Record<'owned' | 'assigned' | 'others' | 'nobodys', string>;

let door: Door;
let account: TestAccount;
let ann: SessionTokens;
let bob: SessionTokens;
let boss: SessionTokens;
/** Leads by what they are to Ann. */
let lead: Ids;

beforeAll(async () => {
  door = await Door.open();
  account = await openTestAccount({ clock: door.clock });
  ann = await signedInAgent(account, 'ann');
  bob = await signedInAgent(account, 'bob');
  boss = await signedInAgent(account, 'boss', { role: 'admin' });
});
afterAll(() => door.close());

let phones = 1000;
const newLead = async (values: object): Promise<string> => {
  phones += 1;
  return (await leads.create(account.ctx, { phone: `+1202555${phones}`, ...values })).id;
};

beforeEach(async () => {
  lead = {
    owned: await newLead({ firstName: 'Owned', ownerId: ann.agent.id }),
    assigned: await newLead({ firstName: 'Assigned', ownerId: bob.agent.id, assigneeId: ann.agent.id }),
    others: await newLead({ firstName: 'Others', ownerId: bob.agent.id }),
    nobodys: await newLead({ firstName: 'Nobodys' }),
  };
});

const as = <Data = Record<string, Values>>(who: SessionTokens, text: string, variables: Values = {}) =>
  door.run<Data, Values>(who.accessToken, text, variables);

const refusal = async (who: SessionTokens, text: string, variables: Values = {}) => {
  const { message, extensions } = await withoutChange(account, () =>
    door.fail(who.accessToken, text, variables),
  );
  return { message, code: extensions?.code };
};

const FORBIDDEN_LEAD = { message: 'This lead is another agent’s.', code: 'FORBIDDEN' };
const ids = () => Object.values(lead);

describe('an agent sees', () => {
  const LIST = `query Q($ids: [ID!], $first: Int, $last: Int) {
    leads(filter: { id: { in: $ids } }, first: $first, last: $last) { totalCount nodes { firstName } pageInfo { hasNextPage } } }`;

  test('the leads that it owns or is assigned to, in lists and in counts', async () => {
    const own = { totalCount: 2, nodes: [{ firstName: 'Assigned' }, { firstName: 'Owned' }] };
    expect(await as(ann, LIST, { ids: ids() })).toEqual({
      leads: { ...own, pageInfo: { hasNextPage: false } },
    });
    expect(await as(ann, LIST, { ids: ids(), last: 1 })).toMatchObject({
      leads: { totalCount: 2, nodes: [{ firstName: 'Owned' }] },
    });
    expect(await as(ann, LIST, { ids: ids(), first: 1 })).toMatchObject({
      leads: { nodes: [{ firstName: 'Assigned' }], pageInfo: { hasNextPage: true } },
    });
    for (const who of [boss, { ...boss, accessToken: account.key }]) {
      expect(await as(who, LIST, { ids: ids() })).toMatchObject({ leads: { totalCount: 4 } });
    }
  });

  test('another agent’s lead as a missing one', async () => {
    const get = 'query Q($id: ID!) { lead(id: $id) { firstName } }';
    for (const id of [lead.owned, lead.assigned]) await as(ann, get, { id });
    for (const id of [lead.others, lead.nobodys]) {
      expect(await refusal(ann, get, { id })).toEqual({ message: 'Lead not found', code: 'NOT_FOUND' });
      await as(boss, get, { id });
    }
  });

  test('no lead any more that is handed over', async () => {
    const give = 'mutation M($id: ID!, $to: ID) { updateLead(id: $id, input: { ownerId: $to }) { ownerId } }';
    await as(ann, give, { id: lead.owned, to: bob.agent.id });
    expect(await as(ann, LIST, { ids: ids() })).toMatchObject({ leads: { totalCount: 1 } });
    expect(await refusal(ann, give, { id: lead.owned, to: ann.agent.id })).toEqual(FORBIDDEN_LEAD);
  });

  test('of notes, appointments, calls, texts and calendar events those of its leads and its own', async () => {
    const { ctx } = account;
    const at = (hour: number) => ({
      startsAt: `2026-04-01T${hour}:00:00Z`,
      endsAt: `2026-04-01T${hour}:30:00Z`,
    });
    const phone = (await leads.get(ctx, lead.others)).phone;
    const made: Record<string, string[]> = {
      notes: [
        (await notes.create(ctx, { leadId: lead.owned, body: 'seen' })).id,
        (await notes.create(ctx, { leadId: lead.others, body: 'seen', authorId: ann.agent.id })).id,
        (await notes.create(ctx, { leadId: lead.others, body: 'not seen' })).id,
      ],
      appointments: [
        (await appointments.create(ctx, { leadId: lead.assigned, ...at(10) })).id,
        (await appointments.create(ctx, { leadId: lead.others, agentId: ann.agent.id, ...at(11) })).id,
        (await appointments.create(ctx, { leadId: lead.others, ...at(12) })).id,
      ],
      calls: [
        (await calls.create(ctx, { leadId: lead.owned })).id,
        (await calls.create(ctx, { leadId: lead.others, agentId: ann.agent.id })).id,
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
      const { [plural]: page } = await as(ann, list, { ids: made[plural] });
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
      expect((await refusal(ann, `{ ${noun}(id: "${hidden}") { id } }`)).code).toBe('NOT_FOUND');
      for (const id of all) await as(ann, `{ ${noun}(id: "${id}") { id lead { id } } }`);
    }
    // The way from an own record to another agent's lead leads nowhere.
    expect(await as(ann, `{ call(id: "${made.calls?.[1]}") { leadId lead { id } notes { body } } }`)).toEqual(
      {
        call: { leadId: lead.others, lead: null, notes: [{ body: 'seen' }] },
      },
    );
  });

  test('through other agents nothing more', async () => {
    await notes.create(account.ctx, { leadId: lead.assigned, body: 'shared' });
    const text = `query Q($id: ID!) { agent(id: $id) {
      firstName ownedLeads(first: 100) { id notes { body } } assignedLeads(first: 100) { id } } }`;
    const { agent } = await as<{ agent: { ownedLeads: { id: string }[] } }>(ann, text, { id: bob.agent.id });
    const shown = agent.ownedLeads.map(({ id }) => id);
    expect(shown).toContain(lead.assigned);
    expect(shown).not.toContain(lead.others);
    expect(agent).toMatchObject({ firstName: 'bob', assignedLeads: [] });
  });

  test('a call that rings at it, from then on', async () => {
    const call = await calls.create(account.ctx, { leadId: lead.others });
    const get = `{ call(id: "${call.id}") { rings { agentId } } }`;
    const ring = { callId: call.id, agentId: ann.agent.id, turn: 1 };
    await account.ctx.transaction((tx) => tx.repo(CallRing).insert({ ...ring, rungAt: null }));
    expect((await refusal(ann, get)).code).toBe('NOT_FOUND');
    await account.ctx.transaction((tx) =>
      tx.query('update call_ring set rung_at = $2 where account_id = $1', [tx.account.id, tx.instant()]),
    );
    expect(await as(ann, get)).toEqual({ call: { rings: [{ agentId: ann.agent.id }] } });
  });
});

describe('an agent writes', () => {
  test('leads of its own: a new one is its unless it says otherwise', async () => {
    const create =
      'mutation M($input: CreateLeadInput!) { createLead(input: $input) { id ownerId assigneeId } }';
    const make = async (values: Values) => {
      phones += 1;
      return (await as(ann, create, { input: { phone: `+1202555${phones}`, ...values } })).createLead;
    };
    const mine = await make({});
    expect(mine).toMatchObject({ ownerId: ann.agent.id, assigneeId: null });
    expect(await make({ ownerId: null })).toMatchObject({ ownerId: null });
    expect(await make({ ownerId: bob.agent.id })).toMatchObject({ ownerId: bob.agent.id });
    await as(ann, `mutation { updateLead(id: "${mine?.id}", input: { stage: "hot" }) { stage } }`);
    await as(ann, `mutation { deleteLead(id: "${mine?.id}") { id } }`);
    const bulk = `mutation { createLeads(inputs: [{ phone: "+12025550001" }]) { outcomes { lead { ownerId } } } }`;
    expect(await as(boss, bulk)).toEqual({
      createLeads: { outcomes: [{ lead: { ownerId: boss.agent.id } }] },
    });
  });

  test('no lead of others, and nothing under it', async () => {
    const number = await phoneNumbers.create(account.ctx, { phone: '+12025559999' });
    const team = await teams.create(account.ctx, { name: 'Sales' });
    for (const id of [lead.others, lead.nobodys]) {
      const input = { leadId: id, startsAt: '2026-05-01T10:00:00Z', endsAt: '2026-05-01T11:00:00Z' };
      for (const [text, variables] of [
        ['mutation M($id: ID!) { updateLead(id: $id, input: { stage: "hot" }) { id } }', { id }],
        ['mutation M($id: ID!) { deleteLead(id: $id) { id } }', { id }],
        ['mutation M($id: ID!) { createNote(input: { leadId: $id, body: "Hello." }) { id } }', { id }],
        ['mutation M($id: ID!) { createCall(input: { leadId: $id }) { id } }', { id }],
        [
          'mutation M($input: CreateAppointmentInput!) { createAppointment(input: $input) { id } }',
          { input },
        ],
        [
          'mutation M($input: StartCallInput!) { startCall(input: $input) { id } }',
          { input: { leadId: id, teamId: team.id } },
        ],
      ] as const) {
        expect(await refusal(ann, text, variables)).toEqual(FORBIDDEN_LEAD);
      }
      const { phone } = await leads.get(account.ctx, id);
      const start = `mutation { startCall(input: { phone: "${phone}", teamId: "${team.id}" }) { id } }`;
      expect(await refusal(ann, start)).toEqual(FORBIDDEN_LEAD);
      const match = `mutation { createLead(input: { phone: "${phone}" }, onDuplicate: MATCH) { firstName } }`;
      expect(await refusal(ann, match)).toEqual(FORBIDDEN_LEAD);
      const reject = `mutation { createLead(input: { phone: "${phone}" }) { firstName } }`;
      expect(await refusal(ann, reject)).toEqual({ message: 'Duplicate lead', code: 'CONFLICT' });
      const send = `mutation { sendSms(input: { phone: "${phone}", from: "${number.phone}", message: "Hi" }) { id } }`;
      expect(await refusal(ann, send)).toEqual(FORBIDDEN_LEAD);
    }
    const gone = 'mutation { updateLead(id: "0190a000-0000-7000-8000-000000000000", input: {}) { id } }';
    expect(await refusal(ann, gone)).toEqual({ message: 'Lead not found', code: 'NOT_FOUND' });
  });

  test('appointments of its leads and its own, no others, and not over to another agent’s lead', async () => {
    const at = (hour: number) => ({
      startsAt: `2026-06-01T${hour}:00:00Z`,
      endsAt: `2026-06-01T${hour}:30:00Z`,
    });
    const { id: mine } = await appointments.create(account.ctx, { leadId: lead.owned, ...at(10) });
    const { id: theirs } = await appointments.create(account.ctx, { leadId: lead.others, ...at(11) });
    const change =
      'mutation M($id: ID!, $input: UpdateAppointmentInput!) { updateAppointment(id: $id, input: $input) { id } }';
    const remove = 'mutation M($id: ID!) { deleteAppointment(id: $id) { id } }';
    await as(ann, change, { id: mine, input: { note: 'Later.' } });
    const message = 'This appointment is another agent’s.';
    expect(await refusal(ann, change, { id: theirs, input: { note: 'Later.' } })).toEqual({
      message,
      code: 'FORBIDDEN',
    });
    expect(await refusal(ann, remove, { id: theirs })).toEqual({ message, code: 'FORBIDDEN' });
    expect(await refusal(ann, change, { id: mine, input: { leadId: lead.others } })).toEqual(FORBIDDEN_LEAD);
    await as(ann, remove, { id: mine });
  });

  test('notes in its own name, and touches none of others', async () => {
    const create = 'mutation M($input: CreateNoteInput!) { createNote(input: $input) { id authorId } }';
    const input = { leadId: lead.assigned, body: 'Hello.' };
    const { createNote: mine } = await as(ann, create, { input });
    expect(mine?.authorId).toBe(ann.agent.id);
    const { createNote: theirs } = await as(bob, create, { input });
    expect(theirs?.authorId).toBe(bob.agent.id);
    const refused = { message: 'Only its author may write, change or delete a note.', code: 'FORBIDDEN' };
    for (const authorId of [bob.agent.id, null]) {
      expect(await refusal(ann, create, { input: { ...input, authorId } })).toEqual(refused);
    }
    const change = 'mutation M($id: ID!) { updateNote(id: $id, input: { body: "Changed." }) { body } }';
    const remove = 'mutation M($id: ID!) { deleteNote(id: $id) { id } }';
    for (const text of [change, remove]) {
      expect(await refusal(ann, text, { id: theirs?.id })).toEqual(refused);
      await as(ann, text, { id: mine?.id });
    }
    const asBoss = await as(boss, create, { input: { ...input, authorId: bob.agent.id } });
    expect(asBoss.createNote?.authorId).toBe(bob.agent.id);
    await as(boss, remove, { id: theirs?.id });
  });

  test('calls of its own, with all that follows for a lead that is not', async () => {
    const team = await teams.create(account.ctx, { name: 'Calls' });
    await teamMembers.create(account.ctx, { teamId: team.id, agentId: ann.agent.id });
    const call = await calls.start(account.ctx, { leadId: lead.nobodys, teamId: team.id });
    expect(call.status).toBe('ringing');
    const progress = `mutation M($input: ProgressCallInput!) { progressCall(id: "${call.id}", input: $input) { status } }`;
    const refused = { message: 'This call is another agent’s.', code: 'FORBIDDEN' };
    expect(await refusal(bob, progress, { input: { status: 'COMPLETED' } })).toEqual(refused);
    for (const text of [
      `mutation { updateCall(id: "${call.id}", input: { seconds: 1 }) { id } }`,
      `mutation { deleteCall(id: "${call.id}") { id } }`,
      `mutation { ringNextAgents(id: "${call.id}") { id } }`,
    ]) {
      expect(await refusal(bob, text)).toEqual(refused);
    }
    await as(ann, progress, { input: { status: 'IN_PROGRESS' } });
    // Who takes the call of a lead without an owner owns it, and sees it from then on.
    expect(await as(ann, `{ lead(id: "${lead.nobodys}") { ownerId dialStatus } }`)).toEqual({
      lead: { ownerId: ann.agent.id, dialStatus: 'IN_PROGRESS' },
    });
    const other = await calls.create(account.ctx, { leadId: lead.others, agentId: ann.agent.id });
    const complete = `mutation { progressCall(id: "${other.id}", input: { status: COMPLETED, result: CONTACTED }) { status lead { id } } }`;
    expect(await as(ann, complete)).toEqual({ progressCall: { status: 'COMPLETED', lead: null } });
    expect(await leads.get(account.ctx, lead.others)).toMatchObject({
      dialStatus: 'completed',
      result: 'contacted',
    });
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
    expect(await refusal(ann, text)).toEqual({
      message: `This agent lacks the scope ${scope}.`,
      code: 'FORBIDDEN',
    });
  });

  test('the change log, which shows records as they were', async () => {
    const refused = {
      message: 'The change log is for API keys and for agents of the role admin.',
      code: 'FORBIDDEN',
    };
    expect(await refusal(ann, '{ changes { hasMore } }')).toEqual(refused);
    expect(await refusal(ann, '{ changes(names: ["lead.created"]) { hasMore } }')).toEqual(refused);
    await as(boss, '{ changes { hasMore } }');
  });

  test('raise itself to an admin', async () => {
    const raise = `mutation { updateAgent(id: "${ann.agent.id}", input: { role: ADMIN }) { role } }`;
    expect((await refusal(ann, raise)).code).toBe('FORBIDDEN');
  });
});
