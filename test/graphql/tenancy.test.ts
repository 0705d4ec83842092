import { capitalize, snakeCase } from '../../src/domain/text';
import { buildApiSchema } from '../../src/graphql/schema';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { CreateLeadDocument } from '../support/documents';
import { createText, NOUNS, type Values } from '../support/nouns';
import { Door } from './door';

let door: Door;
let owner: TestAccount;
let stranger: TestAccount;
const ids: Values = {};

const updateText = (noun: string) =>
  `mutation M($id: ID!, $input: Update${capitalize(noun)}Input!) { update${capitalize(noun)}(id: $id, input: $input) { id } }`;
const deleteText = (noun: string) => {
  const verb = { apiKey: 'revoke', chat: 'close' }[noun] ?? 'delete';
  return `mutation M($id: ID!) { ${verb}${capitalize(noun)}(id: $id) { id } }`;
};
const getText = (noun: string) => `query Q($id: ID!) { ${noun}(id: $id) { id updatedAt } }`;
const listText = (plural: string) =>
  `query Q($filter: ${capitalize(plural).slice(0, -1)}Filter) { ${plural}(filter: $filter) { totalCount nodes { id } } }`;

beforeAll(async () => {
  door = await Door.open();
  [owner, stranger] = [await openTestAccount(), await openTestAccount()];
  for (const { noun, create } of NOUNS) {
    ids[noun] = await door.make(owner.key, noun, create(ids));
  }
});
afterAll(() => door.close());

/** How many rows of each noun and log entries the account has, and when the newest was changed. */
async function stateOf({ ctx }: TestAccount): Promise<unknown> {
  const counts = NOUNS.map(
    ({ noun }) =>
      `(select json_build_array(count(*), max(updated_at)) from "${snakeCase(noun)}" where account_id = $1)`,
  );
  const log = '(select count(*) from change_event where account_id = $1)';
  const text = `select json_build_array(${[...counts, log].join(', ')}) as state`;
  const [row] = await ctx.query(text, [ctx.account.id]);
  return row?.state;
}

test('the table has every noun that can be changed', () => {
  const mutations = Object.keys(buildApiSchema().getMutationType()?.getFields() ?? {});
  const changeable = mutations.flatMap((name) => (name.startsWith('update') ? [name.slice(6)] : []));
  const expected = changeable.filter((name) => name !== 'Account');
  expect(NOUNS.map(({ noun }) => capitalize(noun)).toSorted()).toEqual(expected.toSorted());
});

describe.each(NOUNS)('another account’s $noun', ({ noun, plural, create, update }) => {
  test('is a missing one, and stays as it is', async () => {
    const before = [await stateOf(owner), await stateOf(stranger)];
    const id = ids[noun];
    for (const [text, variables] of [
      [getText(noun), { id }],
      [updateText(noun), { id, input: update }],
      [deleteText(noun), { id }],
    ] as const) {
      const error = await door.fail(stranger.key, text, variables);
      expect(error.extensions?.code).toBe('NOT_FOUND');
      expect(error.message).toMatch(/^[A-Z][\w ]+ not found$/);
      const unknown = await door.fail(stranger.key, text, {
        ...variables,
        id: '0190a000-0000-7000-8000-000000000000',
      });
      expect(unknown).toEqual(error);
      expect(await door.fail(stranger.key, text, { ...variables, id: '5' })).toEqual(error);
    }
    const list = await door.run<Record<string, unknown>, Values>(stranger.key, listText(plural), {
      filter: { id: { eq: id } },
    });
    expect(list[plural]).toEqual({ totalCount: 0, nodes: [] });
    expect([await stateOf(owner), await stateOf(stranger)]).toEqual(before);
  });

  test('cannot be made to refer to', async () => {
    const input = create(ids);
    const references = Object.keys(input).filter((key) => key.endsWith('Id'));
    const before = await stateOf(stranger);
    if (references.length > 0) {
      const { extensions } = await door.fail(stranger.key, createText(noun), { input });
      expect(extensions?.code).toBe('NOT_FOUND');
      expect(Object.keys(extensions?.fields as object).toSorted()).toEqual(references.toSorted());
    }
    expect(await stateOf(stranger)).toEqual(before);
  });
});

describe.each(NOUNS)('scopes of $noun', ({ noun, plural, create, update }) => {
  const needsOf = (scope: string) => ({
    message: `This key lacks the scope ${scope}.`,
    extensions: { code: 'FORBIDDEN', requestId: 'request-1' },
  });

  test('reading needs read, writing needs write; a refusal names the scope and changes nothing', async () => {
    const reader = await issueKey(owner, [`${plural}:read`]);
    const writer = await issueKey(owner, [`${plural}:write`]);
    const both = await issueKey(owner, [`${plural}:read`, `${plural}:write`]);
    const before = await stateOf(owner);
    const id = ids[noun];
    expect(await door.fail(reader, updateText(noun), { id, input: update })).toMatchObject(
      needsOf(`${plural}:write`),
    );
    expect(await door.fail(reader, updateText(noun), { id: 'unknown', input: update })).toMatchObject(
      needsOf(`${plural}:write`),
    );
    expect(await door.fail(reader, deleteText(noun), { id })).toMatchObject(needsOf(`${plural}:write`));
    expect(await door.fail(reader, createText(noun), { input: create(ids) })).toMatchObject(
      needsOf(`${plural}:write`),
    );
    expect(await door.fail(writer, getText(noun), { id })).toMatchObject(needsOf(`${plural}:read`));
    expect(await door.fail(writer, listText(plural))).toMatchObject(needsOf(`${plural}:read`));
    expect(await stateOf(owner)).toEqual(before);
    expect(await door.run(reader, getText(noun), { id })).toMatchObject({ [noun]: { id } });
    expect(await door.run(both, updateText(noun), { id, input: update })).toMatchObject({
      [`update${capitalize(noun)}`]: { id },
    });
  });
});

test('a relation needs the scope of what it leads to, also after a write', async () => {
  const key = await issueKey(owner, ['leads:read', 'leads:write']);
  const error = await door.fail(key, `{ lead(id: "${ids.lead}") { notes { body } } }`);
  expect(error).toMatchObject({ message: 'This key lacks the scope notes:read.', path: ['lead', 'notes'] });
  const input = { phone: '+12025550177' };
  expect((await door.fail(key, CreateLeadDocument, { input })).message).toBe(
    'This key lacks the scope tags:read.',
  );
});
