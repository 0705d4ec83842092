import { openTestAccount, type TestAccount } from '../support/account';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});

afterAll(() => door.close());

const QUERY = '{ account { name } }';
const bearer = () => ({ authorization: `Bearer ${account.key}` });

async function get(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const search = new URLSearchParams(parameters);
  const response = await door.app.inject({
    method: 'GET',
    url: `/graphql?${search}`,
    headers: { ...bearer(), ...headers },
  });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

describe('GET', () => {
  const SAFE = { 'apollo-require-preflight': 'true' };

  test('answers queries', async () => {
    const answer = await get({ query: QUERY }, SAFE);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        data: { account: { name: 'Test account' } },
        extensions: { cost: { requested: 1, maximum: 50_000 } },
      },
    });
    const variables = JSON.stringify({ id: 'unknown' });
    const { body } = await get(
      { query: 'query Q($id: ID!) { lead(id: $id) { id } }', variables, operationName: 'Q' },
      SAFE,
    );
    expect(body.errors[0].message).toBe('Lead not found');
  });

  test('is refused from other sites, for writes and for nonsense', async () => {
    const csrf = await get({ query: QUERY });
    expect(csrf.status).toBe(400);
    expect(csrf.body.errors[0]).toMatchObject({
      message:
        'A GET request needs the header apollo-require-preflight, so that other sites cannot send it (CSRF).',
      extensions: { code: 'INVALID', requestId: 'request-1' },
    });
    const write = await get({ query: 'mutation { createTag(input: { name: "a" }) { id } }' }, SAFE);
    expect(write).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
      body: { errors: [{ extensions: { code: 'INVALID' } }] },
    });
    const broken = await get({ query: QUERY, variables: '{' }, SAFE);
    expect(broken).toMatchObject({
      status: 400,
      body: { errors: [{ message: 'The parameter variables is not valid JSON.' }] },
    });
    const twice = await door.app.inject({
      method: 'GET',
      url: '/graphql?query=a&query=b',
      headers: { ...bearer(), ...SAFE },
    });
    expect(twice.json().errors[0].message).toBe('The parameter query may stand only once.');
  });
});
