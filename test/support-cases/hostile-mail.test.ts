import { withoutChange } from '../support/account-state';
import type { Desk } from '../support/desk';
import { type Mailbox, openMailbox } from '../support/mailbox';
import { MINUTE } from '../support/mailing';
import { workedMs } from '../support/quick';

let mailbox: Mailbox;
let desk: Desk;

beforeEach(async () => {
  mailbox = await openMailbox();
  desk = mailbox.desk;
});

afterEach(async () => {
  await mailbox.close();
  expect(desk.errors).toEqual([]);
});

describe('hostile mail', () => {
  test('without Message-ID, sender or subject is known by what it says', async () => {
    const raw = mailbox.mail({ 'Message-ID': '', From: 'undisclosed', Subject: '', To: '' });
    const { body } = await mailbox.post(raw);
    expect((await mailbox.post(raw)).body).toEqual({ ...body, isNew: false });
    const { inbound, email } = await mailbox.stored(body.id);
    expect(inbound.contactId).toBeNull();
    expect(email).toMatchObject({ messageId: null, from: null, subject: '', to: [] });
  });

  test('in odd charsets, with NULs and with broken encodings is kept as far as it can be read', async () => {
    const cases: [string, Buffer, string][] = [
      ['iso-8859-1', Buffer.from('Gr\xfc\xdfe', 'latin1'), 'Grüße'],
      ['shift_jis', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), '日本'],
      ['no-such-charset', Buffer.from('plain'), 'plain'],
      ['utf-8', Buffer.from([0x61, 0xff, 0x00, 0x62]), 'a\ufffd\ufffdb'],
    ];
    for (const [charset, bytes, text] of cases) {
      const head = mailbox.mail({ 'Content-Type': `text/plain; charset=${charset}` }, '').trimEnd();
      const { body } = await mailbox.post(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), bytes]));
      expect((await mailbox.stored(body.id)).email.text).toBe(text);
    }
  });

  test('of parts in parts, thousands of parts, or endless headers costs little, and is refused where it has no end', async () => {
    const nested = (depth: number) =>
      `${Array.from({ length: depth }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('')}\r\nx`;
    const wide = `${'--w\r\n\r\nx\r\n'.repeat(5_000)}--w--`;
    const worked = workedMs();
    const answers = [
      await mailbox.post(`Message-ID: <deep@x.example>\r\n${nested(500)}`),
      await mailbox.post(`Message-ID: <deeper@x.example>\r\n${nested(20_000)}`),
      await mailbox.post(mailbox.mail({ 'Content-Type': 'multipart/mixed; boundary=w' }, wide)),
      await mailbox.post(mailbox.mail({ 'X-Long': 'a'.repeat(2_000_000) })),
      await mailbox.post(
        mailbox.mail({ References: '<a@b.example> '.repeat(20_000), To: 'x@y.example, '.repeat(20_000) }),
      ),
      await mailbox.post(mailbox.mail({ 'Content-Type': 'text/html' }, '<div>'.repeat(300_000))),
      await mailbox.post(mailbox.mail({ 'Content-Type': 'text/html' }, '<'.repeat(2_000_000))),
      await mailbox.post(mailbox.mail({ 'Content-Type': 'text/html' }, ' <b> '.repeat(200_000))),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 400, 200, 200, 200, 200]);
    expect(worked()).toBeLessThan(10_000);
    const { email } = await mailbox.stored(answers[4]?.body.id);
    expect([email.references.length, email.to]).toEqual([50, ['x@y.example']]);
  });

  test('that is too large, is none, or comes to an address of nobody is refused and changes nothing', async () => {
    await withoutChange(desk.account, async () => {
      expect(await mailbox.post(Buffer.alloc(10 * 1024 * 1024 + 1, 'a'))).toEqual({
        ...{ status: 413, body: { message: 'Request body is too large' } },
      });
      expect(await mailbox.post('')).toMatchObject({ status: 400 });
      expect(await mailbox.post(mailbox.mail(), 'nonsense')).toEqual({
        ...{ status: 404, body: { message: 'This address is not known.' } },
      });
    });
    desk.clock.advance(MINUTE);
  });
});
