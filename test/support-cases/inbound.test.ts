import { chats } from '../../src/domain/chat/chat.service';
import { Contact } from '../../src/domain/contact/contact.entity';
import { contacts } from '../../src/domain/contact/contact.service';
import { Email } from '../../src/domain/email/email.entity';
import { sendDueEmails } from '../../src/domain/email/email-queue';
import { InboundEmail } from '../../src/domain/email/inbound-email.entity';
import { inboundEmails } from '../../src/domain/email/inbound-email.service';
import { logTransport } from '../../src/domain/email/log-transport';
import { SupportCase } from '../../src/domain/support-case/support-case.entity';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { withoutChange } from '../support/account-state';
import { type Desk, openDesk } from '../support/desk';
import { untilBlocked } from '../support/locks';
import { type Mailbox, openMailbox } from '../support/mailbox';

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

test('a mail about nothing known waits for somebody, once however often it comes', async () => {
  const raw = mailbox.mail({
    Cc: 'a@example.com, nobody, Group: b@example.com;',
    'Reply-To': 'r@example.com',
  });
  const first = await mailbox.post(raw);
  expect(first).toEqual({
    status: 200,
    body: { id: first.body.id, status: 'unassigned', caseId: null, isNew: true },
  });
  await withoutChange(desk.account, async () => {
    expect((await mailbox.post(raw)).body).toEqual({ ...first.body, isNew: false });
  });
  const { inbound, email } = await mailbox.stored(first.body.id);
  expect(inbound).toMatchObject({ contactId: desk.jane.id, attachments: [] });
  expect(email).toMatchObject({
    ...{ direction: 'inbound', status: 'received', from: 'jane@example.com', fromName: 'Jane Doe' },
    ...{ to: ['help@acme.example'], cc: ['a@example.com', 'b@example.com'], replyTo: 'r@example.com' },
    ...{ subject: 'Question', text: 'Hello.\n', html: null, sendAt: null },
  });
});

