import { createHmac } from 'node:crypto';
import { audiences } from '../../src/domain/audience/audience.service';
import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { takeBounce } from '../../src/domain/campaign/bounce';
import { contacts } from '../../src/domain/contact/contact.service';
import { formPages } from '../../src/domain/form-page/form-page.service';
import { submit } from '../../src/domain/submission/submit';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { registerDialects } from '../../src/rest/dialects';
import { eventsOf } from '../support/account-state';
import { openCampaignBench } from '../support/campaigns';
import { type DeliveryBench, openBench } from '../support/delivery';
import { FIELDS } from '../support/pages';
import { Receiver } from '../support/receiver';

const CONTACTS = { format: 'furiosa', events: ['contact.*'] };

registerDialects();

/** The signature of a body, made without the program's own code. */
const hmac = (secret: string, body: string) =>
  createHmac('sha256', secret).update(body, 'utf8').digest('hex');

const bodiesOf = (receiver: Receiver) => receiver.received.map(({ body }) => JSON.parse(body));

function wireTime({ clock }: DeliveryBench): string {
  return `${clock.at.toISOString().slice(0, 19)}Z`;
}

test('contacts are told of in the vendor’s form, signed over the exact bytes', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  const { secret } = await bench.subscribe(receiver.url, CONTACTS);
  const audience = await audiences.create(ctx, { name: 'News' });
  const vip = await audienceGroups.create(ctx, { audienceId: audience.id, name: 'VIP' });
  const jane = {
    audienceId: audience.id,
    email: 'jane@example.com',
    firstName: 'Zoë 😀',
    groupIds: [vip.id],
  };
  const { number: id } = await contacts.create(ctx, jane);
  const created = wireTime(bench);
  bench.clock.advance(5_000);
  await contacts.update(ctx, id, { lastName: 'Doe', groupIds: [] });
  const updated = wireTime(bench);
  bench.clock.advance(5_000);
  await contacts.delete(ctx, id);
  await bench.run();

  const data = {
    ...{ id, audience_id: audience.number, email: 'jane@example.com', phone: null, first_name: 'Zoë 😀' },
    ...{
      last_name: '',
      groups: [vip.number],
      status: 'subscribed',
      created_at: created,
      updated_at: created,
    },
  };
  const changed = { ...data, last_name: 'Doe', groups: [], updated_at: updated };
  expect(bodiesOf(receiver)).toEqual([
    { event: 'contact.created', timestamp: created, data },
    { event: 'contact.updated', timestamp: updated, data: changed },
    { event: 'contact.deleted', timestamp: wireTime(bench), data: changed },
  ]);
  expect(receiver.received.map(({ body }) => Object.keys(JSON.parse(body)))).toEqual(
    Array(3).fill(['event', 'timestamp', 'data']),
  );
  for (const { headers, body } of receiver.received) {
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-furiosa-signature']).toMatch(/^[0-9a-f]{64}$/);
    expect(headers['x-furiosa-signature']).toBe(hmac(secret, body));
    expect(headers['x-furiosa-signature']).not.toBe(hmac(secret, `${body} `));
    expect(headers['x-furiosa-signature']).not.toBe(hmac(`${secret}=`, body));
    expect(Object.keys(headers).filter((name) => name.startsWith('webhook-'))).toEqual([]);
  }
  expect(bench.errors).toEqual([]);
});

test('a contact that goes with its audience is told of with the ids of both', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  const audience = await audiences.create(ctx, { name: 'News' });
  const vip = await audienceGroups.create(ctx, { audienceId: audience.id, name: 'VIP' });
  const { number } = await contacts.create(ctx, {
    audienceId: audience.id,
    phone: '12345',
    groupIds: [vip.id],
  });
  await bench.subscribe(receiver.url, { ...CONTACTS, events: ['contact.deleted'] });
  await bench.relayAll();
  await audiences.delete(ctx, audience.id);
  await bench.run();
  expect(bodiesOf(receiver)).toMatchObject([
    { event: 'contact.deleted', data: { id: number, audience_id: audience.number, groups: [vip.number] } },
  ]);
});

test('an import of the API is an event for each contact', async () => {
  const bench = await openBench();
  const receiver = await Receiver.start();
  await bench.subscribe(receiver.url, { ...CONTACTS, events: ['contact.created'] });
  const { id: audienceId } = await audiences.create(bench.account.ctx, { name: 'News' });
  const rows = ['a', 'b', 'c'].map((name) => ({ audienceId, email: `${name}@example.com` }));
  await contacts.createMany(bench.account.ctx, [...rows, ...rows]);
  await bench.run();
  const emails = bodiesOf(receiver).map(({ data }) => data.email);
  expect(emails.toSorted()).toEqual(rows.map(({ email }) => email));
});

