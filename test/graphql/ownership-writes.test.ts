import { appointments } from '../../src/domain/appointment/appointment.service';
import { calls } from '../../src/domain/call/call.service';
import { leads } from '../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { teamMembers, teams } from '../../src/domain/team/team.service';
import { FORBIDDEN_LEAD, type LeadIds, Office, type Values } from './office';

let office: Office;
let lead: LeadIds;

beforeAll(async () => {
  office = await Office.open();
});
beforeEach(async () => {
  lead = await office.newLeads();
});
afterAll(() => office.close());

describe('an agent writes', () => {
  test('leads of its own: a new one is its unless it says otherwise', async () => {
    const create =
      'mutation M($input: CreateLeadInput!) { createLead(input: $input) { id ownerId assigneeId } }';
    const make = async (values: Values) => {
      const input = { phone: office.newPhone(), ...values };
      return (await office.as('ann', create, { input })).createLead;
    };
    const mine = await make({});
    expect(mine).toMatchObject({ ownerId: office.idOf('ann'), assigneeId: null });
    expect(await make({ ownerId: null })).toMatchObject({ ownerId: null });
    expect(await make({ ownerId: office.idOf('bob') })).toMatchObject({ ownerId: office.idOf('bob') });
    await office.as('ann', `mutation { updateLead(id: "${mine?.id}", input: { stage: "hot" }) { stage } }`);
    await office.as('ann', `mutation { deleteLead(id: "${mine?.id}") { id } }`);
    const bulk = `mutation { createLeads(inputs: [{ phone: "+12025550001" }]) { outcomes { lead { ownerId } } } }`;
    expect(await office.as('boss', bulk)).toEqual({
      createLeads: { outcomes: [{ lead: { ownerId: office.idOf('boss') } }] },
    });
  });

  test('no lead of others, and nothing under it', async () => {
    const number = await phoneNumbers.create(office.ctx, { phone: '+12025559999' });
    const team = await teams.create(office.ctx, { name: 'Sales' });
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
        expect(await office.refusal('ann', text, variables)).toEqual(FORBIDDEN_LEAD);
      }
      const { phone } = await leads.get(office.ctx, id);
      const start = `mutation { startCall(input: { phone: "${phone}", teamId: "${team.id}" }) { id } }`;
      expect(await office.refusal('ann', start)).toEqual(FORBIDDEN_LEAD);
      const match = `mutation { createLead(input: { phone: "${phone}" }, onDuplicate: MATCH) { firstName } }`;
      expect(await office.refusal('ann', match)).toEqual(FORBIDDEN_LEAD);
      const reject = `mutation { createLead(input: { phone: "${phone}" }) { firstName } }`;
      expect(await office.refusal('ann', reject)).toEqual({ message: 'Duplicate lead', code: 'CONFLICT' });
      const send = `mutation { sendSms(input: { phone: "${phone}", from: "${number.phone}", message: "Hi" }) { id } }`;
      expect(await office.refusal('ann', send)).toEqual(FORBIDDEN_LEAD);
    }
    const gone = 'mutation { updateLead(id: "0190a000-0000-7000-8000-000000000000", input: {}) { id } }';
    expect(await office.refusal('ann', gone)).toEqual({ message: 'Lead not found', code: 'NOT_FOUND' });
  });

  test('appointments of its leads and its own, no others, and not over to another agent’s lead', async () => {
    const at = (hour: number) => ({
      startsAt: `2026-06-01T${hour}:00:00Z`,
      endsAt: `2026-06-01T${hour}:30:00Z`,
    });
    const { id: mine } = await appointments.create(office.ctx, { leadId: lead.owned, ...at(10) });
    const { id: theirs } = await appointments.create(office.ctx, { leadId: lead.others, ...at(11) });
    const change =
      'mutation M($id: ID!, $input: UpdateAppointmentInput!) { updateAppointment(id: $id, input: $input) { id } }';
    const remove = 'mutation M($id: ID!) { deleteAppointment(id: $id) { id } }';
    await office.as('ann', change, { id: mine, input: { note: 'Later.' } });
    const message = 'This appointment is another agent’s.';
    expect(await office.refusal('ann', change, { id: theirs, input: { note: 'Later.' } })).toEqual({
      message,
      code: 'FORBIDDEN',
    });
    expect(await office.refusal('ann', remove, { id: theirs })).toEqual({ message, code: 'FORBIDDEN' });
    expect(await office.refusal('ann', change, { id: mine, input: { leadId: lead.others } })).toEqual(
      FORBIDDEN_LEAD,
    );
    await office.as('ann', remove, { id: mine });
  });

  test('notes in its own name, and touches none of others', async () => {
    const create = 'mutation M($input: CreateNoteInput!) { createNote(input: $input) { id authorId } }';
    const input = { leadId: lead.assigned, body: 'Hello.' };
    const { createNote: mine } = await office.as('ann', create, { input });
    expect(mine?.authorId).toBe(office.idOf('ann'));
    const { createNote: theirs } = await office.as('bob', create, { input });
    expect(theirs?.authorId).toBe(office.idOf('bob'));
    const refused = { message: 'Only its author may write, change or delete a note.', code: 'FORBIDDEN' };
    for (const authorId of [office.idOf('bob'), null]) {
      expect(await office.refusal('ann', create, { input: { ...input, authorId } })).toEqual(refused);
    }
    const change = 'mutation M($id: ID!) { updateNote(id: $id, input: { body: "Changed." }) { body } }';
    const remove = 'mutation M($id: ID!) { deleteNote(id: $id) { id } }';
    for (const text of [change, remove]) {
      expect(await office.refusal('ann', text, { id: theirs?.id })).toEqual(refused);
      await office.as('ann', text, { id: mine?.id });
    }
    const asBoss = await office.as('boss', create, { input: { ...input, authorId: office.idOf('bob') } });
    expect(asBoss.createNote?.authorId).toBe(office.idOf('bob'));
    await office.as('boss', remove, { id: theirs?.id });
  });

  test('calls of its own, with all that follows for a lead that is not', async () => {
    const team = await teams.create(office.ctx, { name: 'Calls' });
    await teamMembers.create(office.ctx, { teamId: team.id, agentId: office.idOf('ann') });
    const call = await calls.start(office.ctx, { leadId: lead.nobodys, teamId: team.id });
    expect(call.status).toBe('ringing');
    const progress = `mutation M($input: ProgressCallInput!) { progressCall(id: "${call.id}", input: $input) { status } }`;
    const refused = { message: 'This call is another agent’s.', code: 'FORBIDDEN' };
    expect(await office.refusal('bob', progress, { input: { status: 'COMPLETED' } })).toEqual(refused);
    for (const text of [
      `mutation { updateCall(id: "${call.id}", input: { seconds: 1 }) { id } }`,
      `mutation { deleteCall(id: "${call.id}") { id } }`,
      `mutation { ringNextAgents(id: "${call.id}") { id } }`,
    ]) {
      expect(await office.refusal('bob', text)).toEqual(refused);
    }
    await office.as('ann', progress, { input: { status: 'IN_PROGRESS' } });
    // Who takes the call of a lead without an owner owns it, and sees it from then on.
    expect(await office.as('ann', `{ lead(id: "${lead.nobodys}") { ownerId dialStatus } }`)).toEqual({
      lead: { ownerId: office.idOf('ann'), dialStatus: 'IN_PROGRESS' },
    });
    const other = await calls.create(office.ctx, { leadId: lead.others, agentId: office.idOf('ann') });
    const complete = `mutation { progressCall(id: "${other.id}", input: { status: COMPLETED, result: CONTACTED }) { status lead { id } } }`;
    expect(await office.as('ann', complete)).toEqual({ progressCall: { status: 'COMPLETED', lead: null } });
    expect(await leads.get(office.ctx, lead.others)).toMatchObject({
      dialStatus: 'completed',
      result: 'contacted',
    });
  });
});
