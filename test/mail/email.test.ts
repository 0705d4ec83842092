import { emails } from '../../src/domain/email/email.service';
import { sendDueEmails } from '../../src/domain/email/email-queue';
import { logTransport } from '../../src/domain/email/log-transport';
import type { Mailbox, MailTransport } from '../../src/domain/email/mail-transport';
import { smtpTransport } from '../../src/server/mail/smtp-transport';
import { NOW } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { MailServer, type Manners } from '../support/mail-server';
import { type MailBench, MINUTE, openMailBench } from '../support/mailing';

const SENDER: Mailbox = { address: 'desk@acme.example', name: 'Acme' };

let bench: MailBench;
const closers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  bench = await openMailBench();
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  expect(bench.errors).toEqual([]);
});

async function open(manners: Manners = {}, sender: Mailbox | null = SENDER) {
  const server = await MailServer.start(manners);
  const transport = smtpTransport({ url: server.url, sender });
  closers.push(
    () => server.stop(),
    () => transport.close(),
  );
  return { server, transport };
}

const write = (input: object = {}) =>
  emails.send(bench.ctx, { to: ['ann@example.com'], subject: 'Your case', text: 'Done.', ...input });
const step = (transport: MailTransport) => sendDueEmails(transport, bench.due);
const read = (id: string) => emails.get(bench.ctx, id);

test('an e-mail is queued, handed over once, and kept as it was sent', async () => {
  const { server, transport } = await open();
  const queued = await write({
    cc: ['bo@example.com'],
    inReplyTo: '<a@b.example>',
    references: ['<a@b.example>'],
  });
  expect(queued).toEqual({
    ...{ id: queued.id, number: queued.number, accountId: bench.ctx.account.id, direction: 'outbound' },
    ...{ status: 'queued', from: null, fromName: null, replyTo: null, to: ['ann@example.com'] },
    ...{ cc: ['bo@example.com'], bcc: [], subject: 'Your case', text: 'Done.', html: null, messageId: null },
    ...{ inReplyTo: '<a@b.example>', references: ['<a@b.example>'], transport: null, error: null },
    ...{ attempts: 0, sentAt: null, sendAt: NOW, createdAt: NOW, updatedAt: NOW },
  });
  expect([await step(transport), await step(transport)]).toEqual([1, 0]);
  const messageId = `<${queued.id}@acme.example>`;
  expect(await read(queued.id)).toEqual({
    ...queued,
    ...{ status: 'sent', from: 'desk@acme.example', fromName: 'Acme', messageId, transport: 'smtp' },
    ...{ attempts: 1, sentAt: NOW, sendAt: null },
  });
  const mail = await server.read();
  expect(mail).toMatchObject({
    subject: 'Your case',
    messageId,
    inReplyTo: '<a@b.example>',
    text: 'Done.\n',
  });
  expect(server.addresses).toEqual(['ann@example.com', 'bo@example.com']);
  const names = (await eventsOf(bench.account, 'email')).map(({ name, changes }) => [
    name,
    (changes.status as { new: string } | undefined)?.new,
  ]);
  expect(names).toEqual([
    ['email.created', undefined],
    ['email.updated', 'sending'],
    ['email.updated', 'sent'],
  ]);
});

