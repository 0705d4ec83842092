import { setTimeout as sleep } from 'node:timers/promises';
import { leads } from '../../src/domain/lead/lead.service';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { openTestAccount, type TestAccount, TestClock } from '../support/account';
import { cursorNow, type Entry, entriesAfter, FOLLOW } from '../support/change-log';
import { endChildren } from '../support/child';
import { MailServer } from '../support/mail-server';
import { randomFrom } from '../support/random';
import { RawSocket } from '../support/raw-socket';
import { Receiver } from '../support/receiver';
import { runCampaigns, type SentCampaigns } from '../support/soak-campaigns';
import { openSoakDoors } from '../support/soak-doors';
import { SoakStage } from '../support/soak-stage';
import { SoakSender, type Written, writeAt } from '../support/soak-writers';

const seed = Number(process.env.SOAK_SEED ?? Date.now() % 1_000_000);
const forMs = Number(process.env.SOAK_MINUTES ?? 0.25) * 60_000;
const FOLLOWERS = 3;
const LAST_PHONE = '+12029999999';
/** One in so many deliveries is refused when it comes first. */
const REFUSED_ONE_IN = 40;

const say = (text: string) => process.stderr.write(`Soak: ${text}\n`);

let stage: SoakStage;
let account: TestAccount;
let mail: MailServer;
let sender: SoakSender;

beforeAll(async () => {
  say(`${forMs / 1000} s, SOAK_SEED=${seed} makes the same faults again.`);
  mail = await MailServer.start();
  stage = await SoakStage.start({
    ...{ SMTP_URL: mail.url, MAIL_FROM: 'news@acme.example', WEBHOOK_ALLOW: '127.0.0.1' },
  });
  account = await openTestAccount({ store: stage.database, clock: new TestClock(new Date()) });
  sender = new SoakSender(stage);
}, 120_000);

afterAll(async () => {
  await endChildren();
  await stage.close();
  await mail.stop();
}, 60_000);

/** Follows the account with the cursor of the last entry, now at one server and now at the other, to the last phone. */
async function follow(start: string, first: number): Promise<Entry[]> {
  const seen: Entry[] = [];
  for (let turn = first; ; turn++) {
    const port = stage.ports[turn % 2] as number;
    const socket = await RawSocket.signedIn(port, account.key).catch(() => undefined);
    socket?.subscribe('1', FOLLOW, { since: seen.at(-1)?.cursor ?? start });
    while (socket && !(await socket.isAtEnd())) {
      const message = await socket.take();
      // An outage of the database ends the subscription, and not the socket.
      if (message.type !== 'next') break;
      seen.push((message.payload as { data: { changes: Entry } }).data.changes);
      stage.happened();
      if (seen.at(-1)?.payload.phone === LAST_PHONE) return seen;
    }
    await socket?.close();
    await sleep(50);
  }
}

const UPDATE = `mutation ($id: ID!, $company: String!) {
  updateLead(id: $id, input: { company: $company }) { id }
}`;

/** Changes one record again and again; answers the values that were acknowledged. */
async function change(id: string, isOver: () => boolean): Promise<number[]> {
  const acknowledged: number[] = [];
  const headers = { authorization: `Bearer ${account.key}` };
  for (let round = 1; !isOver(); round++) {
    const body = { query: UPDATE, variables: { id, company: String(round) } };
    const { fate } = await sender.send({ path: '/graphql', headers, body });
    if (fate === 'done') acknowledged.push(round);
    else await sleep(50);
  }
  return acknowledged;
}

async function startHooks(): Promise<Receiver[]> {
  const hooks: Receiver[] = [];
  for (const name of ['one', 'other']) {
    const refused = new Set<number>();
    const hook = await Receiver.start(({ body }) => {
      const { position } = JSON.parse(body);
      if (position % REFUSED_ONE_IN > 0 || refused.has(position)) return { status: 204 };
      refused.add(position);
      return { status: 503 };
    });
    await webhooks.create(account.ctx, { name, url: hook.url, events: ['*'] });
    hooks.push(hook);
  }
  return hooks;
}

/** What the dead had taken is free at once, as it is a while later. */
const FREE = [
  'update webhook_lane set due_at = now()',
  `update campaign_recipient set due_at = now() where status in ('pending', 'sending')`,
];

const LEFT = `
select (select count(*) from campaign where status not in ('sent', 'failed'))::int as campaigns,
  (select count(*) from webhook_delivery where status = 'pending')::int as deliveries,
  (select position from webhook_progress) < (select max(position) from change_event) as "isBehind"`;

/** What waits for another try has it now: thousands of changes of one record go out one after the other. */
const HURRY = [
  `update webhook_delivery set next_attempt_at = now() where status = 'pending' and next_attempt_at > now()`,
  'update webhook_lane set due_at = now() where lease_id is null and due_at > now()',
];

/** Waits until nothing is left to be sent. */
async function drained(): Promise<void> {
  for (;;) {
    for (const statement of HURRY) await stage.database.acrossAccounts.query(statement, []);
    const [left] = await stage.database.acrossAccounts.query(LEFT, []);
    if (left?.campaigns === 0 && left.deliveries === 0 && !left.isBehind) return;
    await sleep(200);
  }
}

/** Every acknowledged record is there once, and none is there that nobody sent. */
async function checkWritten({ door, once, acknowledged, unknown }: Written): Promise<void> {
  const rows = await account.ctx.query<{ mark: string }>(door.marks, [account.ctx.account.id]);
  const marks = rows.map(({ mark }) => mark).filter((mark) => mark !== LAST_PHONE);
  expect(new Set(marks).size).toBe(marks.length);
  expect(marks).toEqual(expect.arrayContaining([...once, ...acknowledged]));
  expect([...once, ...acknowledged, ...unknown]).toEqual(expect.arrayContaining(marks));
}

