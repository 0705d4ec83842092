import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { bounceToken } from '../../src/domain/campaign/bounce';
import { unsubscribeToken } from '../../src/domain/campaign/unsubscribe';
import { contacts } from '../../src/domain/contact/contact.service';
import { emails } from '../../src/domain/email/email.service';
import { sendDueEmails } from '../../src/domain/email/email-queue';
import { suppressions } from '../../src/domain/suppression/suppression.service';
import { createHttpServer } from '../../src/server/http';
import { mountMailRoutes } from '../../src/server/mail/mail-routes';
import { NOW, testVault } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { type CampaignBench, openCampaignBench } from '../support/campaigns';
import { tampered } from '../support/tampered';

let bench: CampaignBench;
let app: FastifyInstance;

beforeEach(async () => {
  bench = await openCampaignBench();
  app = createHttpServer({ logger: pino({ level: 'silent' }), isReady: async () => true });
  await mountMailRoutes(app, { vault: testVault, contextOf: bench.due.contextOf });
});

afterEach(async () => {
  await app.close();
  await bench.close();
  expect(bench.errors).toEqual([]);
});

/** A campaign that two contacts have got. */
async function sendToTwo() {
  const [ann, bo] = await bench.addContacts([{ email: 'Ann@example.com' }, { email: 'bo@example.com' }]);
  const campaign = await bench.begin();
  await bench.run();
  const [toAnn, toBo] = await bench.recipients(campaign.id);
  if (!ann || !bo || !toAnn || !toBo) throw new Error('two recipients');
  return { campaign, ann, bo, toAnn, toBo };
}

const suppressed = async () => {
  const { rows } = await suppressions.page(bench.ctx, { sort: { field: 'address', direction: 'asc' } });
  return rows.map(({ address, reason }) => [address, reason]);
};
const statusOf = async (id: string) => (await contacts.get(bench.ctx, id)).status;

describe('an unsubscribe link', () => {
  const linkOf = async (at = 0) => {
    const { text = '' } = await bench.server.read(at);
    return new URL(/https:\S+/.exec(text)?.[0] ?? '').pathname;
  };

  test('asks, and unsubscribes only when the form is sent', async () => {
    const { campaign, ann, toAnn } = await sendToTwo();
    const url = await linkOf(bench.server.addresses.findIndex((one) => one.startsWith('Ann')));
    await withoutChange(bench.account, async () => {
      const asked = await app.inject({ url });
      expect(asked.statusCode).toBe(200);
      expect(asked.headers).toMatchObject({
        ...{ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
        'referrer-policy': 'no-referrer',
      });
      expect(asked.body).toContain('<html lang="en">');
      expect(asked.body).toContain('No more messages to <strong>Ann@example.com</strong>?');
      expect(asked.body).toContain('<form method="post"><button type="submit">Unsubscribe</button></form>');
    });
    const done = await app.inject({
      ...{
        method: 'POST',
        url,
        payload: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    });
    expect(done.body).toContain('<strong>Ann@example.com</strong> gets no more messages.');
    expect(await statusOf(ann.id)).toBe('unsubscribed');
    expect(await suppressed()).toEqual([['ann@example.com', 'unsubscribed']]);
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { id: toAnn.id, unsubscribedAt: NOW },
      { unsubscribedAt: null },
    ]);
    expect(await bench.metrics(campaign.id)).toEqual({
      recipients: 2,
      sent: 2,
      delivered: 2,
      unsubscribed: 1,
    });
    expect((await app.inject({ url })).body).toContain('gets no more messages');
  });

  test('takes the one click of a mail program, with any body, once', async () => {
    const { ann } = await sendToTwo();
    const url = await linkOf(bench.server.addresses.findIndex((one) => one.startsWith('Ann')));
    const click = (type: string, payload: string) =>
      app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
    const boundary = 'x';
    const form = `--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n`;
    const answers = await Promise.all([
      click('application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'),
      click(`multipart/form-data; boundary=${boundary}`, form),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(await statusOf(ann.id)).toBe('unsubscribed');
    const updates = (await eventsOf(bench.account, 'contact')).filter(
      ({ name }) => name === 'contact.updated',
    );
    expect(updates.map(({ subjectId, changes }) => [subjectId, changes])).toEqual([
      [ann.id, { status: { old: 'subscribed', new: 'unsubscribed' } }],
    ]);
    await bench.begin();
    await bench.run();
    expect(bench.server.addresses.slice(2)).toEqual(['bo@example.com']);
  });

  test('works again for one who has subscribed anew', async () => {
    const { campaign, ann } = await sendToTwo();
    const url = await linkOf(bench.server.addresses.findIndex((one) => one.startsWith('Ann')));
    await app.inject({ method: 'POST', url });
    const [suppression] = (await suppressions.page(bench.ctx, {})).rows;
    await suppressions.delete(bench.ctx, suppression?.id ?? '');
    await contacts.update(bench.ctx, ann.id, { status: 'subscribed' });
    expect((await app.inject({ url })).body).toContain(
      'No more messages to <strong>Ann@example.com</strong>?',
    );
    bench.clock.advance(1000);
    expect((await app.inject({ method: 'POST', url })).body).toContain('gets no more messages');
    expect(await statusOf(ann.id)).toBe('unsubscribed');
    expect(await suppressed()).toEqual([['ann@example.com', 'unsubscribed']]);
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { unsubscribedAt: NOW },
      { unsubscribedAt: null },
    ]);
    expect(await bench.metrics(campaign.id)).toMatchObject({ unsubscribed: 1 });
  });

  test('that was made elsewhere, changed, or is for nobody is not known', async () => {
    const { toAnn } = await sendToTwo();
    const accountId = bench.ctx.account.id;
    const token = unsubscribeToken(testVault, { accountId, recipientId: toAnn.id });
    const nobody = unsubscribeToken(testVault, { accountId, recipientId: accountId });
    await withoutChange(bench.account, async () => {
      for (const one of ['x', tampered(token), nobody, bounceToken(testVault, accountId)]) {
        for (const method of ['GET', 'POST'] as const) {
          const answer = await app.inject({ method, url: `/u/${one}` });
          expect([answer.statusCode, answer.body.includes('Link not known')]).toEqual([404, true]);
        }
      }
    });
  });
});

