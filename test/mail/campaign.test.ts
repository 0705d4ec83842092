import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { campaigns } from '../../src/domain/campaign/campaign.service';
import { activeCampaigns } from '../../src/domain/campaign/campaign-progress';
import { contacts } from '../../src/domain/contact/contact.service';
import { emails } from '../../src/domain/email/email.service';
import { logTransport } from '../../src/domain/email/log-transport';
import { suppressions } from '../../src/domain/suppression/suppression.service';
import { tendCampaigns } from '../../src/server/mail/mailing';
import { NOW } from '../support/account';
import { eventNamesOf } from '../support/account-state';
import { addressesOf, type CampaignBench, openCampaignBench, PUBLIC_URL, people } from '../support/campaigns';
import type { Manners } from '../support/mail-server';
import { MINUTE } from '../support/mailing';

const UNSUBSCRIBE = /https:\/\/crm\.example\.com\/u\/[\w.-]+/;

let bench: CampaignBench;

async function open(manners: Manners = {}, options?: { concurrency: number }): Promise<CampaignBench> {
  bench = await openCampaignBench(manners, options);
  return bench;
}

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

describe('an e-mail campaign', () => {
  test('is written for each contact and goes out once to each address', async () => {
    const { addContacts, begin, run, server } = await open();
    const [ann] = await addContacts([
      { firstName: 'Ann', lastName: 'Lee', email: 'Ann@Example.com', company: '<b>&"' },
      { firstName: 'Bo', email: 'bo@example.com' },
      { firstName: 'No mail', phone: '+12025550100' },
    ]);
    const campaign = await begin({
      ...{ subject: 'Hi {{ first_name }}\n', fromName: 'Acme News', replyTo: 'help@acme.example' },
      html: '<p>{{ company }} <a href="{{ unsubscribe_url }}">out</a></p>',
    });
    expect(campaign).toMatchObject({ status: 'sending', startedAt: NOW, sentAt: null });
    await run();
    expect(server.addresses.toSorted()).toEqual(['Ann@example.com', 'bo@example.com']);
    const at = server.addresses.indexOf('Ann@example.com');
    const mail = await server.read(at);
    const [recipient] = (await bench.recipients(campaign.id)).filter(
      ({ contactId }) => contactId === ann?.id,
    );
    const messageId = `<${recipient?.id}@acme.example>`;
    expect(mail).toMatchObject({ subject: 'Hi Ann', messageId });
    expect(mail.from?.value).toEqual([{ address: 'news@acme.example', name: 'Acme News' }]);
    expect(mail.text).toMatch(/^Dear Ann Lee: /);
    expect(mail.html).toMatch(/^<p>&lt;b&gt;&amp;&quot; <a href="https:/);
    const [link] = UNSUBSCRIBE.exec(mail.text ?? '') ?? [];
    const raw = bench.server.taken[at]?.raw.replace(/\r\n\s+/g, ' ');
    expect(raw).toContain(`List-Unsubscribe: <${link}>\r\n`);
    expect(raw).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
    expect(recipient).toEqual({
      ...{ id: recipient?.id, contactId: ann?.id, address: 'Ann@Example.com', status: 'sent', reason: null },
      ...{ messageId, attempts: 1, credits: 0, sentAt: NOW, unsubscribedAt: null, dueAt: null },
    });
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'sent', sentAt: NOW });
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 2, sent: 2, delivered: 2 });
    expect(await eventNamesOf(bench.account, 'campaign')).toEqual([
      ...['campaign.created', 'campaign.updated', 'campaign.progressed', 'campaign.updated', 'campaign.sent'],
    ]);
    expect(await eventNamesOf(bench.account, 'campaign_recipient')).toEqual([]);
  });

  test('goes to who is subscribed and not suppressed, of its groups only', async () => {
    const { ctx, addContacts, audienceId, begin, run, server } = await open();
    const [vip, gone] = [
      await audienceGroups.create(ctx, { audienceId, name: 'VIP' }),
      await audienceGroups.create(ctx, { audienceId, name: 'Gone' }),
    ];
    const groupIds = [vip.id];
    await addContacts([
      { email: 'in@example.com', groupIds },
      { email: 'out@example.com' },
      { email: 'left@example.com', groupIds, status: 'unsubscribed' },
      { email: 'back@example.com', groupIds, status: 'bounced' },
      { email: 'Stop@example.com', groupIds },
    ]);
    await suppressions.suppress(ctx, 'stop@EXAMPLE.com', 'manual');
    await begin({ groupIds: [gone.id, vip.id] });
    await run();
    expect(server.addresses).toEqual(['in@example.com']);
    const nobody = await begin({ groupIds: [gone.id] });
    await audienceGroups.delete(ctx, gone.id);
    await run();
    expect(await bench.read(nobody.id)).toMatchObject({ status: 'failed', sentAt: null });
    expect(server.addresses).toEqual(['in@example.com']);
  });

  test('skips who has left, was deleted or suppressed after it began', async () => {
    const { ctx, addContacts, begin, run, server, due } = await open();
    const [left, deleted, stopped] = await addContacts(people(4));
    const campaign = await begin();
    await tendCampaigns(due);
    await contacts.update(ctx, left?.id ?? '', { status: 'unsubscribed' });
    await contacts.delete(ctx, deleted?.id ?? '');
    await suppressions.suppress(ctx, stopped?.email ?? '', 'manual');
    await run();
    expect(server.addresses).toEqual(['r3@example.com']);
    const reasons = (await bench.recipients(campaign.id)).map(({ status, reason }) => [status, reason]);
    expect(reasons).toEqual([
      ['skipped', 'The contact is unsubscribed.'],
      ['skipped', 'The contact was deleted.'],
      ['skipped', 'The address is on the list of suppressions.'],
      ['sent', null],
    ]);
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 4, sent: 1, delivered: 1, skipped: 3 });
  });

  test('fails for the contact whose message cannot be written, and goes to the others', async () => {
    const { addContacts, begin, run, server } = await open();
    await addContacts([{ email: 'long@example.com', company: 'c'.repeat(255) }, ...people(1)]);
    const campaign = await begin({ subject: '{{ company }}{{ company }}' });
    await run();
    expect(server.addresses).toEqual(['r0@example.com']);
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { status: 'failed', reason: 'Subject makes 510 characters, more than 500.', attempts: 0 },
      { status: 'sent' },
    ]);
  });

  test('has failed when nobody could be sent it, and says so of each', async () => {
    const { addContacts, begin, run } = await open({ refuseRecipient: () => 550 });
    await addContacts(people(3));
    const campaign = await begin();
    await run();
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'failed', sentAt: null });
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 3, failed: 3 });
    expect(await eventNamesOf(bench.account, 'campaign')).not.toContain('campaign.sent');
    const [one] = await bench.recipients(campaign.id);
    expect(one?.reason).toContain('550');
    await expect(campaigns.send(bench.ctx, campaign.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('tries again what is put off, and is sent when the last has had its turn', async () => {
    let answers = 0;
    const { addContacts, begin, run, server, clock } = await open({
      refuseMessage: (to) => (to === 'r0@example.com' && answers++ < 2 ? 451 : undefined),
    });
    await addContacts(people(2));
    const campaign = await begin();
    await run();
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 2, sent: 1, delivered: 1, pending: 1 });
    for (const minutes of [1, 5]) {
      clock.advance(minutes * MINUTE - 1);
      await run();
      expect(await bench.read(campaign.id)).toMatchObject({ status: 'sending' });
      clock.advance(1);
      await run();
    }
    expect(await bench.read(campaign.id)).toMatchObject({
      status: 'sent',
      sentAt: '2026-03-02T10:06:00.000Z',
    });
    expect(server.addresses.toSorted()).toEqual(addressesOf(2));
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { attempts: 3, reason: null },
      { attempts: 1 },
    ]);
  });

  test('gives up after six tries', async () => {
    const { addContacts, begin, run, clock } = await open({ refuseRecipient: () => 450 });
    await addContacts(people(1));
    const campaign = await begin();
    for (let at = 0; at < 6; at += 1) {
      await run();
      clock.advance(240 * MINUTE);
    }
    expect(await bench.recipients(campaign.id)).toMatchObject([{ status: 'failed', attempts: 6 }]);
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'failed' });
  });

  test('goes out at its time, and not before', async () => {
    const { ctx, addContacts, draft, run, server, clock } = await open();
    await addContacts(people(1));
    const { id } = await draft();
    const at = '2026-03-02T12:00:00.000Z';
    expect(await campaigns.schedule(ctx, id, at)).toMatchObject({ status: 'scheduled', scheduledAt: at });
    await run();
    expect(await campaigns.schedule(ctx, id, null)).toMatchObject({ status: 'draft', scheduledAt: null });
    await campaigns.schedule(ctx, id, at);
    clock.advance(120 * MINUTE - 1);
    await run();
    expect(server.taken).toEqual([]);
    clock.advance(1);
    await run();
    expect(server.addresses).toEqual(addressesOf(1));
    expect(await bench.read(id)).toMatchObject({ status: 'sent', startedAt: at, sentAt: at });
  });

  test('several processes send each address one mail, and tell once that it was sent', async () => {
    const { addContacts, begin, server, sender, store, due, read } = await open();
    await addContacts(people(120));
    const campaign = await begin();
    const senders = [sender(), sender(), sender()];
    const work = async (one: (typeof senders)[number]) => {
      while ((await read(campaign.id)).status === 'sending') {
        await tendCampaigns(due);
        await one.step(await activeCampaigns(store));
        await one.drain();
      }
    };
    await Promise.all(senders.map(work));
    expect(server.addresses.toSorted()).toEqual(addressesOf(120).toSorted());
    expect(
      (await eventNamesOf(bench.account, 'campaign')).filter((name) => name === 'campaign.sent'),
    ).toHaveLength(1);
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 120, sent: 120, delivered: 120 });
  });

  test('progress is told at most once a second', async () => {
    const { addContacts, begin, server, clock, sender, run } = await open(
      {
        refuseSender: () => {
          clock.advance(100);
          return undefined;
        },
      },
      { concurrency: 1 },
    );
    await addContacts(people(45));
    await begin();
    await run(sender());
    expect(server.taken).toHaveLength(45);
    const told = await bench.ctx.query<{ at: string }>(
      `select created_at as at from change_event where account_id = $1 and name = 'campaign.progressed' order by position`,
      [bench.ctx.account.id],
    );
    const gaps = told.map(({ at }, place) => Date.parse(at) - Date.parse(told[place - 1]?.at ?? at)).slice(1);
    expect(gaps.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
  });

  test('without a mail server every mail is kept as an e-mail', async () => {
    const { ctx, addContacts, begin, run, sender } = await open();
    await addContacts(people(3));
    const lines: object[] = [];
    const campaign = await begin({ fromAddress: 'me@acme.example' });
    await run(sender({ transport: logTransport(null, (line) => lines.push(line)) }));
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'sent' });
    const { rows } = await emails.page(ctx, { sort: { field: 'id', direction: 'asc' } });
    expect(rows.map(({ to, status, transport, from }) => [to, status, transport, from]).toSorted()).toEqual(
      addressesOf(3).map((address) => [[address], 'sent', 'log', 'me@acme.example']),
    );
    expect(rows[0]?.text).toMatch(UNSUBSCRIBE);
    expect(JSON.stringify(lines)).not.toContain(PUBLIC_URL);
  });
});

