import { bounceToken } from '../../src/domain/campaign/bounce';
import { unsubscribeToken } from '../../src/domain/campaign/unsubscribe';
import { contacts } from '../../src/domain/contact/contact.service';
import { suppressions } from '../../src/domain/suppression/suppression.service';
import { NOW, testVault } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { type MailRoutesBench, openMailRoutesBench } from '../support/mail-routes';
import { tampered } from '../support/tampered';

let bench: MailRoutesBench;

beforeEach(async () => {
  bench = await openMailRoutesBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

describe('an unsubscribe link', () => {
  const linkOf = async (at = 0) => {
    const { text = '' } = await bench.server.read(at);
    return new URL(/https:\S+/.exec(text)?.[0] ?? '').pathname;
  };

  test('asks, and unsubscribes only when the form is sent', async () => {
    const { campaign, ann, toAnn } = await bench.sendToTwo();
    const url = await linkOf(bench.server.addresses.findIndex((one) => one.startsWith('Ann')));
    await withoutChange(bench.account, async () => {
      const asked = await bench.app.inject({ url });
      expect(asked.statusCode).toBe(200);
      expect(asked.headers).toMatchObject({
        ...{ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
        'referrer-policy': 'no-referrer',
      });
      expect(asked.body).toContain('<html lang="en">');
      expect(asked.body).toContain('No more messages to <strong>Ann@example.com</strong>?');
      expect(asked.body).toContain('<form method="post"><button type="submit">Unsubscribe</button></form>');
    });
    const done = await bench.app.inject({
      ...{
        method: 'POST',
        url,
        payload: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    });
    expect(done.body).toContain('<strong>Ann@example.com</strong> gets no more messages.');
    expect(await bench.statusOf(ann.id)).toBe('unsubscribed');
    expect(await bench.suppressed()).toEqual([['ann@example.com', 'unsubscribed']]);
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
    expect((await bench.app.inject({ url })).body).toContain('gets no more messages');
  });

  test('takes the one click of a mail program, with any body, once', async () => {
    const { ann } = await bench.sendToTwo();
    const url = await linkOf(bench.server.addresses.findIndex((one) => one.startsWith('Ann')));
    const click = (type: string, payload: string) =>
      bench.app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });
    const boundary = 'x';
    const form = `--x\r\ncontent-disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n`;
    const answers = await Promise.all([
      click('application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'),
      click(`multipart/form-data; boundary=${boundary}`, form),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(await bench.statusOf(ann.id)).toBe('unsubscribed');
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
    const { campaign, ann } = await bench.sendToTwo();
    const url = await linkOf(bench.server.addresses.findIndex((one) => one.startsWith('Ann')));
    await bench.app.inject({ method: 'POST', url });
    const [suppression] = (await suppressions.page(bench.ctx, {})).rows;
    await suppressions.delete(bench.ctx, suppression?.id ?? '');
    await contacts.update(bench.ctx, ann.id, { status: 'subscribed' });
    expect((await bench.app.inject({ url })).body).toContain(
      'No more messages to <strong>Ann@example.com</strong>?',
    );
    bench.clock.advance(1000);
    expect((await bench.app.inject({ method: 'POST', url })).body).toContain('gets no more messages');
    expect(await bench.statusOf(ann.id)).toBe('unsubscribed');
    expect(await bench.suppressed()).toEqual([['ann@example.com', 'unsubscribed']]);
    expect(await bench.recipients(campaign.id)).toMatchObject([
      { unsubscribedAt: NOW },
      { unsubscribedAt: null },
    ]);
    expect(await bench.metrics(campaign.id)).toMatchObject({ unsubscribed: 1 });
  });

  test('that was made elsewhere, changed, or is for nobody is not known', async () => {
    const { toAnn } = await bench.sendToTwo();
    const accountId = bench.ctx.account.id;
    const token = unsubscribeToken(testVault, { accountId, recipientId: toAnn.id });
    const nobody = unsubscribeToken(testVault, { accountId, recipientId: accountId });
    await withoutChange(bench.account, async () => {
      for (const one of ['x', tampered(token), nobody, bounceToken(testVault, accountId)]) {
        for (const method of ['GET', 'POST'] as const) {
          const answer = await bench.app.inject({ method, url: `/u/${one}` });
          expect([answer.statusCode, answer.body.includes('Link not known')]).toEqual([404, true]);
        }
      }
    });
  });
});
