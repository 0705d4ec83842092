import { openTestAccount, type TestAccount } from '../support/account';
import { endChildren } from '../support/child';
import { type Gateway, startGateway } from '../support/gateway';
import { HostileClient } from '../support/hostile';
import { MailServer } from '../support/mail-server';
import { emptyQueues } from '../support/queues';
import { RawSocket } from '../support/raw-socket';
import { Receiver } from '../support/receiver';

const CREATE = 'mutation ($phone: String!) { createLead(input: { phone: $phone }) { id } }';
const WRITERS = 8;

let account: TestAccount;

beforeEach(async () => {
  await emptyQueues();
  account = await openTestAccount();
});

afterAll(() => endChildren());

const headers = () => ({ authorization: `Bearer ${account.key}`, 'content-type': 'application/json' });

/** Makes leads until the server is gone; answers what was acknowledged, and what else was answered. */
async function write({ url }: Gateway, writer: number): Promise<{ phones: string[]; refusals: number[] }> {
  const phones: string[] = [];
  const refusals: number[] = [];
  for (let count = 0; ; count++) {
    const phone = `+1202${5_000_000 + writer * 10_000 + count}`;
    const body = JSON.stringify({ query: CREATE, variables: { phone } });
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: headers(), body }).catch(
      () => null,
    );
    if (!response) return { phones, refusals };
    await response.arrayBuffer();
    if (response.status === 200) phones.push(phone);
    else refusals.push(response.status);
  }
}

/** Sends a part of a request; `rest` is what has to follow. */
async function begin({ port }: Gateway, path: string, body: object) {
  const text = JSON.stringify(body);
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${account.key}\r\n`;
  const client = await HostileClient.open(port);
  client.send(
    `${head}content-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text.slice(0, 20)}`,
  );
  return { client, rest: text.slice(20) };
}

test('asked to stop under load: what is under way is answered, sockets get 1001, nothing acknowledged is lost', async () => {
  // A webhook that hangs, and a mail server that does not answer, hold nobody up for longer than the stop may take.
  const hangs = new Promise<never>(() => {});
  const hook = await Receiver.start(() => hangs);
  const mail = await MailServer.start({ hold: () => hangs });
  const settings = {
    ROLE: 'all',
    WEBHOOK_ALLOW: '127.0.0.1',
    SMTP_URL: mail.url,
    MAIL_FROM: 'a@acme.example',
  };
  const gateway = await startGateway(settings);
  const ask = (query: string) =>
    fetch(`${gateway.url}/graphql`, { method: 'POST', headers: headers(), body: JSON.stringify({ query }) });
  await ask(
    `mutation { createWebhook(input: { name: "w", url: "${hook.url}", events: ["lead.*"] }) { secret } }`,
  );
  await ask('mutation { sendEmail(input: { to: ["b@example.com"], subject: "Hi", text: "Hi" }) { id } }');
  const sockets = await Promise.all(
    Array.from({ length: 20 }, () => RawSocket.signedIn(gateway.port, account.key)),
  );
  for (const socket of sockets) socket.subscribe('1', 'subscription { leadCreated { cursor } }');
  const silent = await HostileClient.open(gateway.port);

  const begun = await Promise.all([
    begin(gateway, '/graphql', { query: CREATE, variables: { phone: '+12029990001' } }),
    begin(gateway, '/api/leads/external/v1/leads', { name: 'Ann Lee', phone: '+12029990002' }),
  ]);
  const writing = Array.from({ length: WRITERS }, (_, writer) => write(gateway, writer));
  await hook.has(1);

  const stopped = gateway.stop();
  await Promise.race(sockets.map(({ closed }) => closed));
  // The server says that it stops, and lets what has begun come to its end.
  const finished = begun.map(async ({ client, rest }) => {
    client.send(rest);
    await client.closed;
    return client.status;
  });
  expect(await Promise.all(finished)).toEqual([200, 201]);
  for (const socket of sockets) expect(await socket.closed).toEqual({ code: 1001, reason: 'Going away' });
  expect(await stopped).toBe(0);
  await silent.closed;
  const written = await Promise.all(writing);
  const phones = ['+12029990001', '+12029990002', ...written.flatMap((one) => one.phones)];
  expect(phones.length).toBeGreaterThan(1);
  expect(new Set(written.flatMap(({ refusals }) => refusals).filter((status) => status !== 503))).toEqual(
    new Set(),
  );
  const rows = await account.ctx.query<{ phone: string }>('select phone from lead where account_id = $1', [
    account.ctx.account.id,
  ]);
  const kept = rows.map(({ phone }) => phone);
  expect(kept).toEqual(expect.arrayContaining(phones));
  expect(new Set(kept).size).toBe(kept.length);
  await mail.stop();
});
