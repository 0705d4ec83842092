import { EventEmitter, once } from 'node:events';
import * as fc from 'fast-check';
import { ANSWER_KEPT_HOURS } from '../../src/domain/idempotency';
import { openTestAccount, type TestAccount, testSecret } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { Child, endChildren } from '../support/child';
import { testDatabaseUrl } from '../support/database';
import type { DyingServerOptions, Moment } from '../support/dying-server';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { emptyQueues } from '../support/queues';
import { RawSocket } from '../support/raw-socket';

const RUNS = 20;
const CREATE = 'mutation ($name: String!) { createAudience(input: { name: $name }) { id name createdAt } }';

let servers: [LiveServer, LiveServer];
let account: TestAccount;

beforeAll(async () => {
  const databaseUrl = await testDatabaseUrl();
  servers = [await startLiveServer({ databaseUrl }), await startLiveServer({ databaseUrl })];
});

beforeEach(async () => {
  account = await openTestAccount();
});

afterAll(async () => {
  await endChildren();
  for (const server of servers) await server.close();
});

/** A door that audiences are made through: what is sent, and the error that its refusals tell of. */
const DOORS = {
  graphql: {
    path: '/graphql',
    bodyOf: (name: string) => ({ query: CREATE, variables: { name } }),
  },
  furiosa: { path: '/api/v1/audiences', bodyOf: (name: string) => ({ name }) },
} as const;

interface Sending {
  door: keyof typeof DOORS;
  key: string;
  name: string;
}

interface Answered {
  status: number;
  text: string;
  isReplayed: boolean;
}

async function send(port: number, { door, key, name }: Sending, apiKey = account.key): Promise<Answered> {
  const { path, bodyOf } = DOORS[door];
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      'idempotency-key': key,
    },
    body: JSON.stringify(bodyOf(name)),
  });
  const isReplayed = response.headers.get('idempotency-replayed') === 'true';
  return { status: response.status, text: await response.text(), isReplayed };
}

/** Requests of one key that are sent at the same time, each until it is done. */
class Senders {
  private done = 0;
  private readonly oneIsDone = new EventEmitter();

  constructor(private readonly apiKey: string) {}

  /** Sends again for as long as the request runs somewhere: when another is done, so that no limit is met. */
  async send(port: number, sending: Sending): Promise<Answered> {
    for (;;) {
      const { done } = this;
      const answer = await send(port, sending, this.apiKey);
      if (answer.status !== 409) {
        this.done += 1;
        this.oneIsDone.emit('done');
        return answer;
      }
      if (this.done === done) await once(this.oneIsDone, 'done');
    }
  }
}

const nameIn = (text: string): unknown => /"name":"([^"]+)"/.exec(text)?.[1];

const sendings = fc.array(
  fc.record({
    door: fc.constantFrom<Sending['door']>('graphql', 'furiosa'),
    key: fc.constantFrom('k', 'l'),
    name: fc.constantFrom('Spring', 'Autumn'),
    server: fc.constantFrom<0 | 1>(0, 1),
  }),
  { minLength: 2, maxLength: 10 },
);

test('whatever is sent at the same time, at whichever server: one effect and one answer for each key', async () => {
  await fc.assert(
    fc.asyncProperty(sendings, async (all) => {
      const one = await openTestAccount();
      const senders = new Senders(one.key);
      const answers = await Promise.all(
        all.map(async ({ server, ...sending }) => ({
          ...sending,
          ...(await senders.send(servers[server].port, sending)),
        })),
      );
      const done = answers.filter(({ status }) => status !== 422);
      const keys = [...new Set(all.map(({ key }) => key))];
      const made = (await eventsOf(one, 'audience')).map(({ payload }) => payload.name);
      expect(made).toHaveLength(keys.length);
      for (const key of keys) {
        const ofKey = done.filter((answer) => answer.key === key);
        expect(new Set(ofKey.map(({ text }) => text)).size).toBe(1);
        expect(ofKey.filter(({ isReplayed }) => !isReplayed)).toHaveLength(1);
        const [{ door, name, text }] = ofKey as [(typeof ofKey)[0]];
        expect(nameIn(text)).toBe(name);
        const others = answers.filter(({ status, key: other }) => status === 422 && other === key);
        for (const other of others) expect([other.door, other.name]).not.toEqual([door, name]);
        for (const same of ofKey) expect([same.door, same.name]).toEqual([door, name]);
      }
      const [{ rows }] = (await one.ctx.query(
        'select count(*)::int as "rows" from audience where account_id = $1',
        [one.ctx.account.id],
      )) as [{ rows: number }];
      expect(rows).toBe(keys.length);
    }),
    { numRuns: RUNS },
  );
});

const IN_TRANSACTION = `
select 1 from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`;

