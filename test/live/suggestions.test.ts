import { openTestAccount, type TestAccount } from '../support/account';
import { stateOf } from '../support/account-state';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { Attacker, messagesOf, type Request } from './attacker';

let server: LiveServer;
let account: TestAccount;
let attacker: Attacker;
let before: Record<string, unknown>;

beforeAll(async () => {
  server = await startLiveServer({ settings: { NODE_ENV: 'production' } });
  account = await openTestAccount();
  attacker = new Attacker(server, account.key);
  before = await stateOf(account);
});

afterEach(async () => expect(await stateOf(account)).toEqual(before));

afterAll(() => server.close());

/** In production nobody is told what the schema has. */
const SILENT: [attack: string, request: Request, message: RegExp][] = [
  [
    'introspection',
    { query: '{ __schema { types { name } } }' },
    /^GraphQL introspection (is not allowed|has been disabled)/,
  ],
  [
    'a type',
    { query: '{ __type(name: "Lead") { name } }' },
    /^GraphQL introspection (is not allowed|has been disabled)/,
  ],
  ['a field', { query: '{ account { nme } }' }, /^Cannot query field "nme" on type "Account"\.$/],
  [
    'an argument',
    { query: '{ leads(frst: 1) { totalCount } }' },
    /^Unknown argument "frst" on field "Query\.leads"\.$/,
  ],
  [
    'a type of a variable',
    { query: 'query ($f: LeadFilte) { leads(filter: $f) { totalCount } }' },
    /^Unknown type "LeadFilte"\.$/,
  ],
  [
    'a value of an enum',
    { query: '{ leads(filter: { dialStatus: { eq: PENDIN } }) { totalCount } }' },
    /^Value "PENDIN" does not exist in "DialStatus" enum\.$/,
  ],
  [
    'a field of a variable',
    {
      query: 'mutation ($input: CreateTagInput!) { createTag(input: $input) { id } }',
      variables: { input: { name: 'attack', colr: 'red' } },
    },
    /Field "colr" is not defined by type "CreateTagInput"\.$/,
  ],
  [
    'a value of an enum as a variable',
    {
      query: 'query ($s: DialStatus) { leads(filter: { dialStatus: { eq: $s } }) { totalCount } }',
      variables: { s: 'PENDIN' },
    },
    /Value "PENDIN" does not exist in "DialStatus" enum\.$/,
  ],
];

test.each(SILENT)('in production %s is not suggested', async (_, request, message) => {
  const text = JSON.stringify(request);
  const answers = [await attacker.post(text), await attacker.overSocket(text)];
  for (const answer of answers) {
    expect(messagesOf(answer)).toEqual(Array(answer.errors?.length).fill(expect.stringMatching(message)));
    expect(answer.errors?.length).toBeGreaterThan(0);
  }
});

test('a value that looks like suggestions is not searched for them for minutes', async () => {
  const value = 'Did you mean '.repeat(75_000);
  const requests = [
    { query: `{ leads(first: "${value}") { totalCount } }` },
    { query: 'query ($n: Int) { leads(first: $n) { totalCount } }', variables: { n: value } },
  ];
  for (const request of requests) {
    const text = JSON.stringify(request);
    for (const answer of [await attacker.post(text), await attacker.overSocket(text)]) {
      expect(messagesOf(answer)).toEqual([expect.stringContaining('Int cannot represent non-integer value')]);
    }
  }
});
