import { agents } from '../../../src/domain/agent/agent.service';
import { teamMembers, teams } from '../../../src/domain/team/team.service';
import { issueKey } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';

let client: CallinglyClient;
let path: string;
let ann: number;
let bob: number;
let eve: number;

beforeEach(async () => {
  client = await CallinglyClient.open();
  path = `/teams/${(await teams.create(client.ctx, { name: 'Main Team' })).number}/agents`;
  [ann, bob, eve] = [await hire('Ann', 'Lee'), await hire('Bob'), await hire('Eve')];
});

async function hire(firstName: string, lastName = ''): Promise<number> {
  return (await agents.create(client.ctx, { firstName, lastName })).number;
}

const NAMES = () =>
  new Map([
    [ann, 'Ann Lee'],
    [bob, 'Bob'],
    [eve, 'Eve'],
  ]);

/** A place in the team as it is answered. */
function place(id: number, more: object = {}): object {
  return { id, name: NAMES().get(id), priority: 0, cap: null, ...more };
}

const unknownAgent = (at: number, ref: number | string) =>
  refused(404, `Agent ${ref} not found`, { [`agents.${at}`]: [`Agent ${ref} not found`] });
const listed = (...places: object[]) => ({ status: 200, body: { agents: places } });
const replaced = (...places: object[]) => ({ status: 200, body: { success: true, agents: places } });

test('a new team has no agents', async () => {
  expect(await client.get(path)).toEqual(listed());
});

test.each<[string, (ids: number[]) => object]>([
  ['numbers', (ids) => ({ agents: ids })],
  ['texts', (ids) => ({ agents: ids.map(String) })],
  ['both', ([first, ...rest]) => ({ agents: [first, ...rest.map(String)] })],
  ['repeated numbers', (ids) => ({ agents: [...ids, ...ids] })],
  ['the name with brackets', (ids) => ({ 'agents[]': ids })],
  ['keys that are unknown', (ids) => ({ agents: ids, team_id: 1, priority: 5 })],
])('the agents are set by %s', async (_, bodyFor) => {
  const answer = await client.put(path, bodyFor([ann, eve]));
  expect(answer).toEqual(replaced(place(ann), place(eve)));
  expect(await client.get(path)).toEqual(listed(place(ann), place(eve)));
});

test('the set is replaced: who stays keeps priority and cap, who goes is out, who comes is new', async () => {
  await client.put(path, { agents: [ann, bob] });
  await client.put(`${path}/${bob}`, { priority: 2, cap: 50 });
  const kept = place(bob, { priority: 2, cap: 50 });
  expect(await client.put(path, { agents: [eve, bob] })).toEqual(replaced(kept, place(eve)));
  expect(await client.get(path)).toEqual(listed(kept, place(eve)));
  const events = await eventsOf(client.account, 'team_member');
  expect(events.map(({ name }) => name)).toEqual([
    ...['team_member.created', 'team_member.created', 'team_member.updated'],
    ...['team_member.deleted', 'team_member.created'],
  ]);
});

test('an empty list takes all agents out, and the same list changes nothing', async () => {
  await client.put(path, { agents: [ann, bob] });
  const same = await withoutChange(client.account, () => client.put(path, { agents: [bob, ann] }));
  expect(same).toEqual(replaced(place(ann), place(bob)));
  expect(await client.put(path, { agents: [] })).toEqual(replaced());
  expect(await client.get(path)).toEqual(listed());
});

test.each<[string, object, object]>([
  ['priority and cap', { priority: 1, cap: 100 }, { priority: 1, cap: 100 }],
  ['texts', { priority: '1', cap: '100' }, { priority: 1, cap: 100 }],
  ['priority alone', { priority: 5 }, { priority: 5, cap: 7 }],
  ['cap alone', { cap: 0 }, { priority: 3, cap: 0 }],
  ['no cap', { cap: null }, { priority: 3, cap: null }],
  ['an empty cap', { cap: '' }, { priority: 3, cap: null }],
  ['nothing', {}, { priority: 3, cap: 7 }],
  ['what is unknown', { id: 9, name: 'X', agent_id: 4 }, { priority: 3, cap: 7 }],
])('a place is changed by %s', async (_, body, expected) => {
  await client.put(path, { agents: [ann] });
  await client.put(`${path}/${ann}`, { priority: 3, cap: 7 });
  expect(await client.put(`${path}/${ann}`, body)).toEqual({ status: 200, body: place(ann, expected) });
  expect(await client.get(path)).toEqual(listed(place(ann, expected)));
});

