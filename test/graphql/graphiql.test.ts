import {
  buildClientSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { printApiSchema } from '../../src/graphql/emit';
import { openTestAccount, type TestAccount } from '../support/account';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
});
afterAll(() => door.close());

describe('GraphiQL', () => {
  const browse = (where: Door) =>
    where.app.inject({
      method: 'GET',
      url: '/graphql',
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });

  test('is served to browsers, without a key, and loads nothing from elsewhere', async () => {
    const response = await browse(door);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'none';/);
    const html = response.body;
    expect(html).toContain('<title>Switchboard GraphiQL</title>');
    expect(html).toContain('query NewestLeads');
    expect(html).toContain('\\"authorization\\": \\"Bearer YOUR_API_KEY\\"');
    const [page = ''] = html.split('<script>');
    const addresses = [...page.matchAll(/<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map(
      (match) => match[1],
    );
    expect(addresses.length).toBeGreaterThan(0);
    expect(addresses.filter((address) => !address?.startsWith('data:'))).toEqual([]);
    expect(html).not.toMatch(/<script[^>]+src=/);
    expect(html).not.toMatch(/@import\s+(url\()?["']?https?:/);
  });

  test('can read the whole schema', async () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true });
    const read = await door.run<IntrospectionQuery, object>(account.key, query);
    expect(printSchema(lexicographicSortSchema(buildClientSchema(read)))).toBe(printApiSchema().trimEnd());
  });

  test('is off in production, unless wanted, like introspection and suggestions', async () => {
    const production = await Door.open({ isProduction: true });
    expect((await browse(production)).statusCode).toBe(401);
    expect((await production.fail(account.key, '{ __schema { types { name } } }')).message).toMatch(
      /introspection is not allowed/,
    );
    expect((await production.fail(account.key, '{ account { nme } }')).message).toBe(
      'Cannot query field "nme" on type "Account".',
    );
    await production.close();
    const wanted = await Door.open({ isProduction: true, graphiql: true });
    expect((await browse(wanted)).statusCode).toBe(200);
    await wanted.close();
  });
});
