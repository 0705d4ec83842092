import { campaigns } from '../../src/domain/campaign/campaign.service';
import { activeCampaigns } from '../../src/domain/campaign/campaign-progress';
import { SENDING_LEASE_MS } from '../../src/domain/campaign/recipient-queue';
import type { MailTransport } from '../../src/domain/email/mail-transport';
import { tendCampaigns } from '../../src/server/mail/mailing';
import { eventNamesOf } from '../support/account-state';
import { addressesOf, type CampaignBench, openCampaignBench, people } from '../support/campaigns';
import { MINUTE } from '../support/mailing';

let bench: CampaignBench;

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

describe('what may have arrived or not', () => {
  /** A transport whose process dies with the mails for some addresses. */
  const dying = (transport: MailTransport, isDeadly: (address: string) => boolean): MailTransport => ({
    ...transport,
    send: (ctx, mail) =>
      isDeadly(mail.to[0] ?? '') ? Promise.reject(new Error('killed')) : transport.send(ctx, mail),
  });

  async function sendWithDeath(isDeadly: (address: string) => boolean) {
    bench = await openCampaignBench();
    const { addContacts, begin, run, sender, transport, clock } = bench;
    await addContacts(people(10));
    const campaign = await begin();
    await run(sender({ transport: dying(transport, isDeadly) }));
    bench.errors.length = 0;
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'sending' });
    clock.advance(SENDING_LEASE_MS - 1);
    await run();
    expect((await bench.metrics(campaign.id)).unknown).toBeUndefined();
    clock.advance(1);
    await run();
    return campaign;
  }

  test('is unknown when its process died, is not sent again by itself, and the rest is', async () => {
    const campaign = await sendWithDeath((address) => /^r[37]@/.test(address));
    expect(bench.server.addresses.toSorted()).toEqual(addressesOf(10).filter((one) => !/^r[37]@/.test(one)));
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 10, sent: 8, delivered: 8, unknown: 2 });
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'sent' });
    bench.clock.advance(600 * MINUTE);
    await bench.run();
    expect(bench.server.taken).toHaveLength(8);
  });

  test('is sent again, or left, when somebody says so', async () => {
    const campaign = await sendWithDeath((address) => /^r[3-5]@/.test(address));
    const { ctx, run, server, recipients } = bench;
    const sentAt = (await bench.read(campaign.id)).sentAt;
    const unknown = (await recipients(campaign.id)).filter(({ status }) => status === 'unknown');
    expect(unknown.map(({ address }) => address)).toEqual([
      'r3@example.com',
      'r4@example.com',
      'r5@example.com',
    ]);
    expect(await campaigns.resolveUnknown(ctx, campaign.id, 'leave', [unknown[0]?.id ?? '', 'no id'])).toBe(
      1,
    );
    expect(await campaigns.resolveUnknown(ctx, campaign.id, 'resend', [unknown[1]?.id ?? ''])).toBe(1);
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'sending' });
    await run();
    expect(server.addresses.filter((one) => /^r[3-5]@/.test(one))).toEqual(['r4@example.com']);
    expect(await campaigns.resolveUnknown(ctx, campaign.id, 'resend')).toBe(1);
    expect(await campaigns.resolveUnknown(ctx, campaign.id, 'resend')).toBe(0);
    await run();
    expect(server.addresses.toSorted()).toEqual(addressesOf(10).filter((one) => one !== 'r3@example.com'));
    expect(await bench.read(campaign.id)).toMatchObject({ status: 'sent', sentAt });
    expect(
      (await eventNamesOf(bench.account, 'campaign')).filter((name) => name === 'campaign.sent'),
    ).toHaveLength(1);
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 10, sent: 9, delivered: 9, failed: 1 });
  });

  test('is unknown when the mail server never answers, though it has the mail', async () => {
    bench = await openCampaignBench({
      die: (to) => (to === 'r1@example.com' ? 'after keeping' : undefined),
    });
    const { addContacts, begin, run, server } = bench;
    await addContacts(people(3));
    const campaign = await begin();
    await run();
    expect(server.addresses.toSorted()).toEqual(addressesOf(3));
    expect((await bench.recipients(campaign.id)).map(({ status }) => status)).toEqual([
      'sent',
      'unknown',
      'sent',
    ]);
  });

  test('what a dead process had taken and not begun is sent by another', async () => {
    bench = await openCampaignBench();
    const { addContacts, begin, run, server, sender, store, due, clock } = bench;
    await addContacts(people(6));
    const campaign = await begin({ throttlePerSecond: 6 });
    await tendCampaigns(due);
    // It takes them all, and waits for their moments for ever.
    const dead = sender({ waitUntil: () => new Promise(() => {}) });
    await dead.step(await activeCampaigns(store));
    await run();
    expect(server.taken.length).toBeLessThan(2);
    clock.advance(MINUTE);
    await run();
    clock.advance(1000);
    await run();
    expect(server.addresses.toSorted()).toEqual(addressesOf(6));
    expect(await bench.metrics(campaign.id)).toEqual({ recipients: 6, sent: 6, delivered: 6 });
  });
});