test('an agent is taken out of this team only', async () => {
  const other = await teams.create(client.ctx, { name: 'Other Team' });
  await client.put(`/teams/${other.number}/agents`, { agents: [ann] });
  await client.put(path, { agents: [ann, bob] });
  expect(await client.delete(`${path}/${ann}`)).toEqual({ status: 200, body: { success: true } });
  expect(await client.get(path)).toEqual(listed(place(bob)));
  expect(await client.get(`/teams/${other.number}/agents`)).toEqual(listed(place(ann)));
  await withoutChange(client.account, async () => {
    expect(await client.delete(`${path}/${ann}`)).toEqual(NOT_FOUND);
    expect(await client.put(`${path}/${ann}`, { priority: 1 })).toEqual(NOT_FOUND);
  });
});

test('an agent who is deleted is in no team', async () => {
  await client.put(path, { agents: [ann, bob] });
  await client.delete(`/agents/${ann}`);
  expect(await client.get(path)).toEqual(listed(place(bob)));
  expect(await client.put(path, { agents: [ann] })).toEqual(unknownAgent(0, ann));
  expect(await client.get(path)).toEqual(listed(place(bob)));
});

test.each<[string, object, string, string]>([
  ['no agents', {}, 'agents', 'The agents field is required.'],
  ['a text', { agents: '1,2' }, 'agents', 'The agents must be a list of agent ids.'],
  ['null', { agents: null }, 'agents', 'The agents must be a list of agent ids.'],
  ['a word', { agents: ['ann'] }, 'agents.0', 'The agents must be a list of agent ids.'],
  ['an object', { agents: [{ id: 1 }] }, 'agents.0', 'The agents must be a list of agent ids.'],
  ['half a number', { agents: [1.5] }, 'agents.0', 'The agents must be a list of agent ids.'],
  ['501 agents', { agents: Array(501).fill(1) }, 'agents', 'A team is given at most 500 agents, not 501.'],
])('%s for agents is refused', async (_, body, field, message) => {
  await client.put(path, { agents: [ann] });
  const answer = await withoutChange(client.account, () => client.put(path, body));
  expect(answer).toEqual(unprocessable(field, message));
});

test.each<[string, object, string, string]>([
  ['half a priority', { priority: 1.5 }, 'priority', 'The priority must be a whole number.'],
  ['no priority', { priority: null }, 'priority', 'The priority must be a whole number.'],
  ['a high priority', { priority: 1001 }, 'priority', 'Priority must be from 0 to 1000.'],
  ['a word as cap', { priority: 1, cap: 'many' }, 'cap', 'The cap must be a whole number or null.'],
  ['a negative cap', { priority: 1, cap: -1 }, 'cap', 'Cap must be from 0 to 100000.'],
])('%s is refused', async (_, body, field, message) => {
  await client.put(path, { agents: [ann] });
  const answer = await withoutChange(client.account, () => client.put(`${path}/${ann}`, body));
  expect(answer).toEqual(unprocessable(field, message));
});

test('one agent who is unknown, or another account’s, refuses the whole list', async () => {
  await client.put(path, { agents: [ann] });
  const other = await CallinglyClient.open();
  const foreign = (await agents.create(other.ctx, { firstName: 'Foreign' })).number;
  await withoutChange(client.account, async () => {
    for (const ref of [foreign, String(foreign), Number(UNKNOWN_IDS.integer), 9_999_999_999]) {
      expect(await client.put(path, { agents: [bob, ref] })).toEqual(unknownAgent(1, ref));
      expect(await client.put(`${path}/${ref}`, { priority: 1 })).toEqual(NOT_FOUND);
      expect(await client.delete(`${path}/${ref}`)).toEqual(NOT_FOUND);
    }
  });
});

test('the team of another account is as one that nobody has', async () => {
  await client.put(path, { agents: [ann] });
  const other = await CallinglyClient.open();
  const own = (await agents.create(other.ctx, { firstName: 'Own' })).number;
  await withoutChange(client.account, async () => {
    for (const team of [path, `/teams/${UNKNOWN_IDS.integer}/agents`, '/teams/main/agents']) {
      expect(await other.get(team)).toEqual(NOT_FOUND);
      expect(await other.put(team, { agents: [own] })).toEqual(NOT_FOUND);
      expect(await other.put(`${team}/${own}`, { priority: 1 })).toEqual(NOT_FOUND);
      expect(await other.delete(`${team}/${ann}`)).toEqual(NOT_FOUND);
    }
  });
  const { rows } = await teamMembers.page(other.ctx, {});
  expect(rows).toEqual([]);
});

test('a key that may only read reads', async () => {
  await client.put(path, { agents: [ann] });
  const key = await issueKey(client.account, ['teamMembers:read']);
  const reader = client.withKey(key);
  expect(await reader.get(path)).toEqual(listed(place(ann)));
  await withoutChange(client.account, async () => {
    for (const answer of [
      await reader.put(path, { agents: [] }),
      await reader.put(`${path}/${ann}`, { priority: 1 }),
      await reader.delete(`${path}/${ann}`),
    ]) {
      expect(answer).toEqual(refused(403, 'This key lacks the scope teamMembers:write.'));
    }
  });
});
