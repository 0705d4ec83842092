import { bounceToken } from '../../src/domain/campaign/bounce';
import { emails } from '../../src/domain/email/email.service';
import { sendDueEmails } from '../../src/domain/email/email-queue';
import { NOW, testVault } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { openCampaignBench } from '../support/campaigns';
import { type MailRoutesBench, openMailRoutesBench } from '../support/mail-routes';

let bench: MailRoutesBench;

beforeEach(async () => {
  bench = await openMailRoutesBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

describe('a bounce', () => {
  const post = (payload: object | string, type = 'message/rfc822') =>
    bench.app.inject({
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
      const { campaign, ann, toAnn } = await bench.sendToTwo();
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
      expect(await bench.statusOf(ann.id)).toBe('bounced');
      expect(await bench.suppressed()).toEqual([['ann@example.com', 'bounced']]);
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
    const { campaign, ann, toAnn } = await bench.sendToTwo();
    await withoutChange(bench.account, async () => {
      const late = await post(report(toAnn.messageId ?? '', { action: 'delayed', status: '4.4.1' }));
      expect([late.statusCode, late.json()]).toEqual([200, { isKnown: false }]);
    });
    await post(report(toAnn.messageId ?? '', { status: '4.2.2' }));
    expect(await bench.metrics(campaign.id)).toMatchObject({ bounced: 1 });
    expect([await bench.statusOf(ann.id), await bench.suppressed()]).toEqual(['subscribed', []]);
    expect(await bounceEvents()).toHaveLength(1);
  });

  test('for good, after one that might have passed, suppresses the address and is no event of its own', async () => {
    const { campaign, ann, toAnn } = await bench.sendToTwo();
    await post(report(toAnn.messageId ?? '', { status: '4.2.2' }));
    await post(report(toAnn.messageId ?? ''));
    expect([await bench.statusOf(ann.id), await bench.suppressed()]).toEqual([
      'bounced',
      [['ann@example.com', 'bounced']],
    ]);
    expect(await bench.metrics(campaign.id)).toMatchObject({ bounced: 1 });
    expect(await bounceEvents()).toHaveLength(1);
  });

  test('with a Message-ID that is not known is told by its address', async () => {
    const { campaign, ann } = await bench.sendToTwo();
    const messageId = '<018f0000-0000-7000-8000-000000000000@relay.example>';
    expect((await post({ messageId, recipient: 'ann@example.com', type: 'hard' })).json()).toEqual({
      isKnown: true,
    });
    expect(await bench.recipients(campaign.id)).toMatchObject([{ status: 'bounced' }, { status: 'sent' }]);
    expect(await bench.statusOf(ann.id)).toBe('bounced');
  });

  test('comes as JSON too, by Message-ID or by address, and so does a complaint', async () => {
    const { campaign, ann, bo, toBo } = await bench.sendToTwo();
    expect((await post({ recipient: 'ANN@example.com', type: 'hard', reason: 'Gone.' })).json()).toEqual({
      isKnown: true,
    });
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { status: 'bounced', reason: 'Gone.' },
      { status: 'sent' },
    ]);
    await post({ messageId: toBo.messageId, type: 'complaint' });
    expect([await bench.statusOf(ann.id), await bench.statusOf(bo.id)]).toEqual(['bounced', 'complained']);
    expect(await bench.suppressed()).toEqual([
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
    expect(await bench.suppressed()).toEqual([['ann@example.com', 'bounced']]);
  });

  test('of a single e-mail to several is about the one that it names; a complaint leaves it sent', async () => {
    const to = ['ann@example.com', 'bo@example.com'];
    const { id } = await emails.send(bench.ctx, { to, subject: 'S', text: 'T' });
    await sendDueEmails(bench.transport, bench.due);
    const messageId = `<${id}@acme.example>`;
    await post({ messageId, type: 'complaint' });
    expect(await bench.suppressed()).toEqual([]);
    await post({ messageId, recipient: 'Bo@example.com', type: 'complaint' });
    expect(await bench.suppressed()).toEqual([['bo@example.com', 'complained']]);
    expect(await emails.get(bench.ctx, id)).toMatchObject({ status: 'sent', error: null });
  });

  test('that is none, or of another account, or to an address that is not known changes nothing', async () => {
    const { toAnn } = await bench.sendToTwo();
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
      expect((await bench.app.inject({ method: 'POST', url: other, payload, headers })).json()).toEqual({
        isKnown: false,
      });
      const unknown = await bench.app.inject({ method: 'POST', url: '/mail/bounces/x', payload, headers });
      expect(unknown.statusCode).toBe(404);
    });
  });
});