/** Starts a server that dies with its first transaction, and sends it a request. */
async function sendToDying(moment: Moment, sending: Sending): Promise<void> {
  const options: DyingServerOptions = { databaseUrl: await testDatabaseUrl(), secret: testSecret, moment };
  const script = `require('reflect-metadata');
    require('./test/support/dying-server.ts').runDyingServer(${JSON.stringify(options)})`;
  const { ready } = await Child.start(
    [process.execPath, '--require', './test/support/typescript.cjs', '--eval', script],
    { readyWords: /listening on (\d+)/ },
  );
  await expect(send(Number(ready[1]), sending)).rejects.toThrow('fetch failed');
  // Its transaction ends when the database notices.
  while ((await account.ctx.query(IN_TRANSACTION, [])).length > 0);
}

describe.each(['graphql', 'furiosa'] as const)('%s: a process that is killed', (door) => {
  const sending = { door, key: 'k', name: 'Spring' };

  test('between the commit and the answer: the next try has the answer', async () => {
    await sendToDying('after the commit', sending);
    const [event, ...more] = await eventsOf(account, 'audience');
    expect({ name: event?.payload.name, more }).toEqual({ name: 'Spring', more: [] });
    const [first, second] = await withoutChange(account, async () => [
      await send(servers[0].port, sending),
      await send(servers[1].port, sending),
    ]);
    expect(first).toMatchObject({ status: door === 'graphql' ? 200 : 201, isReplayed: true });
    expect(second).toEqual(first);
    const id = door === 'graphql' ? event?.subjectId : event?.payload.number;
    expect(first?.text).toContain(`"id":${JSON.stringify(id)}`);
  });

  test('before the commit: nothing is left, and the next try does it', async () => {
    await withoutChange(account, () => sendToDying('before the commit', sending));
    const first = await send(servers[0].port, sending);
    expect(first).toMatchObject({ status: door === 'graphql' ? 200 : 201, isReplayed: false });
    expect(await eventsOf(account, 'audience')).toHaveLength(1);
  });
});

describe('over WebSocket', () => {
  async function mutate(socket: RawSocket, id: string, idempotencyKey: unknown, name = 'Spring') {
    const payload = { query: CREATE, variables: { name }, extensions: { idempotencyKey } };
    socket.send({ type: 'subscribe', id, payload });
    const message = await socket.take();
    if (message.type === 'next') await socket.take();
    return message;
  }

  test('a mutation with extensions.idempotencyKey is done once, whichever way it comes again', async () => {
    const socket = await RawSocket.signedIn(servers[0].port, account.key);
    const first = await mutate(socket, '1', 'k');
    const { data } = first.payload as { data: object };
    const cost = { requested: 1, maximum: 50_000 };
    expect(first).toEqual({
      type: 'next',
      id: '1',
      payload: { data: { createAudience: expect.anything() }, extensions: { cost } },
    });
    const [second, overHttp] = await withoutChange(account, async () => [
      await mutate(socket, '2', 'k'),
      await send(servers[1].port, { door: 'graphql', key: 'k', name: 'Spring' }),
    ]);
    expect(second).toEqual({
      ...{ type: 'next', id: '2', payload: { data, extensions: { cost, idempotencyReplayed: true } } },
    });
    expect(JSON.parse((overHttp as Answered).text).data).toEqual(data);
    expect((overHttp as Answered).isReplayed).toBe(true);
    await socket.close();
  });

  test.each([
    ['that another mutation has', 'k', 'KEY_REUSED'],
    ['that is empty', '', 'INVALID'],
    ['that is no text', 7, 'INVALID'],
  ])('refuses a key %s', async (_, key, code) => {
    const socket = await RawSocket.signedIn(servers[0].port, account.key);
    await mutate(socket, '1', 'k');
    const refused = await withoutChange(account, () => mutate(socket, '2', key, 'Autumn'));
    expect(refused).toEqual({
      ...{ type: 'error', id: '2' },
      payload: [expect.objectContaining({ extensions: expect.objectContaining({ code }) })],
    });
    await socket.close();
  });
});

test('a worker removes the answers that are kept no longer', async () => {
  await send(servers[0].port, { door: 'furiosa', key: 'k', name: 'Spring' });
  const answers = async () => {
    const text = 'select count(*)::int as "rows" from idempotent_answer where account_id = $1';
    return (await account.ctx.query<{ rows: number }>(text, [account.ctx.account.id]))[0]?.rows;
  };
  expect(await answers()).toBe(1);
  const age = `update idempotent_answer set created_at = now() - interval '${ANSWER_KEPT_HOURS} hours 1 second' where account_id = $1`;
  await account.ctx.query(age, [account.ctx.account.id]);
  await emptyQueues();
  const worker = await startLiveServer({
    settings: { ROLE: 'worker' },
    databaseUrl: await testDatabaseUrl(),
  });
  while (await answers());
  await worker.close();
});
