import { segmentsOf } from '../../src/domain/campaign/sms-segments.rules';
import { leads } from '../../src/domain/lead/lead.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import type { Messenger, OutboundText } from '../../src/domain/sms-message/messenger';
import { sendDueTexts } from '../../src/domain/sms-message/sms-queue';
import { suppressions } from '../../src/domain/suppression/suppression.service';
import { type CampaignBench, openCampaignBench } from '../support/campaigns';

/** Of this file alone: the queue holds what other accounts left there too. */
const FROM = '+13105550100';

let bench: CampaignBench;
let written: OutboundText[];
let phoneNumberId: string;

const messenger: Messenger = {
  name: 'noting',
  send: async (text) => {
    if (text.from !== FROM) return;
    if (text.to === '+12025550113') throw new Error('No such network.');
    written.push(text);
  },
};

beforeEach(async () => {
  bench = await openCampaignBench();
  written = [];
  phoneNumberId = (await phoneNumbers.create(bench.ctx, { phone: FROM })).id;
});

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

async function sendTexts(): Promise<void> {
  while ((await sendDueTexts(messenger, bench.due)) > 0);
}

test('texts go to each number once, are charged by parts, and tell how they fared', async () => {
  const { ctx, addContacts, begin, run } = bench;
  await addContacts([
    { firstName: 'Ann {{ name }}', phone: '+12025550111' },
    { firstName: 'Bo', phone: '(202) 555-0112' },
    { firstName: 'Bo again', phone: '+1 202 555 0112' },
    { firstName: 'Cy', phone: '+12025550113' },
    { firstName: 'Di', phone: '+12025550114' },
    { firstName: 'Eve', phone: '+12025550115' },
    { firstName: 'Long'.padEnd(250, '.'), phone: '+12025550116' },
    { firstName: 'No phone', email: 'no@example.com' },
  ]);
  await suppressions.suppress(ctx, '+12025550114', 'manual');
  await leads.create(ctx, { phone: '+12025550115', isBlocked: true });
  const campaign = await begin({
    ...{ channel: 'sms', subject: null, phoneNumberId },
    text: `Hi {{ first_name }}! ${'x'.repeat(150)}{% if first_name == 'Bo' %}…{% endif %}`,
  });
  await run();
  expect(await bench.read(campaign.id)).toMatchObject({ status: 'sending' });
  expect(written).toEqual([]);
  await sendTexts();
  await run();
  expect(written.map(({ from, to }) => [from, to]).toSorted()).toEqual([
    [FROM, '+12025550111'],
    [FROM, '+12025550112'],
    [FROM, '+12025550116'],
  ]);
  // What a contact is called is no template.
  expect(written.find(({ to }) => to === '+12025550111')?.body).toContain('Hi Ann {{ name }}! xxx');
  const rows = (await bench.recipients(campaign.id)).map(({ address, status, reason, credits }) => [
    ...[address, status, reason, credits],
  ]);
  expect(rows).toEqual([
    ['+12025550111', 'sent', null, 2],
    ['+12025550112', 'sent', null, 3],
    ['+12025550113', 'failed', 'No such network.', 0],
    ['+12025550115', 'failed', 'The lead is blocked and must not be contacted.', 0],
    ['+12025550116', 'sent', null, 3],
  ]);
  expect(await bench.read(campaign.id)).toMatchObject({ status: 'sent' });
  expect(await bench.metrics(campaign.id)).toEqual({
    ...{ recipients: 5, sent: 3, delivered: 3, failed: 2, creditsUsed: 8 },
  });
});

test('several processes queue each text once', async () => {
  const { addContacts, begin, run, sender } = bench;
  await addContacts(
    Array.from({ length: 60 }, (_, at) => ({ phone: `+120255502${String(at).padStart(2, '0')}` })),
  );
  await begin({ channel: 'sms', phoneNumberId, text: 'Hi' });
  await Promise.all([run(sender()), run(sender()), run(sender())]);
  await sendTexts();
  await run();
  expect(new Set(written.map(({ to }) => to)).size).toBe(60);
  expect(written).toHaveLength(60);
});

test('a number that was switched off fails the texts, not the program', async () => {
  const { ctx, addContacts, begin, run } = bench;
  await addContacts([{ phone: '+12025550111' }]);
  const campaign = await begin({ channel: 'sms', phoneNumberId, text: 'Hi' });
  await phoneNumbers.update(ctx, phoneNumberId, { isActive: false });
  await run();
  expect(await bench.recipients(campaign.id)).toMatchObject([
    { status: 'failed', reason: 'The number that texts are from was deleted or switched off.' },
  ]);
  expect(await bench.read(campaign.id)).toMatchObject({ status: 'failed' });
});

test.each([
  ['', 1],
  ['x'.repeat(160), 1],
  ['x'.repeat(161), 2],
  ['x'.repeat(306), 2],
  ['x'.repeat(307), 3],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  // 153 places hold 76 of two: the 153rd stays empty.
  ['€'.repeat(152), 2],
  ['€'.repeat(153), 3],
  ['…'.repeat(70), 1],
  ['…'.repeat(71), 2],
  ['…'.repeat(134), 2],
  ['…'.repeat(135), 3],
  ['🙂'.repeat(35), 1],
  ['🙂'.repeat(36), 2],
  // 67 units hold 33 of two.
  ['🙂'.repeat(66), 2],
  ['🙂'.repeat(67), 3],
])('%# is so many parts', (text, parts) => {
  expect(segmentsOf(text)).toBe(parts);
});
