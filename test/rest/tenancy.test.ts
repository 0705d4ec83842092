import { z } from 'zod';
import type { Dialect, Route } from '../../src/rest/dialect';
import { issueKey, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { openAccountFor } from '../support/dialect-account';
import {
  type Call,
  callOf,
  EACH_DIALECT,
  noteIds,
  routeOf,
  send,
  UNKNOWN_IDS,
} from '../support/dialect-client';
import { startTestServer, type TestServer } from '../support/server';

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

let server: TestServer;

// Whole numbers are counted per kind of record: set far apart, none of one kind is ever one of another.
const SPREAD_NUMBERS = `
select setval(pg_get_serial_sequence(quote_ident(table_name), 'number'),
  row_number() over (order by table_name) * 10000000)
from information_schema.columns where table_schema = 'public' and column_name = 'number' and is_identity = 'YES'`;

beforeAll(async () => {
  server = await startTestServer();
  await server.database.acrossAccounts.query(SPREAD_NUMBERS, []);
});

afterAll(() => server.close());

/** A documented request that asks for things by ids: those in the path by name, and one in a field. */
interface Question {
  title: string;
  isWithField: boolean;
  callFor: (idsByName: ReadonlyMap<string, string>, id: string) => Call;
}

interface Json {
  format?: string;
  'x-record'?: boolean;
  properties?: Record<string, Json>;
  items?: Json;
  anyOf?: Json[];
  allOf?: Json[];
}

/** The ways through objects (a name) and lists (0) to what takes the id of a record. */
function idPathsIn(schema: Json, path: (string | number)[] = []): (string | number)[][] {
  if (schema.format === 'uuid' || schema['x-record'] === true) return [path];
  const { properties = {}, items, anyOf = [], allOf = [] } = schema;
  const deeper = [
    ...Object.entries(properties).flatMap(([name, one]) => idPathsIn(one, [...path, name])),
    ...(items ? idPathsIn(items, [...path, 0]) : []),
    ...[...anyOf, ...allOf].flatMap((one) => idPathsIn(one, path)),
  ];
  return [...new Map(deeper.map((one) => [one.join('.'), one])).values()];
}

function idPathsOf(schema: z.ZodType | undefined): (string | number)[][] {
  return schema ? idPathsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json) : [];
}

/** The body with a value at the path; what is on the way is made where it is missing. */
function withValue(body: unknown, [step, ...rest]: (string | number)[], value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === 'string') {
    const object = (body ?? {}) as Record<string, unknown>;
    return { ...object, [step]: withValue(object[step], rest, value) };
  }
  const [first, ...others] = Array.isArray(body) ? body : [];
  return [withValue(first, rest, value), ...others];
}

/** The path of a call with a value in place of each of its parameters, one at a time. */
function pathsWith(route: Route, path: string): ((id: string) => string)[] {
  const templates = [route.path, ...(route.otherPaths ?? [])].map((one) => one.split('/'));
  const [own = '', ...query] = path.split('?');
  const parts = own.split('/');
  const template = templates.find(
    (one) =>
      one.length === parts.length && one.every((part, at) => part === parts[at] || part.startsWith('{')),
  );
  const places = (template ?? []).flatMap((part, at) => (part.startsWith('{') ? [at] : []));
  return places.map((at) => (id) => [parts.with(at, id).join('/'), ...query].join('?'));
}

const ID_KEY = /"(\w*id)":"?(\d+)"?(?=[,}])/gi;
const ID_LIST = /"(\w*ids|tags)":\[[\d,]*\]/gi;

/** The ids in an answer: UUIDs, and whole numbers under a name that ends in `id`. */
function idsIn(dialect: Dialect, answer: string): string[] {
  if (dialect.ids === 'uuid') return answer.match(UUID) ?? [];
  return [...answer.matchAll(ID_KEY)].map(([, , id]) => String(id)).filter((id) => id !== '0');
}

const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
// A refusal may name the id that it was asked for.
const NOT_FOUND = /\b(\w+) \d+ not found/g;
const SLUG = /"(slug|url)":"([a-z:/.]*[a-z-]+)-\d+"/g;