describe('a bounce', () => {
  const post = (payload: object | string, type = 'message/rfc822') =>
    app.inject({
      method: 'POST',
      url: `/mail/bounces/${bounceToken(testVault, bench.ctx.account.id)}`,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
      headers: { 'content-type': typeof payload === 'string' ? type : 'application/json' },
    });

  const report = (
    messageId: string,
    { action = 'failed', status = '5.1.1', original = 'message/rfc822' } = {},
  ) =>
    [
      'From: MAILER-DAEMON@mx.example',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
      'MIME-Version: 1.0',
      '',
      '--B',
      'Content-Type: text/plain',
      '',
      'Sorry.',
      '--B',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example',
      '',
      'Final-Recipient: rfc822; ann@example.com',
      `Action: ${action}`,
      `Status: ${status}`,
      'Diagnostic-Code: smtp; 550 5.1.1',
      ' No such user',
      '--B',
      `Content-Type: ${original}`,
      '',
      `Message-ID: ${messageId}`,
      'Subject: Hi',
      '',
      '--B--',
      '',
    ].join('\r\n');

  const bounceEvents = async () =>
    (await eventsOf(bench.account, 'campaign')).filter(({ name }) => name === 'campaign.bounced');

  test.each(['message/rfc822', 'text/rfc822-headers'])(
    'that a mail server sends back with %s marks recipient and contact, once',
    async (original) => {
      const { campaign, ann, toAnn } = await sendToTwo();
      const mail = report(toAnn.messageId ?? '', { original });
      for (let time = 0; time < 2; time += 1) {
        const answer = await post(mail);
        expect([answer.statusCode, answer.json()]).toEqual([200, { isKnown: true }]);
      }
      const reason = '550 5.1.1 No such user';
      expect(await bench.recipients(campaign.id)).toMatchObject([
        { id: toAnn.id, status: 'bounced', reason, sentAt: NOW },
        { status: 'sent' },
      ]);
      expect(await statusOf(ann.id)).toBe('bounced');
      expect(await suppressed()).toEqual([['ann@example.com', 'bounced']]);
      expect(await bench.metrics(campaign.id)).toEqual({ recipients: 2, sent: 2, delivered: 1, bounced: 1 });
      const events = await bounceEvents();
      expect(events).toMatchObject([{ subjectId: campaign.id, payload: { name: 'Spring', status: 'sent' } }]);
      const bounce = {
        recipientId: toAnn.id,
        contactId: ann.id,
        address: 'Ann@example.com',
        kind: 'hard',
        reason,
      };
      expect(events[0]?.changes).toEqual({ bounce: { old: null, new: bounce } });
    },
  );

  test('that may pass leaves the contact subscribed, and a delay changes nothing', async () => {
    const { campaign, ann, toAnn } = await sendToTwo();
    await withoutChange(bench.account, async () => {
      const late = await post(report(toAnn.messageId ?? '', { action: 'delayed', status: '4.4.1' }));
      expect([late.statusCode, late.json()]).toEqual([200, { isKnown: false }]);
    });
    await post(report(toAnn.messageId ?? '', { status: '4.2.2' }));
    expect(await bench.metrics(campaign.id)).toMatchObject({ bounced: 1 });
    expect([await statusOf(ann.id), await suppressed()]).toEqual(['subscribed', []]);
    expect(await bounceEvents()).toHaveLength(1);
  });

  test('for good, after one that might have passed, suppresses the address and is no event of its own', async () => {
    const { campaign, ann, toAnn } = await sendToTwo();
    await post(report(toAnn.messageId ?? '', { status: '4.2.2' }));
    await post(report(toAnn.messageId ?? ''));
    expect([await statusOf(ann.id), await suppressed()]).toEqual([
      'bounced',
      [['ann@example.com', 'bounced']],
    ]);
    expect(await bench.metrics(campaign.id)).toMatchObject({ bounced: 1 });
    expect(await bounceEvents()).toHaveLength(1);
  });

  test('with a Message-ID that is not known is told by its address', async () => {
    const { campaign, ann } = await sendToTwo();
    const messageId = '<018f0000-0000-7000-8000-000000000000@relay.example>';
    expect((await post({ messageId, recipient: 'ann@example.com', type: 'hard' })).json()).toEqual({
      isKnown: true,
    });
    expect(await bench.recipients(campaign.id)).toMatchObject([{ status: 'bounced' }, { status: 'sent' }]);
    expect(await statusOf(ann.id)).toBe('bounced');
  });

  test('comes as JSON too, by Message-ID or by address, and so does a complaint', async () => {
    const { campaign, ann, bo, toBo } = await sendToTwo();
    expect((await post({ recipient: 'ANN@example.com', type: 'hard', reason: 'Gone.' })).json()).toEqual({
      isKnown: true,
    });
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { status: 'bounced', reason: 'Gone.' },
      { status: 'sent' },
    ]);
    await post({ messageId: toBo.messageId, type: 'complaint' });
    expect([await statusOf(ann.id), await statusOf(bo.id)]).toEqual(['bounced', 'complained']);
    expect(await suppressed()).toEqual([
      ['ann@example.com', 'bounced'],
      ['bo@example.com', 'complained'],
    ]);
    expect((await post({ recipient: 'nobody@example.com', type: 'hard' })).json()).toEqual({
      isKnown: false,
    });
  });

  test('of a single e-mail is noted of it', async () => {
    const { id } = await emails.send(bench.ctx, { to: ['ann@example.com'], subject: 'S', text: 'T' });
    await sendDueEmails(bench.transport, bench.due);
    await post(report(`<${id}@acme.example>`));
    expect(await emails.get(bench.ctx, id)).toMatchObject({
      status: 'bounced',
      error: '550 5.1.1 No such user',
    });
    expect(await suppressed()).toEqual([['ann@example.com', 'bounced']]);
  });

  test('of a single e-mail to several is about the one that it names; a complaint leaves it sent', async () => {
    const to = ['ann@example.com', 'bo@example.com'];
    const { id } = await emails.send(bench.ctx, { to, subject: 'S', text: 'T' });
    await sendDueEmails(bench.transport, bench.due);
    const messageId = `<${id}@acme.example>`;
    await post({ messageId, type: 'complaint' });
    expect(await suppressed()).toEqual([]);
    await post({ messageId, recipient: 'Bo@example.com', type: 'complaint' });
    expect(await suppressed()).toEqual([['bo@example.com', 'complained']]);
    expect(await emails.get(bench.ctx, id)).toMatchObject({ status: 'sent', error: null });
  });

  test('that is none, or of another account, or to an address that is not known changes nothing', async () => {
    const { toAnn } = await sendToTwo();
    const stranger = await openCampaignBench();
    await stranger.close();
    await withoutChange(bench.account, async () => {
      expect((await post('From: a@example.com\r\nSubject: Away\r\n\r\nUntil Monday.')).json()).toEqual({
        isKnown: false,
      });
      for (const bad of ['{', '[]', '{"type":"hard"}', '{"recipient":"a@example.com","type":"x"}']) {
        const answer = await post(bad, 'application/json');
        expect([answer.statusCode, answer.json().message]).toEqual([
          400,
          expect.stringContaining('message/rfc822'),
        ]);
      }
      const other = `/mail/bounces/${bounceToken(testVault, stranger.ctx.account.id)}`;
      const payload = JSON.stringify({ messageId: toAnn.messageId, type: 'hard' });
      const headers = { 'content-type': 'application/json' };
      expect((await app.inject({ method: 'POST', url: other, payload, headers })).json()).toEqual({
        isKnown: false,
      });
      const unknown = await app.inject({ method: 'POST', url: '/mail/bounces/x', payload, headers });
      expect(unknown.statusCode).toBe(404);
    });
  });
});
