import { agents } from '../../src/domain/agent/agent.service';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount, type TestAccount } from '../support/account';
import { cursorNow, type Entry, entriesAfter, FOLLOW } from '../support/change-log';
import { endChildren } from '../support/child';
import { randomFrom } from '../support/random';
import { RawSocket } from '../support/raw-socket';
import { Victim } from '../support/victim';

const KILLS = 20;
const WITHIN_MS = 900_000;
const LAST_PHONE = '+12029999999';

const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

let victim: Victim;
let isOver = false;
let phonesGiven = 0;

beforeAll(async () => {
  process.stderr.write(`Chaos: CHAOS_SEED=${seed} does the same again.\n`);
  victim = await Victim.start();
});

afterAll(() => endChildren());

/** One account, and what its writers were told. */
interface World {
  account: TestAccount;
  /** Cursor of the moment before the first write. */
  start: string;
  /** Phones of the leads whose making was acknowledged. */
  phones: Set<string>;
  /** The acknowledged priorities of each writer's agent. */
  prioritiesByAgentId: Map<string, number[]>;
}

async function openWorld(): Promise<World> {
  const account = await openTestAccount();
  const start = await cursorNow(account.ctx);
  return { account, start, phones: new Set(), prioritiesByAgentId: new Map() };
}

/** Sends a write; whether it was acknowledged. Of the others nobody knows whether they were done. */
async function isDone({ account }: World, path: string, body: object): Promise<boolean> {
  const headers = { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' };
  try {
    const response = await fetch(`http://127.0.0.1:${victim.port}${path}`, {
      ...{ method: 'POST', headers, body: JSON.stringify(body) },
    });
    const { errors } = (await response.json()) as { errors?: unknown };
    if (!response.ok || errors) return false;
    victim.happened();
    return true;
  } catch {
    await victim.ready;
    return false;
  }
}

const CREATE = 'mutation ($phone: String!) { createLead(input: { phone: $phone }) { id } }';
const UPDATE = `mutation ($id: ID!, $priority: Int!) {
  updateAgent(id: $id, input: { priority: $priority }) { id }
}`;

/** Makes leads at both doors, and updates one agent again and again, until it is over. */
async function write(world: World): Promise<void> {
  const { id } = await agents.create(world.account.ctx, { firstName: 'Busy', priority: 0 });
  const priorities: number[] = [];
  world.prioritiesByAgentId.set(id, priorities);
  for (let round = 1; !isOver; round++) {
    phonesGiven += 1;
    const phone = `+1202${5_000_000 + phonesGiven}`;
    const isMade =
      round % 8 === 0
        ? await isDone(world, '/api/leads/external/v1/leads', { name: 'Chaos', phone })
        : await isDone(world, '/graphql', { query: CREATE, variables: { phone } });
    if (isMade) world.phones.add(phone);
    const variables = { id, priority: round };
    if (await isDone(world, '/graphql', { query: UPDATE, variables })) priorities.push(round);
  }
}

/** Follows the account with the cursor of the last entry, however often the socket breaks, to the last phone. */
async function follow({ account, start }: World): Promise<Entry[]> {
  const seen: Entry[] = [];
  for (;;) {
    const socket = await RawSocket.signedIn(victim.port, account.key).catch(() => undefined);
    socket?.subscribe('1', FOLLOW, { since: seen.at(-1)?.cursor ?? start });
    while (socket && !(await socket.isAtEnd())) {
      const [entry] = (await socket.takeResults<Entry>(1)) as [Entry];
      seen.push(entry);
      victim.happened();
      if (entry.payload.phone === LAST_PHONE) return seen;
    }
    await victim.ready;
  }
}

/** Proves that nothing was lost and nothing was doubled, neither in the log nor on the way to the followers. */
async function check({ account, start, phones, prioritiesByAgentId }: World, followers: Entry[][]) {
  const log = await entriesAfter(account.ctx, start);
  for (const seen of followers) expect(seen).toEqual(log);

  const made = log
    .filter(({ name }) => name === 'lead.created')
    .map(({ payload }) => payload.phone as string);
  expect(new Set(made).size).toBe(made.length);
  expect(made).toEqual(expect.arrayContaining([...phones]));
  const rows = await account.ctx.query<{ phone: string }>('select phone from lead where account_id = $1', [
    account.ctx.account.id,
  ]);
  expect(rows.map(({ phone }) => phone).toSorted()).toEqual(made.toSorted());

  for (const [id, acknowledged] of prioritiesByAgentId) {
    const ofAgent = log.filter(({ subjectId }) => subjectId === id);
    const priorities = ofAgent.map(({ payload }) => payload.priority as number);
    expect(priorities).toEqual(priorities.toSorted((a, b) => a - b));
    expect(new Set(priorities).size).toBe(priorities.length);
    expect(priorities).toEqual(expect.arrayContaining(acknowledged));
  }
}

test(
  `${KILLS} kills: every acknowledged write has its event, every follower has seen each once and in order`,
  async () => {
    const worlds = await Promise.all([openWorld(), openWorld()]);
    const writing = worlds.flatMap((world) => [write(world), write(world)]);
    const following = worlds.map((world) => Promise.all([1, 2, 3].map(() => follow(world))));
    await victim.kill(KILLS, randomFrom(seed));
    isOver = true;
    await Promise.all(writing);
    for (const { account } of worlds) await leads.create(account.ctx, { phone: LAST_PHONE });
    for (const [at, world] of worlds.entries()) await check(world, (await following[at]) as Entry[][]);
    const acknowledged = worlds.reduce((sum, { phones }) => sum + phones.size, 0);
    expect(acknowledged).toBeGreaterThan(KILLS);
    process.stderr.write(`Chaos: ${acknowledged} leads were acknowledged.\n`);
  },
  WITHIN_MS,
);