test('one of a transaction that is rolled back is never handed over', async () => {
  const { server, transport } = await open();
  const undone = bench.ctx.transaction(async (tx) => {
    await emails.send(tx, { to: ['ann@example.com'], subject: 'S', text: 'T' });
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  expect(await step(transport)).toBe(0);
  expect(server.taken).toEqual([]);
});

test('what is put off is tried again after 1, 5, 15, 60 and 240 minutes, and then has failed', async () => {
  const { server, transport } = await open({ refuseRecipient: () => 451 });
  const { id } = await write();
  for (const [at, minutes] of [1, 5, 15, 60, 240].entries()) {
    expect(await step(transport)).toBe(1);
    expect(await read(id)).toMatchObject({
      status: 'queued',
      attempts: at + 1,
      error: expect.stringContaining('451'),
    });
    bench.clock.advance(minutes * MINUTE - 1);
    expect(await step(transport)).toBe(0);
    bench.clock.advance(1);
  }
  expect(await step(transport)).toBe(1);
  expect(await read(id)).toMatchObject({ status: 'failed', attempts: 6, sentAt: null, sendAt: null });
  expect(server.taken).toEqual([]);
});

test('what was put off once arrives once', async () => {
  let answers = 0;
  const { server, transport } = await open({ refuseMessage: () => (answers++ === 0 ? 451 : undefined) });
  const { id } = await write();
  await step(transport);
  bench.clock.advance(MINUTE);
  await step(transport);
  expect(await read(id)).toMatchObject({ status: 'sent', attempts: 2, error: null });
  expect(server.addresses).toEqual(['ann@example.com']);
});

test('a refusal is final, and an answer that never came is unknown for good', async () => {
  const { server, transport } = await open({
    refuseRecipient: (address) => (address.startsWith('no') ? 550 : undefined),
    die: (address) => (address.startsWith('dark') ? 'after keeping' : undefined),
  });
  const refused = await write({ to: ['no@example.com'] });
  const dark = await write({ to: ['dark@example.com'] });
  expect(await step(transport)).toBe(2);
  expect(await read(refused.id)).toMatchObject({ status: 'failed', error: expect.stringContaining('550') });
  expect(await read(dark.id)).toMatchObject({ status: 'unknown', sentAt: null });
  bench.clock.advance(600 * MINUTE);
  expect(await step(transport)).toBe(0);
  expect(server.addresses).toEqual(['dark@example.com']);
});

test('one that was being handed over when its process died is unknown and is not sent again', async () => {
  const { server, transport } = await open();
  const { id } = await write();
  const dead: MailTransport = { ...transport, send: () => Promise.reject(new Error('killed')) };
  await step(dead);
  expect(bench.errors.splice(0)).toEqual([new Error('killed')]);
  expect(await read(id)).toMatchObject({ status: 'sending' });
  expect(await step(transport)).toBe(0);
  bench.clock.advance(MINUTE);
  expect(await step(transport)).toBe(1);
  expect(await read(id)).toMatchObject({
    status: 'unknown',
    error: 'The program ended while it was handed over.',
  });
  expect(server.taken).toEqual([]);
});

test('one process that was taken for dead still says that it was sent', async () => {
  const { server, transport } = await open();
  const { id } = await write();
  const slow: MailTransport = {
    ...transport,
    send: async (ctx, mail) => {
      const outcome = await transport.send(ctx, mail);
      bench.clock.advance(2 * MINUTE);
      expect(await step(transport)).toBe(1);
      expect(await read(id)).toMatchObject({ status: 'unknown' });
      return outcome;
    },
  };
  await step(slow);
  expect(await read(id)).toMatchObject({ status: 'sent', sendAt: null });
  expect(server.taken).toHaveLength(1);
});

test('several processes hand each e-mail over once', async () => {
  const { server, transport } = await open();
  for (let at = 0; at < 20; at += 1) await write({ to: [`r${at}@example.com`] });
  let done = 0;
  while (done < 20) {
    const counts = await Promise.all([step(transport), step(transport), step(transport)]);
    done += counts.reduce((sum, one) => sum + one);
  }
  expect(server.addresses.toSorted()).toEqual(
    Array.from({ length: 20 }, (_, at) => `r${at}@example.com`).toSorted(),
  );
});

test('without a sender it fails and says what to set', async () => {
  const { transport } = await open({}, null);
  const { id } = await write();
  await step(transport);
  expect(await read(id)).toMatchObject({
    ...{ status: 'failed', attempts: 0, error: 'It names no sender, and MAIL_FROM is not set.' },
  });
  const { id: named } = await write({ from: 'me@acme.example', fromName: 'Me' });
  await step(transport);
  expect(await read(named)).toMatchObject({ status: 'sent', from: 'me@acme.example', fromName: 'Me' });
});

test('without a mail server the log gets a line without contents, and the e-mail counts as sent', async () => {
  const lines: object[] = [];
  const transport = logTransport(null, (line) => lines.push(line));
  const { id } = await write();
  await step(transport);
  const { messageId } = await read(id);
  expect(await read(id)).toMatchObject({ status: 'sent', transport: 'log', sentAt: NOW });
  expect(lines).toEqual([{ messageId, to: ['ann@example.com'] }]);
});

test('the log transport keeps what is no e-mail yet as one', async () => {
  const transport = logTransport(SENDER, () => {});
  await transport.send(bench.ctx, {
    ...{
      messageId: '<x@acme.example>',
      from: SENDER,
      replyTo: null,
      to: ['ann@example.com'],
      cc: [],
      bcc: [],
    },
    ...{ subject: 'News', text: 'Hi.', html: null, inReplyTo: null, references: [], headers: {} },
    isRecorded: false,
  });
  const { rows } = await emails.page(bench.ctx, { filter: { messageId: { eq: '<x@acme.example>' } } });
  expect(rows).toMatchObject([
    { status: 'sent', transport: 'log', subject: 'News', text: 'Hi.', to: ['ann@example.com'] },
  ]);
});

test.each([
  [{ to: [] }, 'To must name at least one e-mail address.'],
  [{ to: ['Ann <ann@example.com>'] }, 'To must hold e-mail addresses like ann@example.com.'],
  [
    { bcc: Array.from({ length: 101 }, (_, at) => `r${at}@example.com`) },
    'Bcc must have at most 100 items, not 101.',
  ],
  [{ text: null }, 'Text or html must be given.'],
  [{ subject: undefined }, 'Subject is required.'],
  [{ inReplyTo: 'a@b.example' }, 'In reply to must be like <id@example.com>.'],
  [{ references: ['<a@b.example>', 'x\r\nBcc: y@example.com'] }, 'References must be like <id@example.com>.'],
])('%j is refused and changes nothing', async (input, message) => {
  await withoutChange(bench.account, async () => {
    const refused = write(input);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID' });
    await expect(refused).rejects.toThrow(message);
  });
});
