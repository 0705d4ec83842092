import { leads } from '../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { logMessenger, type OutboundText } from '../../src/domain/sms-message/messenger';
import { smsMessages } from '../../src/domain/sms-message/sms-message.service';
import { sendDueTexts } from '../../src/domain/sms-message/sms-queue';
import { NOW } from '../support/account';
import { eventsOf, withoutChange } from '../support/account-state';
import { type CallBench, freshPhone, MINUTE, openCallBench } from '../support/calling';

const FROM = '+12025550100';

let bench: CallBench;
let numberId: string;
let written: OutboundText[];

const messenger = logMessenger((text) => written.push(text));
const send = (input: object) =>
  smsMessages.send(bench.ctx, { from: FROM, message: 'Hi {first_name}.', ...input });
const handOver = () => sendDueTexts(messenger, bench.due);

beforeEach(async () => {
  bench = await openCallBench();
  written = [];
  const number = await phoneNumbers.create(bench.ctx, { phone: FROM, name: 'Main' });
  numberId = number.id;
});

test('a text goes to the newest lead of the number, filled in, and is handed over once', async () => {
  const { ctx, account, clock } = bench;
  const phone = freshPhone();
  const lead = await leads.create(ctx, { phone, name: 'Ann Lee' });
  const message = await send({
    phone,
    message: "Hi {{lead.first_name | default: 'there'}}, {{from.company}}, {{from.name}}.",
  });
  expect(message).toEqual({
    ...{
      id: message.id,
      number: message.number,
      accountId: ctx.account.id,
      leadId: lead.id,
      phoneNumberId: numberId,
    },
    ...{
      phone,
      body: 'Hi Ann, Test account, Main.',
      direction: 'outbound',
      status: 'queued',
      errorMessage: null,
    },
    ...{ sentAt: null, sendAt: NOW, createdAt: NOW, updatedAt: NOW },
  });
  clock.advance(10);
  expect(await handOver()).toBe(1);
  expect(await handOver()).toBe(0);
  expect(written).toEqual([{ id: message.id, from: FROM, to: phone, body: 'Hi Ann, Test account, Main.' }]);
  expect(await smsMessages.get(ctx, message.number)).toMatchObject({
    status: 'sent',
    sentAt: '2026-03-02T10:00:00.010Z',
    sendAt: null,
  });
  const log = (await eventsOf(account, 'sms_message')).map(({ name, changes }) => [name, changes]);
  expect(log).toEqual([
    ['sms_message.created', {}],
    [
      'sms_message.updated',
      { status: { old: 'queued', new: 'sent' }, sentAt: { old: null, new: '2026-03-02T10:00:00.010Z' } },
    ],
  ]);
});

test('a number that no lead has becomes a lead, also for ten texts at once', async () => {
  const phone = freshPhone();
  const sent = await Promise.all(Array.from({ length: 10 }, () => send({ phone, message: 'Hi there.' })));
  expect(new Set(sent.map(({ leadId }) => leadId)).size).toBe(1);
  const rows = await Promise.all([1, 2, 3].map(handOver));
  expect(rows.reduce((sum, one) => sum + one)).toBe(10);
  expect(written.map(({ id }) => id).toSorted()).toEqual(sent.map(({ id }) => id).toSorted());
});

test('a text of a transaction that is rolled back is never handed over', async () => {
  await expect(
    bench.ctx.transaction(async (tx) => {
      await smsMessages.send(tx, { phone: freshPhone(), from: FROM, message: 'Hi.' });
      throw new Error('undone');
    }),
  ).rejects.toThrow('undone');
  expect(await handOver()).toBe(0);
  expect(written).toEqual([]);
});

test('a text that cannot be handed over says why, and so does one whose number is gone', async () => {
  const [first, second] = [
    await send({ phone: freshPhone(), message: 'A' }),
    await send({ phone: freshPhone(), message: 'B' }),
  ];
  const refusing = { name: 'refusing', send: () => Promise.reject(new Error('No such network.')) };
  await bench.store.acrossAccounts.query('update sms_message set send_at = null where id = $1', [second.id]);
  await sendDueTexts(refusing, bench.due);
  expect(await smsMessages.get(bench.ctx, first.id)).toMatchObject({
    status: 'failed',
    errorMessage: 'No such network.',
    sentAt: null,
    sendAt: null,
  });
  await phoneNumbers.delete(bench.ctx, numberId);
  await bench.store.acrossAccounts.query('update sms_message set send_at = $2 where id = $1', [
    second.id,
    NOW,
  ]);
  bench.clock.advance(MINUTE);
  await handOver();
  expect(await smsMessages.get(bench.ctx, second.id)).toMatchObject({
    status: 'failed',
    errorMessage: 'The number it was to be sent from was deleted.',
  });
  expect(bench.errors).toEqual([]);
});

describe('is refused and changes nothing:', () => {
  const NOT_OURS = 'From must be a phone number of the account that is in use.';

  test.each([
    ['a number that is not the account’s', { from: '+12025550199' }, 'INVALID', NOT_OURS],
    [
      'no phone number',
      { phone: 'x' },
      'INVALID',
      'Phone must be a phone number, best in E.164 form like +12025550143.',
    ],
    ['no message', { message: '' }, 'INVALID', 'Message must be at least 1 characters long.'],
    [
      'a broken template',
      { message: 'Hi {{ lead.name' },
      'INVALID',
      'Message is no template: output "{{ lead.name" not closed, line:1, col:4.',
    ],
    ['a message that comes out empty', { message: '{{ lead.company }} ' }, 'INVALID', 'Message is empty.'],
  ])('%s', async (_, input, code, message) => {
    await withoutChange(bench.account, async () => {
      const refused = send({ phone: '+12025550143', ...input });
      await expect(refused).rejects.toMatchObject({ code });
      await expect(refused).rejects.toThrow(message);
    });
  });

  test('a message that comes out longer than a text may be', async () => {
    const lead = await leads.create(bench.ctx, { phone: freshPhone(), company: 'c'.repeat(255) });
    await withoutChange(bench.account, () =>
      expect(send({ phone: lead.phone, message: '{company}'.repeat(7) })).rejects.toMatchObject({
        ...{ code: 'INVALID', fields: { message: ['Message makes 1785 characters, more than 1600.'] } },
      }),
    );
  });

  test('a number that is not in use, a lead who is blocked, another account’s number', async () => {
    const { ctx, account } = bench;
    await phoneNumbers.create(ctx, { phone: '+12025550101', isActive: false });
    const blocked = await leads.create(ctx, { phone: freshPhone(), isBlocked: true });
    const stranger = (await openCallBench()).account;
    await withoutChange(account, async () => {
      await expect(send({ phone: freshPhone(), from: '+12025550101' })).rejects.toThrow(NOT_OURS);
      await expect(send({ phone: blocked.phone })).rejects.toMatchObject({
        ...{ code: 'CONFLICT', message: 'The lead is blocked and must not be contacted.' },
      });
      await withoutChange(stranger, async () => {
        const input = { phone: freshPhone(), from: FROM, message: 'Hi.' };
        await expect(smsMessages.send(stranger.ctx, input)).rejects.toThrow(NOT_OURS);
      });
    });
  });
});
