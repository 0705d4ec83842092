import { isNonNullType } from 'graphql';
import { settledPosition } from '../../src/domain/log-state';
import { capitalize } from '../../src/domain/text';
import { buildApiSchema } from '../../src/graphql/schema';
import { Door } from '../graphql/door';
import { type IdPlace, idPlacesOf, requestAt, tableOfPlace } from '../graphql/id-places';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { NOUNS } from '../support/nouns';
import { type Message, RawSocket } from '../support/raw-socket';
import { type WholeAccount, wholeAccount } from '../support/whole-account';

const UNKNOWN = '0190a000-0000-7000-8000-000000000000';
/** Stands in the rows of the others, and nowhere else. */
const MARK = 'hidden-from-others';
/** Below what a socket may run at a time. */
const PER_SOCKET = 90;

let server: LiveServer;
let door: Door;
let owner: WholeAccount;
let stranger: WholeAccount;

beforeAll(async () => {
  server = await startLiveServer();
  door = await Door.open();
  owner = await wholeAccount(door, MARK);
  stranger = await wholeAccount(door, 'own');
});

afterAll(async () => {
  await door.close();
  await server.close();
});

const schema = buildApiSchema();
const places = idPlacesOf(schema, 'Subscription');

function idsOfOwner(place: IdPlace): string[] {
  const table = tableOfPlace(place, new Set(owner.idsByTable.keys()));
  if (table) return (owner.idsByTable.get(table) as string[]).slice(0, 1);
  return [...new Set([...owner.idsByTable.values()].map(([id]) => id as string))];
}

/** Changes each noun of the owner that can be changed. */
async function changeAll(): Promise<void> {
  for (const { noun, update } of NOUNS) {
    const name = capitalize(noun);
    const text = `mutation M($id: ID!, $input: Update${name}Input!) { update${name}(id: $id, input: $input) { id } }`;
    const place = { field: { name: noun, type: schema.getType(name) }, path: ['id'] } as unknown as IdPlace;
    const [id] = idsOfOwner(place);
    await door.run(owner.key, text, { id, input: update });
  }
}

const createLead = (phone: string) =>
  door.run(stranger.key, 'mutation M($phone: String!) { createLead(input: { phone: $phone }) { id } }', {
    phone,
  });

/** Every subscription: as it is, and with an id of the owner, and one of nothing, at each place that takes one. */
function subscriptions(since: string): [id: string, text: string, variables: object][] {
  const material = {
    ownIdsAt: () => [],
    simple: () => 'x',
    neededBy: (name: string) => (isField(name) ? { since } : {}),
  };
  const isField = (name: string) => name in (schema.getSubscriptionType()?.getFields() ?? {});
  const asked = places.flatMap((place) =>
    [UNKNOWN, ...idsOfOwner(place)].map((id): [string, string, object] => {
      const { text, variables } = requestAt('subscription', place, id, material);
      return [`${place.title} ${id}`, text, variables];
    }),
  );
  const plain = Object.values(schema.getSubscriptionType()?.getFields() ?? {})
    .filter(({ args }) => !args.some(({ type }) => isNonNullType(type)))
    .map((field): [string, string, object] => {
      const { text, variables } = requestAt(
        'subscription',
        { field, path: [], title: field.name },
        UNKNOWN,
        material,
      );
      return [field.name, text, variables];
    });
  return [...plain, ...asked];
}

const FENCE = 'subscription S($since: String) { leadCreated(since: $since) { cursor lead { phone } } }';

/** Takes what comes until the fence has told of the lead. */
async function takeUntil(socket: RawSocket, phone: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const message = await socket.take();
    taken.push(message);
    if (message.id === 'fence' && JSON.stringify(message.payload).includes(phone)) return taken;
  }
}

test('who subscribes to everything, with the ids of others too, hears nothing of others', async () => {
  const since = String(await settledPosition(server.database.acrossAccounts));
  await changeAll();
  await createLead('+12025550188');
  const wanted = subscriptions(since);
  expect(wanted.length).toBeGreaterThan(places.length * 2);
  const sockets: RawSocket[] = [];
  for (let from = 0; from < wanted.length; from += PER_SOCKET) {
    const socket = await RawSocket.signedIn(server.port, stranger.key);
    for (const [id, text, variables] of wanted.slice(from, from + PER_SOCKET))
      socket.subscribe(id, text, { ...variables });
    socket.subscribe('fence', FENCE, { since });
    sockets.push(socket);
  }
  const taken = await Promise.all(sockets.map((socket) => takeUntil(socket, '+12025550188')));
  await wholeAccount(door, MARK);
  await createLead('+12025550189');
  taken.push(...(await Promise.all(sockets.map((socket) => takeUntil(socket, '+12025550189')))));
  // Fences come at their own time: what the event before the last one brings is there when the last one is told of.
  await createLead('+12025550190');
  taken.push(...(await Promise.all(sockets.map((socket) => takeUntil(socket, '+12025550190')))));
  const messages = taken.flat();
  const told = messages.at(-1) as Message;
  const { leadCreated: last } = (told.payload as { data: { leadCreated: { cursor: string } } }).data;
  const text = JSON.stringify(messages.map(({ payload }) => payload));
  expect(text).not.toContain(MARK);
  expect([...owner.idsByTable.values()].flat().filter((id) => text.includes(id))).toEqual([]);
  expect(text).toContain('+12025550189');
  for (const place of places) {
    const answersTo = (id: string) =>
      messages
        .filter((one) => one.id === `${place.title} ${id}`)
        .map(({ type, payload }) => ({ type, payload }))
        .filter((one) => !JSON.stringify(one).includes(`"cursor":"${last.cursor}"`));
    const nothing = answersTo(UNKNOWN);
    for (const id of idsOfOwner(place))
      expect({ place: place.title, id, got: answersTo(id) }).toEqual({
        place: place.title,
        id,
        got: nothing,
      });
  }
  await Promise.all(sockets.map((socket) => socket.close()));
});
