import { accounts } from '../../src/domain/account/account.service';
import { buildApiSchema } from '../../src/graphql/schema';
import { issueKey, openTestAccount } from '../support/account';
import { rowsOf, withoutChange } from '../support/account-state';
import { type WholeAccount, wholeAccount } from '../support/whole-account';
import { type Answer, Door } from './door';
import { type IdPlace, idPlacesOf, requestAt, tableOfPlace } from './id-places';

const UNKNOWN = '0190a000-0000-7000-8000-000000000000';
/** Stands in the rows of the account that is asked for, and nowhere else. */
const MARK = 'hidden-from-others';

let door: Door;
let owner: WholeAccount;
let stranger: WholeAccount;
let sibling: WholeAccount;

const AT = '2026-05-01T10:00:00Z';
const TEXTS: Record<string, unknown> = {
  ...{ phone: '+12025550100', url: 'https://example.com/hook', events: 'lead.*', address: 'b@example.com' },
  ...{ to: 'b@example.com', email: 'b@example.com', startsAt: AT, endsAt: '2026-05-01T11:00:00Z', since: AT },
};
const SCALARS: Record<string, unknown> = { Int: 1, Boolean: true, JSON: {}, JSONObject: {}, DateTime: AT };
const PERIOD = { from: '2026-03-01', to: '2026-03-02' };

/** What a field, an input or a place needs besides what the schema requires. */
const NEEDED: Record<string, (own: (table: string) => string) => Record<string, unknown>> = {
  ...{ audienceAnalysis: () => PERIOD, campaignAnalysis: () => PERIOD, submissionAnalysis: () => PERIOD },
  setAgentPassword: () => ({ password: 'a password that is long' }),
  CreateContactInput: () => ({ email: 'b@example.com' }),
  'upsertContact(input.groupIds)': () => ({ email: 'b@example.com' }),
  'startCall(input.teamId)': () => ({ phone: '+12025550100' }),
  'createFormPage(input.groupIds)': (own) => ({ audienceId: own('audience') }),
};

/** Places at which what is generated never comes to look at the id, and why. */
const NOT_ASKED: Record<string, string> = {};

const schema = buildApiSchema();
const ROOTS = ['Query', 'Mutation'] as const;
const fields = ROOTS.flatMap((root) => {
  const places = idPlacesOf(schema, root);
  const names = new Set(places.map(({ field }) => field.name));
  return [...names].map((name) => [name, root, places.filter(({ field }) => field.name === name)] as const);
});

function idsAt(place: Omit<IdPlace, 'title'>, { idsByTable }: WholeAccount): string[] {
  const table = tableOfPlace(place, new Set(idsByTable.keys()));
  if (table) return (idsByTable.get(table) as string[]).slice(0, 2);
  return [...idsByTable.values()].map(([id]) => id as string);
}

const material = {
  ownIdsAt: (place: Omit<IdPlace, 'title'>) => idsAt(place, stranger),
  simple: (name: string, type: string) => TEXTS[name] ?? SCALARS[type] ?? 'x',
  neededBy: (name: string) => NEEDED[name]?.((table) => stranger.idsByTable.get(table)?.[0] as string) ?? {},
};

beforeAll(async () => {
  door = await Door.open();
  const agency = await openTestAccount({ kind: 'agency' });
  const clientOf = async () => {
    const client = await accounts.createClient(agency.ctx, { name: 'Client' });
    const ctx = agency.ctx.actingFor(await accounts.clientScope(agency.ctx, client.id));
    return { ...agency, ctx, key: await issueKey({ ...agency, ctx }) };
  };
  owner = await wholeAccount(door, MARK, await clientOf());
  stranger = await wholeAccount(door, 'own', await openTestAccount({ kind: 'agency' }));
  sibling = await wholeAccount(door, 'own', await clientOf());
});
afterAll(() => door.close());

const textOf = ({ body: { data, errors } }: Answer, id: string) =>
  JSON.stringify({ data, errors }).replaceAll(id, 'the id');

const NOT_THERE = /not found|the id of nothing|no group of|must be groups of/;

/** Whether the answer to an id of nothing shows that it was looked at: it is missing, or what is read is empty. */
function isLookedAt(root: string, { body: { data, errors } }: Answer): boolean {
  if (!errors) return root === 'Query' || NOT_THERE.test(JSON.stringify(data));
  return errors.every(({ message, extensions }) => {
    const { code, fields: wrong } = extensions ?? {};
    return code === 'NOT_FOUND' || NOT_THERE.test(message) || NOT_THERE.test(JSON.stringify(wrong ?? {}));
  });
}

const notLookedAt = new Set<string>();

test.each(fields)('%s', async (_, root, places) => {
  await withoutChange(owner, async () => {
    for (const place of places) {
      const ask = (credential: string, id: string) => {
        const { text, variables } = requestAt(root.toLowerCase(), place, id, material);
        return door.send(credential, text, variables);
      };
      const ids = idsAt(place, owner);
      for (const [who, credential] of [
        ['a stranger', stranger.key],
        ['a client of the same agency', sibling.key],
        ['an agent', stranger.token],
      ] as const) {
        const nothing = await ask(credential, UNKNOWN);
        if (who === 'a stranger' && !isLookedAt(root, nothing)) notLookedAt.add(place.title);
        for (const id of who === 'a stranger' ? ids : ids.slice(0, 1)) {
          const answer = textOf(await ask(credential, id), id);
          expect({ who, place: place.title, answer }).toEqual({
            who,
            place: place.title,
            answer: textOf(nothing, UNKNOWN),
          });
          expect(answer).not.toContain(MARK);
        }
      }
    }
  });
});

test('each place is looked at, or stands in the list of those that cannot be with the reason', () => {
  expect([...notLookedAt].toSorted()).toEqual(Object.keys(NOT_ASKED).toSorted());
});

test('nothing of those who asked refers to what they asked for', async () => {
  const ids = [...owner.idsByTable.values()].flat();
  for (const asker of [stranger, sibling]) {
    const rows = (await rowsOf(asker)).join('\n');
    expect(ids.filter((id) => rows.includes(id))).toEqual([]);
    expect(rows).not.toContain(MARK);
  }
});