test('a campaign that was sent, and a message of it that came back', async () => {
  const bench = await openBench();
  const mail = await openCampaignBench({}, { clock: bench.clock });
  const receiver = await Receiver.start();
  const { secret } = await webhooks.create(mail.ctx, {
    ...{ name: 'Furiosa', url: receiver.url, format: 'furiosa' },
    events: ['campaign.sent', 'campaign.bounced'],
  });
  const [ann] = await mail.addContacts([{ email: 'ann@example.com' }, { email: 'bob@example.com' }]);
  const { number } = await mail.begin();
  await mail.run();
  await bench.run();
  await takeBounce(mail.ctx, { address: 'ann@example.com', kind: 'hard', reason: '550 no such user' });
  await bench.run();
  const audience = await audiences.get(mail.ctx, mail.audienceId);
  const now = wireTime(bench);
  const campaign = {
    ...{ id: number, name: 'Spring', type: 'email', status: 'sent', subject: 'Hi {{ first_name }}' },
    ...{
      audience_id: audience.number,
      group_ids: [],
      scheduled_at: null,
      sent_at: now,
      created_at: now,
      updated_at: now,
    },
  };
  const metrics = {
    ...{
      recipients: 2,
      sent: 2,
      delivered: 2,
      opened: 0,
      clicked: 0,
      bounced: 0,
      unsubscribed: 0,
      failed: 0,
    },
    ...{ open_rate: 0, click_rate: 0, credits_used: 0 },
  };
  const bounce = {
    contact_id: ann?.number,
    email: 'ann@example.com',
    type: 'hard',
    reason: '550 no such user',
  };
  expect(bodiesOf(receiver)).toEqual([
    { event: 'campaign.sent', timestamp: now, data: { ...campaign, metrics } },
    {
      ...{ event: 'campaign.bounced', timestamp: now },
      data: { ...campaign, metrics: { ...metrics, delivered: 1, bounced: 1 }, bounce },
    },
  ]);
  for (const { headers, body } of receiver.received) {
    expect(headers['x-furiosa-signature']).toBe(hmac(secret, body));
  }
  await mail.close();
});

test('a submission of a page, with the ids of page and contact', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  const { secret } = await bench.subscribe(receiver.url, { format: 'furiosa', events: ['submission.*'] });
  const audience = await audiences.create(ctx, { name: 'News' });
  const slug = `hooked-${Date.now()}`;
  const form = { name: 'Contact us', slug, status: 'published', fields: FIELDS };
  const page = await formPages.create(ctx, { ...form, audienceId: audience.id });
  const plain = await formPages.create(ctx, { ...form, slug: `${slug}-plain` });
  const sent = { given: { name: 'Jane', email: 'jane@example.com' }, address: undefined, origin: undefined };
  const first = await submit(ctx, page, sent);
  const second = await submit(ctx, plain, sent);
  await formPages.delete(ctx, plain.id);
  await bench.run();
  const { records } = await contacts.records(ctx, {}, { limit: 1, offset: 0 });
  const now = wireTime(bench);
  const dataOf = (fields: object) => ({
    ...{ fields: { name: 'Jane', email: 'jane@example.com' }, created_at: now, ...fields },
  });
  const sort = (bodies: { data: { id: number } }[]) => bodies.toSorted((a, b) => a.data.id - b.data.id);
  expect(sort(bodiesOf(receiver))).toEqual([
    {
      ...{ event: 'page.submission', timestamp: now },
      data: dataOf({ id: first.number, page_id: page.number, contact_id: records[0]?.number }),
    },
    {
      ...{ event: 'page.submission', timestamp: now },
      data: dataOf({ id: second.number, page_id: plain.number, contact_id: null }),
    },
  ]);
  for (const { headers, body } of receiver.received)
    expect(headers['x-furiosa-signature']).toBe(hmac(secret, body));
});

test('what the vendor has no event for is not sent; a test is', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  const { id } = await bench.subscribe(receiver.url, { format: 'furiosa', events: ['*'] });
  await bench.relayAll();
  const audience = await audiences.create(ctx, { name: 'News' });
  await audiences.update(ctx, audience.id, { name: 'Newsletter' });
  await bench.createLead();
  await formPages.create(ctx, { name: 'Contact us', slug: `quiet-${Date.now()}` });
  // Of the help desk: in no audience.
  const ann = await contacts.create(ctx, { email: 'ann@example.com' });
  await contacts.update(ctx, ann.id, { firstName: 'Ann' });
  await contacts.delete(ctx, ann.id);
  await bench.run();
  expect([receiver.received, await bench.deliveries()]).toEqual([[], []]);
  await webhooks.test(ctx, id);
  await bench.run();
  expect(bodiesOf(receiver)).toEqual([
    {
      ...{ event: 'webhook.test', timestamp: wireTime(bench) },
      data: { webhookId: id, name: 'test', message: 'This is a test.' },
    },
  ]);
});

test('a secret that was chosen signs as it is, and its successor after a rotation', async () => {
  const bench = await openBench();
  const { ctx } = bench.account;
  const receiver = await Receiver.start();
  const chosen = 'hunter2!"$%&/()=?';
  const { id, secret } = await bench.subscribe(receiver.url, { ...CONTACTS, secret: chosen });
  expect(secret).toBe(chosen);
  const { id: audienceId } = await audiences.create(ctx, { name: 'News' });
  await contacts.create(ctx, { audienceId, email: 'jane@example.com' });
  await bench.run();
  const rotated = await webhooks.rotateSecret(ctx, id);
  await contacts.create(ctx, { audienceId, email: 'john@example.com' });
  await bench.run();
  expect(
    receiver.received.map(({ headers, body }) =>
      [chosen, rotated.secret].map((one) => headers['x-furiosa-signature'] === hmac(one, body)),
    ),
  ).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(JSON.stringify(await eventsOf(bench.account, 'webhook'))).not.toContain('hunter2');
});
