import type { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import { Appointment } from '../../src/domain/appointment/appointment.entity';
import { Call } from '../../src/domain/call/call.entity';
import { leads } from '../../src/domain/lead/lead.service';
import { Note } from '../../src/domain/note/note.entity';
import { notes } from '../../src/domain/note/note.service';
import type { Team } from '../../src/domain/team/team.entity';
import { teamMembers, teams } from '../../src/domain/team/team.service';
import { openTestAccount, type TestAccount } from '../support/account';
import { NestedLeadsDocument } from '../support/documents';
import { Door } from './door';

const LEADS = 50;
const MINUTE = 60_000;

interface Crew {
  owner: Agent;
  assignee: Agent;
  author: Agent;
  caller: Agent;
  attendee: Agent;
  team: Team;
  callTeam: Team;
}

/** Leads that each have a team, two agents, a tag, two notes, two calls and an appointment. */
async function fill({ ctx }: TestAccount, crew: Crew): Promise<void> {
  const inputs = Array.from({ length: LEADS }, (_, at) => ({
    ...{ firstName: `Lead ${at}`, phone: `+1202555${1000 + at}`, tagNames: ['hot', `tag ${at}`] },
    ...{ teamId: crew.team.id, ownerId: crew.owner.id, assigneeId: crew.assignee.id },
  }));
  const outcomes = await leads.createMany(ctx, inputs, 'all_or_nothing');
  const leadIds = outcomes.map(({ row }) => String(row?.id));
  const twice = [...leadIds, ...leadIds];
  await ctx.transaction(async (tx) => {
    await tx
      .repo(Note)
      .insertMany(twice.map((leadId, at) => ({ leadId, body: `Note ${at}`, authorId: crew.author.id })));
    await tx
      .repo(Call)
      .insertMany(twice.map((leadId) => ({ leadId, agentId: crew.caller.id, teamId: crew.callTeam.id })));
    const startsAt = (at: number) => new Date(ctx.now().getTime() + at * 60 * MINUTE);
    await tx.repo(Appointment).insertMany(
      leadIds.map((leadId, at) => ({
        ...{ leadId, agentId: crew.attendee.id, startsAt: startsAt(at).toISOString() },
        endsAt: new Date(startsAt(at).getTime() + MINUTE).toISOString(),
      })),
    );
  });
}

const makeAgent = ({ ctx }: TestAccount, firstName: string) => agents.create(ctx, { firstName });

async function crewOf(account: TestAccount, isShared: boolean): Promise<Crew> {
  const [owner, assignee] = [await makeAgent(account, 'Owner'), await makeAgent(account, 'Assignee')];
  const team = await teams.create(account.ctx, { name: 'Sales' });
  if (isShared)
    return { owner, assignee, author: owner, caller: assignee, attendee: owner, team, callTeam: team };
  const [author, caller] = [await makeAgent(account, 'Author'), await makeAgent(account, 'Caller')];
  const attendee = await makeAgent(account, 'Attendee');
  return {
    owner,
    assignee,
    author,
    caller,
    attendee,
    team,
    callTeam: await teams.create(account.ctx, { name: 'Calls' }),
  };
}

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});
afterAll(() => door.close());

/** The tables that statements read, in order of name. */
function tablesRead(): string[] {
  return door.statements.map((text) => /\bfrom "(\w+)"/.exec(text)?.[1] ?? text).toSorted();
}

const EACH_ONCE = ['agent', 'appointment', 'call', 'lead', 'note', 'tag', 'team'];

describe('the nested query of leads', () => {
  test('costs seven statements for 5 and for 50 leads when the same agents and teams come again', async () => {
    await fill(account, await crewOf(account, true));
    for (const first of [5, 50, 5, 50]) {
      door.statements.length = 0;
      const { leads: page } = await door.run(account.key, NestedLeadsDocument, { first });
      expect(page.nodes.length).toBe(first);
      expect(tablesRead()).toEqual(EACH_ONCE);
    }
  });

  test('costs at most eleven when every relation leads to others', async () => {
    const other = await openTestAccount();
    await fill(other, await crewOf(other, false));
    for (const first of [5, 50, 5, 50]) {
      door.statements.length = 0;
      await door.run(other.key, NestedLeadsDocument, { first });
      const further = ['agent', 'agent', 'agent', 'team'];
      expect([...EACH_ONCE, ...further].toSorted()).toEqual(expect.arrayContaining(tablesRead()));
      expect(door.statements.length).toBeGreaterThan(EACH_ONCE.length);
      expect(door.statements.length).toBeLessThanOrEqual(EACH_ONCE.length + further.length);
    }
  });

  test('answers the same whether graphql-js or a compiled query works it out', async () => {
    const text = `query { leads(first: 50) { nodes { id dialStatus name customFields tags { name } calls { status agent { firstName isAvailable } } } } }`;
    const [plain, , compiled] = [
      await door.run(account.key, text),
      await door.run(account.key, text),
      await door.run(account.key, text),
    ];
    expect(JSON.stringify(compiled)).toBe(JSON.stringify(plain));
    const { leads: page } = await door.run(account.key, NestedLeadsDocument, { first: 1 });
    expect(page.nodes).toEqual([
      {
        ...{ id: expect.any(String), firstName: 'Lead 49', lastName: '', phone: '+12025551049' },
        ...{ dialStatus: 'PENDING', createdAt: '2026-03-02T10:00:00.000Z', team: { name: 'Sales' } },
        ...{ owner: { firstName: 'Owner' }, assignee: { firstName: 'Assignee' } },
        tags: [{ name: 'hot' }, { name: 'tag 49' }],
        notes: [
          { body: 'Note 99', author: { firstName: 'Owner' } },
          { body: 'Note 49', author: { firstName: 'Owner' } },
        ],
        calls: Array(2).fill({
          status: 'RINGING',
          agent: { firstName: 'Assignee' },
          team: { name: 'Sales' },
        }),
        appointments: [{ startsAt: '2026-03-04T11:00:00.000Z', agent: { firstName: 'Owner' } }],
      },
    ]);
  });
});