test('a throttle gives out one moment after another, whoever asks and however late', async () => {
  const slots: string[] = [];
  const { addContacts, begin, sender, store, due, clock, server } = await open();
  await addContacts(people(100));
  const campaign = await begin({ throttlePerSecond: 30 });
  await tendCampaigns(due);
  const waitUntil = async (instant: string) => void slots.push(instant);
  const senders = [sender({ waitUntil }), sender({ waitUntil }), sender({ waitUntil })];
  const sentAfter = async (ms: number) => {
    clock.advance(ms);
    for (const one of senders) await one.step(await activeCampaigns(store));
    for (const one of senders) await one.drain();
    return server.taken.length;
  };
  expect([await sentAfter(0), await sentAfter(0), await sentAfter(500)]).toEqual([30, 30, 45]);
  // What could not be sent in an hour is not made up for at once.
  expect([await sentAfter(60 * MINUTE), await sentAfter(999), await sentAfter(1000)]).toEqual([75, 100, 100]);
  const gaps = slots.map((slot, at) => Date.parse(slot) - Date.parse(slots[at - 1] ?? slot)).slice(1);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(33);
  expect(server.addresses.toSorted()).toEqual(addressesOf(100).toSorted());
  expect(await bench.metrics(campaign.id)).toMatchObject({ sent: 100 });
});