/** Every event came, in the order of its record, and after the one that it names as the one before. */
function checkHook({ received }: Receiver, log: Entry[]): void {
  const positions = log.map(({ cursor }) => Number(cursor));
  const lastBySubject = new Map<string, number>();
  const came = new Set<number>();
  const subjectOf = new Map(log.map(({ cursor, subjectId }) => [Number(cursor), subjectId]));
  for (const { body } of received) {
    const { position, previousPosition } = JSON.parse(body);
    const subjectId = subjectOf.get(position);
    if (subjectId === undefined) continue;
    const last = lastBySubject.get(subjectId);
    if (position !== last && last !== undefined) expect(previousPosition).toBe(last);
    lastBySubject.set(subjectId, position);
    came.add(position);
  }
  expect([...came].toSorted((a, b) => a - b)).toEqual(positions);
}

/** Nobody got a mail twice, and every recipient is accounted for. */
async function checkCampaigns({ campaignIds, addresses }: SentCampaigns): Promise<void> {
  const got = mail.taken.map(({ raw, to }) => `${/^Subject: (.*)$/m.exec(raw)?.[1]?.trim()} ${to}`);
  expect(new Set(got).size).toBe(got.length);
  const rows = await account.ctx.query<{ mark: string; status: string; campaignId: string }>(
    `select campaign.subject || ' ' || address as mark, recipient.status, campaign.id as "campaignId"
     from campaign_recipient recipient join campaign on campaign.id = campaign_id where campaign.account_id = $1`,
    [account.ctx.account.id],
  );
  expect(rows).toHaveLength(campaignIds.length * addresses);
  const sent = rows.filter(({ status }) => status === 'sent');
  const unknown = rows.filter(({ status }) => status === 'unknown');
  expect(sent.length + unknown.length).toBe(rows.length);
  expect(got).toEqual(expect.arrayContaining(sent.map(({ mark }) => mark)));
  expect([...sent, ...unknown].map(({ mark }) => mark)).toEqual(expect.arrayContaining(got));
  const headers = { authorization: `Bearer ${account.key}` };
  for (const id of campaignIds) {
    const query = `{ campaign(id: "${id}") { metrics { recipients sent unknown failed pending } } }`;
    const data = await sender.insist({ path: '/graphql', headers, body: { query } });
    const count = (all: typeof rows) => all.filter(({ campaignId }) => campaignId === id).length;
    expect(data).toEqual({
      campaign: {
        metrics: { recipients: addresses, sent: count(sent), unknown: count(unknown), failed: 0, pending: 0 },
      },
    });
  }
}

test(
  'whatever is killed, nothing that was acknowledged is lost, and nothing is done twice',
  async () => {
    const endsAt = Date.now() + forMs;
    let isFailed = false;
    const isOver = () => isFailed || Date.now() >= endsAt;
    const fail = () => {
      isFailed = true;
      stage.happened();
    };
    const hooks = await startHooks();
    // From here on: what came before a webhook was there is none of its business.
    const start = await cursorNow(account.ctx);
    const doors = await openSoakDoors(account);
    const { id: leadId } = await leads.create(account.ctx, { phone: '+13025550100', company: '0' });
    const following = Promise.all(Array.from({ length: FOLLOWERS }, (_, at) => follow(start, at)));
    const writing = Promise.all(doors.map((door) => writeAt(door, sender, isOver)));
    const changing = change(leadId, isOver);
    const mailing = runCampaigns(account, sender, isOver);
    for (const work of [writing, changing, mailing]) work.catch(fail);
    await stage.torment(isOver, randomFrom(seed));
    say(`faults are over: ${JSON.stringify(stage.faults)}`);
    const [written, rounds, campaigns] = await Promise.all([writing, changing, mailing]);
    say(`nothing is written any more: ${JSON.stringify(sender.answers)}`);

    await stage.endServers();
    for (const statement of FREE) await stage.database.acrossAccounts.query(statement, []);
    await stage.startServers();
    await leads.create(account.ctx, { phone: LAST_PHONE });
    const followed = await following;
    say('all have followed to the last entry');
    await drained();
    say('all is sent');

    for (const one of written) await checkWritten(one);
    const log = await entriesAfter(account.ctx, start);
    const toTheLast = log.slice(0, log.findIndex(({ payload }) => payload.phone === LAST_PHONE) + 1);
    for (const seen of followed) expect(seen).toEqual(toTheLast);
    const ofLead = log.filter(({ subjectId }) => subjectId === leadId);
    const told = ofLead.map(({ payload }) => Number(payload.company));
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
    expect(told).toEqual(expect.arrayContaining(rounds));
    for (const hook of hooks) checkHook(hook, log);
    await checkCampaigns(campaigns);
    expect(stage.exitCodes.filter((code) => code !== 0)).toEqual([]);

    const sum = (of: (one: Written) => number) => written.reduce((all, one) => all + of(one), 0);
    const numbers = {
      ...{ faults: stage.faults, answers: sender.answers, events: log.length, followers: FOLLOWERS },
      acknowledged: sum(({ once, acknowledged }) => once.size + acknowledged.size) + rounds.length,
      unanswered: sum(({ unknown }) => unknown.size),
      deliveries: hooks.map(({ received }) => received.length),
      ...{ campaigns: campaigns.campaignIds.length, mails: mail.taken.length, stops: stage.exitCodes.length },
    };
    say(JSON.stringify(numbers));
  },
  forMs + 600_000,
);