/** The answer with all ids alike, those in slugs and tokens too. */
function withoutIds(answer: string): string {
  return answer
    .replace(TOKEN, 'some token')
    .replace(NOT_FOUND, '$1 some id not found')
    .replace(SLUG, '"$1":"$2"')
    .replace(UUID, 'some id')
    .replace(ID_LIST, '"$1":["some ids"]')
    .replace(ID_KEY, '"$1":"some id"');
}

/** Each documented request as it is, and once more with an id in each field that takes one. */
function questionsOf(dialect: Dialect): Question[] {
  return dialect.examples.flatMap((example) => {
    const route = routeOf(dialect, example);
    const { title } = example;
    const plain: Question = {
      ...{ title, isWithField: false },
      callFor: (idsByName) => callOf(dialect, example, idsByName),
    };
    const call = callOf(dialect, example);
    const asking = (name: string, change: (id: string) => Partial<Call>): Question => ({
      ...{ title: `${title}, with ${name}`, isWithField: true },
      callFor: (_, id) => ({ ...call, ...change(id) }),
    });
    const inBody = idPathsOf(route.body).map((path) =>
      asking(path.join('.'), (id) => ({ body: withValue(call.body, path, id) })),
    );
    const inQuery = idPathsOf(route.query).map(([name]) =>
      asking(String(name), (id) => ({
        path: `${call.path}${call.path.includes('?') ? '&' : '?'}${name}=${id}`,
      })),
    );
    const inPath = pathsWith(route, call.path).map((pathOf, at) =>
      asking(`parameter ${at + 1} of the path`, (id) => ({ path: pathOf(id) })),
    );
    return [plain, ...inBody, ...inQuery, ...inPath];
  });
}

describe.each(EACH_DIALECT)('%s', (_, dialect) => {
  const questions = questionsOf(dialect);
  const idsByName = new Map<string, string>();
  const ownIds = new Set<string>();
  const answersBefore = new Map<Question, unknown>();
  let owner: TestAccount;
  /** As long as it has written nothing, it is as a new one. */
  let stranger: TestAccount | undefined;

  /** What an account that has nothing is answered; its own new ids do not matter. */
  async function answerToStranger(call: Call): Promise<{ status: number; body: string }> {
    stranger ??= await openAccountFor(server, dialect);
    // Limits count by key.
    const { statusCode, body } = await send(server.app, dialect, call, await issueKey(stranger));
    if (statusCode < 400 && call.method !== 'GET') stranger = undefined;
    expect(idsIn(dialect, body).filter((id) => ownIds.has(id))).toEqual([]);
    return { status: statusCode, body: withoutIds(body) };
  }

  beforeAll(async () => {
    for (const question of questions) {
      answersBefore.set(
        question,
        await answerToStranger(question.callFor(new Map(), UNKNOWN_IDS[dialect.ids])),
      );
    }
    owner = await openAccountFor(server, dialect);
    for (const example of dialect.examples) {
      const response = await send(server.app, dialect, callOf(dialect, example, idsByName), owner.key);
      noteIds(example, response.json(), idsByName);
      for (const id of idsIn(dialect, response.body)) ownIds.add(id);
    }
  });

  test('every operation is asked', () => {
    const asked = new Set(dialect.examples.map(({ operation }) => operation));
    expect(dialect.routes.filter(({ operation }) => !asked.has(operation))).toEqual([]);
  });

  test('the owner has something to hide', () => expect(ownIds.size).toBeGreaterThan(1));

  test.each(questions.map((question) => [question.title, question] as const))(
    '%s: what another account has is as what nobody has',
    async (__, question) => {
      await withoutChange(owner, async () => {
        for (const id of question.isWithField ? ownIds : [UNKNOWN_IDS[dialect.ids]]) {
          const answer = await answerToStranger(question.callFor(idsByName, id));
          expect({ id, ...answer }).toEqual({ id, ...(answersBefore.get(question) as object) });
        }
      });
    },
  );
});
