import { setImmediate as nextTurn } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { openTestAccount, type TestAccount } from '../support/account';
import { endChildren } from '../support/child';
import { type Gateway, startGateway } from '../support/gateway';
import { runGraphqlField } from '../support/graphql-client';
import { manyAtATime } from '../support/many';
import { leastMs, msOf } from '../support/quick';
import { RawSocket } from '../support/raw-socket';
import { RedisServer } from '../support/redis-server';

const WATCH = 'subscription ($since: String) { leadCreated(since: $since) { cursor lead { phone } } }';
/** What the vendor documents for leads: so many requests per key and minute. */
const LEADS_PER_MINUTE = 100;
/** More would wait too long for the few connections of the servers on a busy machine. */
const AT_A_TIME = 20;

let account: TestAccount;
let gateways: [Gateway, Gateway];
let made: number;

beforeEach(async () => {
  account = await openTestAccount();
  made = 0;
});

afterAll(() => endChildren());

/** Makes a lead at a gateway and answers its phone. */
async function makeLead(gateway: Gateway): Promise<string> {
  made += 1;
  const phone = `+1202${5_550_000 + made}`;
  await runGraphqlField(gateway, account.key, `mutation { createLead(input: { phone: "${phone}" }) { id } }`);
  return phone;
}

/** A live subscriber at each gateway. */
async function subscribers(): Promise<RawSocket[]> {
  const { endCursor: since } = await runGraphqlField<{ endCursor: string }>(
    ...[gateways[0], account.key, '{ changes(first: 100) { endCursor } }'],
  );
  const sockets = await Promise.all(gateways.map(({ port }) => RawSocket.signedIn(port, account.key)));
  for (const socket of sockets) socket.subscribe('watch', WATCH, { since });
  const phone = await makeLead(gateways[0]);
  for (const socket of sockets) expect(await phonesOf(socket, 1)).toEqual([phone]);
  return sockets;
}

async function phonesOf(socket: RawSocket, count: number): Promise<string[]> {
  const rows = await socket.takeResults<{ cursor: string; lead: { phone: string } }>(count);
  return rows.map(({ lead }) => lead.phone);
}

/** Proves that what is made at either gateway reaches the subscribers of both, each once. */
async function expectAllReached(sockets: RawSocket[], count = 40): Promise<void> {
  const phones = await manyAtATime(count, AT_A_TIME, (at) => makeLead(gateways[at % 2] as Gateway));
  const seen = await Promise.all(sockets.map((socket) => phonesOf(socket, count)));
  for (const one of seen) expect(one.toSorted()).toEqual(phones.toSorted());
  expect(seen[1]).toEqual(seen[0]);
  for (const socket of sockets) expect(socket.received).toEqual([]);
}

const closeAll = (sockets: RawSocket[]) => Promise.all(sockets.map((socket) => socket.close()));

describe('without Redis', () => {
  beforeAll(async () => {
    gateways = await Promise.all([startGateway(), startGateway()]);
  });

  test('every event reaches the subscribers of both processes once, in the same order', async () => {
    const sockets = await subscribers();
    await expectAllReached(sockets);
    await closeAll(sockets);
  });

  test('a subscriber goes on at the other process without gap or double', async () => {
    const sockets = await subscribers();
    const [first, second] = sockets as [RawSocket, RawSocket];
    const phones: string[] = [];
    let cursor = '';
    for (let round = 0; round < 5; round++) {
      for (let at = 0; at < 4; at++) phones.push(await makeLead(gateways[at % 2] as Gateway));
      const [row] = (await first.takeResults<{ cursor: string }>(4)).slice(-1);
      cursor = row?.cursor ?? '';
    }
    await first.close();
    for (let at = 0; at < 10; at++) phones.push(await makeLead(gateways[0]));
    const moved = await RawSocket.signedIn(gateways[1].port, account.key);
    moved.subscribe('watch', WATCH, { since: cursor });
    expect(await phonesOf(moved, 10)).toEqual(phones.slice(-10));
    expect(await phonesOf(second, 30)).toEqual(phones);
    await closeAll([second, moved]);
  });
});

describe('with Redis', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await RedisServer.start();
    const settings = { REDIS_URL: redis.url };
    gateways = await Promise.all([startGateway(settings), startGateway(settings)]);
    await bothHear();
  });

  /** Waits until both processes hear announcements. */
  async function bothHear(): Promise<void> {
    const client = new Redis(redis.url);
    const listenerCount = async () => Number((await client.pubsub('NUMSUB', 'switchboard:changed'))[1]);
    while ((await listenerCount()) < gateways.length) await nextTurn();
    client.disconnect();
  }

  /** Proves that a process is woken by the writes of the other: by polling it would hear of one in two seconds. */
  async function expectWakeUps([, far]: RawSocket[]): Promise<void> {
    const hearOfTen = async () => {
      for (let round = 0; round < 10; round++) {
        const phone = await makeLead(gateways[0]);
        expect(await phonesOf(far as RawSocket, 1)).toEqual([phone]);
      }
    };
    expect(await leastMs(10_000, () => msOf(hearOfTen))).toBeLessThan(10_000);
  }

  test('every event reaches the subscribers of both processes once, in the same order, and at once', async () => {
    const sockets = await subscribers();
    await expectAllReached(sockets);
    await expectWakeUps(sockets);
    await closeAll(sockets);
  });

  test('Redis is killed and comes back: events go on without a gap, and wake-ups return', async () => {
    const sockets = await subscribers();
    const writing = expectAllReached(sockets);
    await redis.kill();
    await writing;
    await expectAllReached(sockets, 10);
    await redis.startAgain();
    await bothHear();
    await expectAllReached(sockets);
    await expectWakeUps(sockets);
    await closeAll(sockets);
  });

  test('a rate limit counts the requests of both processes together, exactly', async () => {
    const ask = async ({ url }: Gateway) => {
      const headers = { authorization: `Bearer ${account.key}` };
      const { status } = await fetch(`${url}/api/leads/external/v1/leads`, { headers });
      return status;
    };
    const askOne = (at: number) => ask(gateways[at % 2] as Gateway);
    const statuses = await manyAtATime(LEADS_PER_MINUTE + 60, AT_A_TIME, askOne);
    expect(statuses.filter((status) => status === 200)).toHaveLength(LEADS_PER_MINUTE);
    expect(statuses.filter((status) => status === 429)).toHaveLength(60);
  });
});