test('the same mail from several sides at once is kept once', async () => {
  const raw = mailbox.mail();
  const answers = await Promise.all([mailbox.post(raw), mailbox.post(raw), mailbox.post(raw)]);
  expect(answers.map(({ body }) => body.isNew).toSorted()).toEqual([false, false, true]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
});

test('an answer lands on its case by address, by reference or by number, and the case is new again', async () => {
  const { id, caseNumber } = await desk.open();
  await supportCases.reply(desk.ctx, id, { body: 'Try water.' });
  await sendDueEmails(
    logTransport(null, () => {}),
    desk.due,
  );
  const [reply] = await desk.ctx
    .repo(Email)
    .slice({ filter: { direction: { eq: 'outbound' } }, limit: 1, offset: 0 });
  const ways = [
    mailbox.mail({ To: `Help <${reply?.replyTo}>` }),
    mailbox.mail({ 'In-Reply-To': reply?.messageId ?? '' }),
    mailbox.mail({ References: `<x@y.example> ${reply?.messageId}` }),
    mailbox.mail({ Subject: `Re: [${caseNumber.toLowerCase()}] still` }),
  ];
  for (const raw of ways) {
    await supportCases.update(desk.ctx, id, { status: 'closed' });
    const { body } = await mailbox.post(raw);
    expect(body).toMatchObject({ status: 'assigned', caseId: id, isNew: true });
    expect(await supportCases.get(desk.ctx, id)).toMatchObject({ status: 'new', closedAt: null });
    const [entry, change] = (await desk.history(id)).slice(-2);
    expect(entry).toMatchObject({
      ...{ kind: 'email', body: 'Hello.\n', authorKind: 'contact', contactId: desk.jane.id },
      authorName: 'Jane Doe',
    });
    expect(change).toMatchObject({ kind: 'status', title: 'closed → new' });
  }
  const told = (await desk.told(id)).slice(-3).map(([name]) => name);
  expect(told).toEqual(['updated', 'emailed', 'reopened']);
});

test('an address with a wrong mark, and a reference of another account, lead nowhere', async () => {
  const { caseNumber } = await desk.open();
  const strange = await openDesk();
  const { id } = await strange.open();
  await supportCases.reply(strange.ctx, id, { body: 'x' });
  await sendDueEmails(
    logTransport(null, () => {}),
    strange.due,
  );
  const [reply] = await strange.ctx.repo(Email).slice({ limit: 1, offset: 0 });
  for (const raw of [
    mailbox.mail({ To: `help+${caseNumber.toLowerCase()}-000000000000@acme.example` }),
    mailbox.mail({ 'In-Reply-To': reply?.messageId ?? '', To: reply?.replyTo ?? '' }),
  ]) {
    expect((await mailbox.post(raw)).body).toMatchObject({ status: 'unassigned', caseId: null });
  }
});

test('mail to a merged case lands on the one that it went into, and ends a snooze', async () => {
  const [first, second] = [await desk.open(), await desk.open()];
  await supportCases.merge(desk.ctx, [first.id, second.id]);
  await supportCases.snooze(desk.ctx, first.id, { until: '2026-04-01T00:00:00Z' });
  const { body } = await mailbox.post(mailbox.mail({ Subject: second.caseNumber }));
  expect(body).toMatchObject({ status: 'assigned', caseId: first.id });
  expect(await supportCases.get(desk.ctx, first.id)).toMatchObject({ snoozedUntil: null });
});

test('a note of absence goes into the history, and the case stays as it is', async () => {
  const { id, caseNumber } = await desk.open({ status: 'open' });
  await mailbox.post(mailbox.mail({ Subject: caseNumber, 'Auto-Submitted': 'auto-replied' }));
  expect(await supportCases.get(desk.ctx, id)).toMatchObject({ status: 'open' });
  expect((await desk.history(id)).map(({ kind }) => kind)).toEqual(['note', 'email']);
});

test('a reply goes to people: not to a report, not to a machine, and not to what was our own', async () => {
  const { id, caseNumber } = await desk.open({ status: 'open' });
  await supportCases.reply(desk.ctx, id, { body: 'Try water.' });
  await sendDueEmails(
    logTransport(null, () => {}),
    desk.due,
  );
  const outbound = () => desk.ctx.repo(Email).findBy({ direction: 'outbound' });
  const { body: written } = await mailbox.post(
    mailbox.mail({ Subject: caseNumber, From: 'Jo <jo@example.com>' }),
  );
  await supportCases.update(desk.ctx, id, { status: 'open' });
  const people = await desk.ctx.repo(Contact).count();
  const own = (await outbound())?.messageId ?? '';
  const report = { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=x' };
  const byMachines: Record<string, string>[] = [
    { ...report, From: 'MAILER-DAEMON@mx.example' },
    { 'Return-Path': '<>', From: 'postmaster@mx.example' },
    { 'Auto-Submitted': 'auto-generated; owner-email="x"' },
    { Precedence: 'bulk', From: 'robot@example.com' },
    { 'X-Autoreply': 'yes' },
    { 'Message-ID': own, From: 'help@acme.example', To: 'jo@example.com' },
  ];
  for (const headers of byMachines) {
    const { body } = await mailbox.post(mailbox.mail({ Subject: caseNumber, ...headers }));
    expect(body).toMatchObject({ status: 'assigned', caseId: id });
    expect((await mailbox.stored(body.id)).inbound.isAutomatic).toBe(true);
  }
  expect((await mailbox.stored(written.id)).inbound.isAutomatic).toBe(false);
  expect(await supportCases.get(desk.ctx, id)).toMatchObject({ status: 'open' });
  expect(await desk.ctx.repo(Contact).count()).toBe(people);
  await supportCases.reply(desk.ctx, id, { body: 'And now?' });
  const { email } = await mailbox.stored(written.id);
  expect(await outbound()).toMatchObject({ to: ['jo@example.com'], inReplyTo: email.messageId });
  // Whoever wrote it: what says that a person did, is an answer.
  await mailbox.post(mailbox.mail({ Subject: caseNumber, 'Auto-Submitted': 'no' }));
  expect(await supportCases.get(desk.ctx, id)).toMatchObject({ status: 'new' });
});

test('a mail, and the end of a chat, that meet a merge land on the case that it leaves', async () => {
  const ways: [string, (chatId: string, caseNumber: string) => Promise<unknown>][] = [
    ['email', (_, caseNumber) => mailbox.post(mailbox.mail({ Subject: caseNumber }))],
    ['chat', (chatId) => chats.close(desk.ctx, chatId)],
  ];
  for (const [kind, arrive] of ways) {
    const [first, second] = [await desk.open(), await desk.open()];
    const chat = await chats.create(desk.ctx, { title: 'Hi', caseId: second.id });
    let arriving: Promise<unknown> | undefined;
    await desk.ctx.transaction(async (tx) => {
      await tx.repo(SupportCase).lock(first.id);
      await tx.repo(SupportCase).lock(second.id);
      arriving = arrive(chat.id, second.caseNumber);
      await untilBlocked(desk.store);
      await supportCases.merge(tx, [first.id, second.id]);
    });
    await arriving;
    expect(await supportCases.get(desk.ctx, second.id)).toMatchObject({ status: 'closed' });
    const kinds = (await desk.history(first.id)).map((entry) => entry.kind);
    expect(kinds).toEqual(['note', 'note', 'merge', kind]);
    expect((await desk.history(second.id)).map((entry) => entry.kind)).toEqual(['merge', 'status']);
    expect(await chats.get(desk.ctx, chat.id)).toMatchObject({ caseId: first.id });
  }
});

test('a stranger who writes to a case becomes a contact; the case keeps its own', async () => {
  const { id, caseNumber } = await desk.open({ contactId: null });
  await mailbox.post(mailbox.mail({ Subject: caseNumber, From: 'Max van Dyke <max@example.com>' }));
  const { contactId } = await supportCases.get(desk.ctx, id);
  expect(await contacts.get(desk.ctx, contactId ?? '')).toMatchObject({
    ...{ firstName: 'Max', lastName: 'van Dyke', email: 'max@example.com', audienceId: null },
  });
  await mailbox.post(mailbox.mail({ Subject: caseNumber, From: 'MAX@example.com' }));
  await mailbox.post(mailbox.mail({ Subject: caseNumber }));
  expect((await supportCases.get(desk.ctx, id)).contactId).toBe(contactId);
  const authors = (await desk.history(id)).slice(1).map((entry) => entry.contactId);
  expect(authors).toEqual([contactId, contactId, desk.jane.id]);
});

test('the queue is read by parts of sender, subject and text, and worked off', async () => {
  const ids: string[] = [];
  for (const [subject, from, text] of [
    ['Invoice 100%', 'a@one.example', 'Please pay.'],
    ['Order', 'Bea <b@two.example>', 'Where is it?'],
    ['Casino', 'c@spam.example', 'Win!'],
  ] as const) {
    ids.push((await mailbox.post(mailbox.mail({ Subject: subject, From: from }, text))).body.id);
  }
  const found = async (query: object) => {
    const { rows } = await inboundEmails.unassigned(desk.ctx, query);
    return rows.map(({ id }) => ids.indexOf(id));
  };
  expect(await found({})).toEqual([2, 1, 0]);
  expect(await found({ from: 'BEA' })).toEqual([1]);
  expect(await found({ from: 'example', subject: '0%' })).toEqual([0]);
  expect(await found({ content: 'win' })).toEqual([2]);
  expect(await found({ subject: '_' })).toEqual([]);
  const [invoice = '', order = '', casino = ''] = ids;
  const records = await inboundEmails.unassignedRecords(desk.ctx, {}, { limit: 1, offset: 1 });
  expect(records).toMatchObject([{ id: order, email: { subject: 'Order', text: 'Where is it?\n' } }]);

  const made = await inboundEmails.toCase(desk.ctx, invoice, { teamId: desk.team.id, agentId: desk.bob.id });
  expect(made).toMatchObject({
    ...{ summary: 'Invoice 100%', details: 'Please pay.\n', openedBy: 'a@one.example', agentId: desk.bob.id },
  });
  expect(await desk.history(made.id)).toMatchObject([
    { kind: 'email', authorKind: 'contact', authorName: 'a@one.example', contactId: made.contactId },
  ]);
  const other = await desk.open({ status: 'closed' });
  expect(await inboundEmails.assign(desk.ctx, order, other.id)).toMatchObject({
    status: 'assigned',
    caseId: other.id,
  });
  expect(await supportCases.get(desk.ctx, other.id)).toMatchObject({ status: 'new' });
  expect(await inboundEmails.markSpam(desk.ctx, casino)).toMatchObject({ status: 'spam' });
  expect(await found({})).toEqual([]);
  expect(await inboundEmails.reopen(desk.ctx, casino)).toMatchObject({ status: 'unassigned' });
  expect(await inboundEmails.close(desk.ctx, casino)).toMatchObject({ status: 'closed' });
  await withoutChange(desk.account, async () => {
    await expect(inboundEmails.assign(desk.ctx, order, made.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(inboundEmails.close(desk.ctx, invoice)).rejects.toMatchObject({ code: 'CONFLICT' });
  });
  // The answer to the mail of the case goes to its sender, as an answer.
  await supportCases.reply(desk.ctx, made.id, { body: 'Paid.' });
  const [reply] = await desk.ctx
    .repo(Email)
    .slice({ filter: { direction: { eq: 'outbound' } }, limit: 1, offset: 0 });
  const { email } = await mailbox.stored(invoice);
  expect(reply).toMatchObject({
    to: ['a@one.example'],
    inReplyTo: email.messageId,
    references: [email.messageId],
  });
});

test('attachments are named, and their contents are not kept', async () => {
  const parts = [
    'Content-Type: text/html; charset=utf-8\r\n\r\n<style>p{}</style><p>Hi &amp; <b>bye</b></p>',
    'Content-Type: image/png; name="a/b\u00e9.png"\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=',
  ];
  const body = `${parts.map((part) => `--x\r\n${part}`).join('\r\n')}\r\n--x--`;
  const { body: answer } = await mailbox.post(
    mailbox.mail({ 'Content-Type': 'multipart/mixed; boundary=x' }, body),
  );
  const { inbound, email } = await mailbox.stored(answer.id);
  expect(inbound.attachments).toMatchObject([{ contentType: 'image/png', size: 8 }]);
  expect(email).toMatchObject({ text: 'Hi & bye', html: '<style>p{}</style><p>Hi &amp; <b>bye</b></p>' });
});

test('mails of another account are not seen', async () => {
  const { body } = await mailbox.post(mailbox.mail());
  const other = await openDesk();
  expect(await other.ctx.repo(InboundEmail).find(body.id)).toBeUndefined();
  expect((await inboundEmails.unassigned(other.ctx, {})).rows).toEqual([]);
});