describe('relations', () => {
  test('go both ways, as deep as one likes, one statement per level', async () => {
    const other = await openTestAccount();
    const [agent, team] = [await makeAgent(other, 'Ann'), await teams.create(other.ctx, { name: 'Sales' })];
    await teamMembers.create(other.ctx, { agentId: agent.id, teamId: team.id });
    door.statements.length = 0;
    const text = `query Q($id: ID!) { team(id: $id) { members { agent { firstName memberships { team { name members { agent { firstName } } } } } } } }`;
    expect(await door.run(other.key, text, { id: team.id })).toEqual({
      team: {
        members: [
          {
            agent: {
              firstName: 'Ann',
              memberships: [{ team: { name: 'Sales', members: [{ agent: { firstName: 'Ann' } }] } }],
            },
          },
        ],
      },
    });
    // The second way from the team to its members and to the agent is known already.
    expect(tablesRead()).toEqual(['agent', 'team', 'team', 'team_member', 'team_member']);
  });

  test('hold as many as asked for, newest first, from 1 to 100', async () => {
    const lead = await leads.create(account.ctx, { phone: '+12025559000' });
    for (let at = 0; at < 21; at += 1) await notes.create(account.ctx, { leadId: lead.id, body: `${at}` });
    const bodies = async (argument: string) => {
      const text = `query Q($id: ID!) { lead(id: $id) { notes${argument} { body } } }`;
      const data = await door.run<{ lead: { notes: { body: string }[] } }, object>(account.key, text, {
        id: lead.id,
      });
      return data.lead.notes.map(({ body }) => Number(body));
    };
    expect(await bodies('(first: 2)')).toEqual([20, 19]);
    expect(await bodies('')).toEqual(Array.from({ length: 20 }, (_, at) => 20 - at));
    expect(await bodies('(first: null)')).toHaveLength(20);
    expect(await bodies('(first: 100)')).toHaveLength(21);
    for (const size of [0, -1, 101]) {
      const error = await door.fail(
        account.key,
        `query Q($id: ID!) { lead(id: $id) { notes(first: ${size}) { body } } }`,
        { id: lead.id },
      );
      expect(error).toMatchObject({
        message: `first must be from 1 to 100, not ${size}.`,
        path: ['lead', 'notes'],
        extensions: { code: 'INVALID', fields: { first: [`first must be from 1 to 100, not ${size}.`] } },
      });
    }
  });

  test('lead nowhere where the other one was deleted', async () => {
    const [agent, lead] = [
      await makeAgent(account, 'Gone'),
      await leads.create(account.ctx, { phone: '+12025559001' }),
    ];
    const note = await notes.create(account.ctx, { leadId: lead.id, authorId: agent.id, body: 'Hello.' });
    const text = `query Q($id: ID!) { note(id: $id) { body authorId author { firstName } lead { phone } call { id } } }`;
    const read = () => door.run(account.key, text, { id: note.id });
    const before = {
      body: 'Hello.',
      authorId: agent.id,
      author: { firstName: 'Gone' },
      lead: { phone: '+12025559001' },
      call: null,
    };
    expect(await read()).toEqual({ note: before });
    await agents.delete(account.ctx, agent.id);
    await leads.delete(account.ctx, lead.id);
    expect(await read()).toEqual({ note: { ...before, author: null, lead: null } });
  });
});

test('whether an agent is available follows the clock', async () => {
  const { id } = await agents.create(account.ctx, {
    ...{ firstName: 'Ann', timeZone: 'America/New_York' },
    schedule: [
      { day: 1, isAvailable: true, isAllDay: false, windows: [{ start: '09:00:00', end: '17:00:00' }] },
    ],
  });
  const isAvailable = async (at: string) => {
    door.clock.at = new Date(at);
    const data = await door.run<{ agent: { isAvailable: boolean } }, object>(
      account.key,
      'query Q($id: ID!) { agent(id: $id) { isAvailable } }',
      { id },
    );
    return data.agent.isAvailable;
  };
  expect(await isAvailable('2026-03-02T13:59:59Z')).toBe(false);
  expect(await isAvailable('2026-03-02T14:00:00Z')).toBe(true);
  expect(await isAvailable('2026-03-02T22:00:00Z')).toBe(false);
  expect(await isAvailable('2026-03-03T14:00:00Z')).toBe(false);
});
