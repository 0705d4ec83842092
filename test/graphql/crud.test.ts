import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { capitalize } from '../../src/domain/text';
import { buildApiSchema } from '../../src/graphql/schema';
import { openTestAccount, type TestAccount } from '../support/account';
import type { Known, Values } from './crud-case';
import { MARKETING_AND_DESK } from './crud-desk';
import { SALES } from './crud-sales';
import { Door } from './door';

const CASES = [...SALES, ...MARKETING_AND_DESK];

/** Every field of a type that is a plain value or a list of small objects, as a selection. */
function plainFields(typeName: string): string {
  const type = buildApiSchema().getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
  const parts = Object.values(type.getFields()).flatMap(({ name, type: fieldType, resolve }) => {
    const inner = getNamedType(fieldType);
    if (isLeafType(inner)) return [name];
    return resolve ? [] : [`${name} { ${plainFields(inner.name)} }`];
  });
  return parts.join(' ');
}

let door: Door;
let account: TestAccount;
let known: Known;

const make = (noun: string, input: Values) => door.make(account.key, noun, input);

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
  const agentId = await make('agent', { firstName: 'Owner' });
  const leadId = await make('lead', { phone: '+12025550100', ownerId: agentId });
  known = {
    ...{ leadId, agentId, callId: await make('call', { leadId }), teamId: await make('team', { name: 'T' }) },
    feedId: await make('feed', { name: 'F' }),
    otherAgentId: await make('agent', { firstName: 'Other' }),
    audienceId: await make('audience', { name: 'A' }),
    deskTeamId: await make('team', { name: 'Desk', isForAllAgents: true }),
  };
});

afterAll(() => door.close());

test.each(CASES)('$noun: create, read, change, delete', async (one) => {
  const { noun, plural, label } = one;
  const name = capitalize(noun);
  const fields = plainFields(name);
  const run = (text: string, variables: Values) =>
    door
      .run<Record<string, Values>, Values>(account.key, text, variables)
      .then((data) => data[name] as Values);
  const createdAt = door.clock.at.toISOString();

  const input = one.create(known);
  const created = await run(
    `mutation M($input: Create${name}Input!) { ${name}: create${name}(input: $input) { ${fields} } }`,
    { input },
  );
  const id = String(created.id);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(created.number).toEqual(expect.any(Number));
  const system = { id, number: created.number, createdAt, updatedAt: createdAt };
  expect(created).toEqual({ ...input, ...one.defaults(known), ...system });

  const get = `query Q($id: ID!) { ${name}: ${noun}(id: $id) { ${fields} } }`;
  expect(await run(get, { id })).toEqual(created);
  const list = `query Q($id: ID) { ${name}: ${plural}(filter: { id: { eq: $id } }) { totalCount nodes { ${fields} } } }`;
  expect(await run(list, { id })).toEqual({ totalCount: 1, nodes: [created] });

  door.clock.advance(60_000);
  const updated = await run(
    `mutation M($id: ID!, $input: Update${name}Input!) { ${name}: update${name}(id: $id, input: $input) { ${fields} } }`,
    { id, input: one.update },
  );
  const updatedAt = door.clock.at.toISOString();
  expect(updated).toEqual({ ...created, ...one.update, ...one.effects, updatedAt });
  expect(await run(get, { id })).toEqual(updated);

  const remove = `mutation M($id: ID!) { ${name}: delete${name}(id: $id) { ${fields} } }`;
  expect(await run(remove, { id })).toEqual(updated);
  for (const text of [get, remove]) {
    const { message, path, extensions } = await door.fail(account.key, text, { id });
    expect({ message, path, code: extensions?.code }).toEqual({
      message: `${label} not found`,
      path: [name],
      code: 'NOT_FOUND',
    });
  }
  expect(await run(list, { id })).toEqual({ totalCount: 0, nodes: [] });
});

test('every noun that is made, answered and deleted plainly is in the table', () => {
  const mutations = buildApiSchema().getMutationType()?.getFields() ?? {};
  const answersItself = (name: string) => String(mutations[`create${name}`]?.type) === `${name}!`;
  const deletable = Object.keys(mutations).flatMap((name) => /^delete(\w+)$/.exec(name)?.[1] ?? []);
  const expected = deletable.filter(answersItself);
  expect(CASES.map(({ noun }) => capitalize(noun)).toSorted()).toEqual(expected.toSorted());
});
