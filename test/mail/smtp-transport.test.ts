import { once } from 'node:events';
import { createServer } from 'node:net';
import type { OutboundMail } from '../../src/domain/email/mail-transport';
import { smtpTransport } from '../../src/server/mail/smtp-transport';
import { openTestAccount } from '../support/account';
import { freePort } from '../support/free-port';
import { MailServer, type Manners } from '../support/mail-server';

const MAIL: OutboundMail = {
  ...{ messageId: '<one@acme.example>', from: { address: 'news@acme.example', name: 'Acme “News”' } },
  ...{ replyTo: 'help@acme.example', to: ['ann@example.com'], cc: [], bcc: [], subject: 'Grüße, Ann' },
  ...{ text: 'Hello.\r\n.\r\nSecond line.', html: '<p>Hello.</p>', inReplyTo: '<zero@example.com>' },
  ...{ references: ['<zero@example.com>'], headers: { 'X-Thing': 'value' }, isRecorded: true },
};

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(manners: Manners = {}): Promise<MailServer> {
  const server = await MailServer.start(manners);
  closers.push(() => server.stop());
  return server;
}

function connect(url: string, concurrency?: number) {
  const transport = smtpTransport({ url, sender: null, ...(concurrency && { concurrency }) });
  closers.push(() => transport.close());
  return transport;
}

async function sendTo(url: string, mail: Partial<OutboundMail> = {}) {
  const { ctx } = await openTestAccount();
  return connect(url).send(ctx, { ...MAIL, ...mail });
}

test('a mail arrives as it was written, and its reply address, thread and headers with it', async () => {
  const server = await serve();
  expect(await sendTo(server.url, { cc: ['bo@example.com'], bcc: ['cy@example.com'] })).toEqual({
    ...{ result: 'sent', refused: [] },
  });
  expect(server.taken).toMatchObject([
    { from: 'news@acme.example', to: ['ann@example.com', 'bo@example.com', 'cy@example.com'] },
  ]);
  const mail = await server.read();
  expect(mail.from?.value).toEqual([{ address: 'news@acme.example', name: 'Acme “News”' }]);
  expect(mail).toMatchObject({
    ...{ subject: 'Grüße, Ann', messageId: '<one@acme.example>', inReplyTo: '<zero@example.com>' },
    ...{ text: 'Hello.\n.\nSecond line.', references: '<zero@example.com>' },
  });
  expect(mail.headers.get('x-thing')).toBe('value');
  expect(server.taken[0]?.raw).not.toContain('cy@example.com');
});

test('a name and a password are used', async () => {
  const server = await serve({ user: { name: 'ann', password: 's%cret' } });
  const url = `smtp://ann:${encodeURIComponent('s%cret')}@127.0.0.1:${server.port}`;
  expect(await sendTo(url)).toMatchObject({ result: 'sent' });
  expect(await sendTo(url.replace('cret', 'crat'))).toMatchObject({ result: 'deferred' });
  expect(server.taken).toHaveLength(1);
});

describe('what a failure means:', () => {
  const only = (code: number) => () => code;
  test.each<[string, Manners, string]>([
    ['550 for the recipient', { refuseRecipient: only(550) }, 'refused'],
    ['450 for the recipient', { refuseRecipient: only(450) }, 'deferred'],
    ['503 for the recipient, a muddle of the session', { refuseRecipient: only(503) }, 'deferred'],
    ['554 for the message', { refuseMessage: only(554) }, 'refused'],
    ['451 for the message', { refuseMessage: only(451) }, 'deferred'],
    ['421 after the message', { refuseMessage: only(421) }, 'deferred'],
    ['550 for the sender, which is no fault of the recipient', { refuseSender: only(550) }, 'deferred'],
    ['the server dies when all is there', { die: () => 'after data' }, 'unknown'],
    ['the server dies when it has kept the message', { die: () => 'after keeping' }, 'unknown'],
  ])('%s', async (_, manners, result) => {
    const server = await serve(manners);
    expect(await sendTo(server.url)).toEqual({ result, reason: expect.any(String) });
    expect(server.taken).toHaveLength(manners.die?.('') === 'after keeping' ? 1 : 0);
  });

  test('the server dies while a long message comes, which is not all out', async () => {
    const server = await serve({ die: () => 'in data' });
    const text = `${'x'.repeat(70)}\n`.repeat(400_000);
    expect(await sendTo(server.url, { text, html: null })).toMatchObject({ result: 'deferred' });
  });

  test('the server dies while a short message comes, of which as much is out as the moment has it', async () => {
    const server = await serve({ die: () => 'in data' });
    expect(['deferred', 'unknown']).toContain((await sendTo(server.url)).result);
    expect(server.taken).toEqual([]);
  });

  test('nobody listens', async () => {
    expect(await sendTo(`smtp://127.0.0.1:${await freePort()}`)).toEqual({
      ...{ result: 'deferred', reason: expect.stringContaining('ECONNREFUSED') },
    });
  });

  test('the connection ends before a word, and after the envelope', async () => {
    const rude = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(rude, 'listening');
    closers.push(async () => void rude.close());
    const { port } = rude.address() as { port: number };
    expect(await sendTo(`smtp://127.0.0.1:${port}`)).toMatchObject({ result: 'deferred' });
    const half = await serve({
      refuseRecipient: () => {
        void half.stop();
        return undefined;
      },
    });
    expect(await sendTo(half.url)).toMatchObject({ result: 'deferred' });
  });

  test('an address that cannot stand in an envelope', async () => {
    const server = await serve();
    expect(await sendTo(server.url, { to: ['not an address'] })).toMatchObject({ result: 'refused' });
    expect(server.taken).toEqual([]);
  });

  test('one of two recipients is refused', async () => {
    const server = await serve({
      refuseRecipient: (address) => (address.startsWith('bo') ? 550 : undefined),
    });
    expect(await sendTo(server.url, { cc: ['bo@example.com'] })).toEqual({
      ...{ result: 'sent', refused: ['bo@example.com'] },
    });
  });
});

test('connections are kept, and one that the server has ended is made anew without a second copy', async () => {
  const server = await serve();
  const { ctx } = await openTestAccount();
  const transport = connect(server.url, 2);
  const send = (at: number) => transport.send(ctx, { ...MAIL, to: [`r${at}@example.com`] });
  for (let at = 0; at < 3; at += 1) expect(await send(at)).toMatchObject({ result: 'sent' });
  expect(server.connectionCount).toBe(1);
  await server.stop();
  const again = await MailServer.start({}, server.port);
  closers.push(() => again.stop());
  expect(await send(3)).toMatchObject({ result: 'sent' });
  expect([...server.addresses, ...again.addresses]).toEqual([0, 1, 2, 3].map((at) => `r${at}@example.com`));
});
