import { contacts } from '../../src/domain/contact/contact.service';
import { Email } from '../../src/domain/email/email.entity';
import { sendDueEmails } from '../../src/domain/email/email-queue';
import { logTransport } from '../../src/domain/email/log-transport';
import { sendDueFeedback } from '../../src/domain/support-case/due-feedback';
import { readFeedbackToken } from '../../src/domain/support-case/feedback-link';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { teams } from '../../src/domain/team/team.service';
import { templates } from '../../src/domain/template/template.service';
import { NOW, testVault } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type Desk, openDesk } from '../support/desk';
import { MINUTE } from '../support/mailing';

const HERE = 'https://desk.example.com';

let desk: Desk;

beforeEach(async () => {
  desk = await openDesk();
});

afterEach(() => expect(desk.errors).toEqual([]));

const mailOf = async (id: string): Promise<Email> => {
  const last = (await desk.history(id)).findLast(({ emailId }) => emailId);
  return desk.ctx.repo(Email).get(last?.emailId ?? '');
};

test('a reply is queued as an e-mail that comes back, and sets status and times', async () => {
  const { id, caseNumber } = await desk.open();
  const replied = await supportCases.reply(desk.ctx, id, { body: 'Try water.', authorId: desk.ann.id });
  expect(replied).toMatchObject({ status: 'open', firstResponseAt: NOW, lastResponseAt: NOW });
  const mail = await mailOf(id);
  expect(mail).toMatchObject({
    ...{ direction: 'outbound', status: 'queued', from: 'help@acme.example', fromName: 'Help' },
    ...{ to: ['jane@example.com'], text: 'Try water.', html: null, inReplyTo: null, references: [] },
    subject: `Re: Printer on fire [${caseNumber}]`,
  });
  expect(mail.replyTo).toMatch(
    new RegExp(`^help\\+${caseNumber.toLowerCase()}-[0-9a-f]{12}@acme\\.example$`),
  );
  expect((await desk.history(id)).slice(1)).toMatchObject([
    {
      kind: 'reply',
      title: 'To jane@example.com',
      body: 'Try water.',
      agentId: desk.ann.id,
      emailId: mail.id,
    },
    { kind: 'status', title: 'new → open' },
  ]);
  expect((await desk.told(id)).map(([name]) => name)).toEqual(['created', 'updated', 'replied']);
  desk.clock.advance(MINUTE);
  await sendDueEmails(
    logTransport(null, () => {}),
    desk.due,
  );
  const { messageId } = await mailOf(id);
  const again = await supportCases.reply(desk.ctx, id, { body: 'Or sand.' });
  expect(again).toMatchObject({ firstResponseAt: NOW, lastResponseAt: '2026-03-02T10:01:00.000Z' });
  expect(await mailOf(id)).toMatchObject({ references: [messageId], inReplyTo: null });
});

test('the team’s template and footer make the reply, and a template without a place for it follows it', async () => {
  const own = await templates.create(desk.ctx, {
    ...{ name: 'Own', kind: 'reply', body: 'Hi {{ contact.first_name }},\n\n{{ body }}\n\n{{ agent.name }}' },
  });
  const plain = await templates.create(desk.ctx, {
    name: 'Bye',
    kind: 'reply',
    subject: 'News of {{ case.number }} for {{ contact.first_name }}',
    body: 'Bye.',
  });
  await teams.update(desk.ctx, desk.team.id, { replyTemplateId: own.id, footerHtml: '<hr>Acme' });
  const { id, caseNumber } = await desk.open();
  await supportCases.reply(desk.ctx, id, { body: 'a < b', authorId: desk.bob.id, cc: ['c@example.com'] });
  expect(await mailOf(id)).toMatchObject({
    ...{ text: 'Hi Jane,\n\na < b\n\nBob', cc: ['c@example.com'] },
    html: '<p>Hi Jane,</p>\n<p>a &lt; b</p>\n<p>Bob</p>\n<hr>Acme',
  });
  await supportCases.reply(desk.ctx, id, {
    body: 'Ok.',
    html: '<b>Ok.</b>',
    templateId: plain.id,
    status: 'closed',
  });
  expect(await mailOf(id)).toMatchObject({
    ...{ text: 'Ok.\n\nBye.', html: '<b>Ok.</b>\n<hr>Acme', subject: `Re: News of ${caseNumber} for Jane` },
  });
});

test('a team takes only templates of the right kind, and templates must be readable', async () => {
  const note = await templates.create(desk.ctx, { name: 'N', kind: 'note', body: 'x' });
  await withoutChange(desk.account, async () => {
    await expect(teams.update(desk.ctx, desk.team.id, { replyTemplateId: note.id })).rejects.toThrow(
      'Reply template id must name a template of the kind reply, not note.',
    );
    const bad = templates.create(desk.ctx, {
      name: 'B',
      kind: 'note',
      body: '{% for a in b %}x{% endfor %}',
    });
    await expect(bad).rejects.toMatchObject({ code: 'INVALID', fields: { body: [expect.any(String)] } });
  });
});

test('a new case gets the note of its team’s template', async () => {
  const note = await templates.create(desk.ctx, {
    name: 'Check',
    kind: 'note',
    body: 'Check {{ case.number }}.',
  });
  await teams.update(desk.ctx, desk.team.id, { newCaseNoteTemplateId: note.id });
  const { id, caseNumber } = await desk.open();
  expect((await desk.history(id)).slice(1)).toMatchObject([
    {
      kind: 'note',
      title: 'Check',
      body: `Check ${caseNumber}.`,
      authorKind: 'system',
      authorName: 'support',
    },
  ]);
});

test('a reply to nobody, or with nothing in it, is refused and nothing changes', async () => {
  const { id } = await desk.open({ contactId: null });
  await withoutChange(desk.account, async () => {
    await expect(supportCases.reply(desk.ctx, id, { body: 'x' })).rejects.toThrow(
      'Nobody of the case has an e-mail address: give one.',
    );
    await expect(supportCases.reply(desk.ctx, id, { to: ['a@example.com'] })).rejects.toThrow(
      'Give a body, or a template that makes one.',
    );
    await expect(supportCases.reply(desk.ctx, id, { to: ['nobody'], body: 'x' })).rejects.toMatchObject({
      ...{ code: 'INVALID', fields: { to: ['To must hold e-mail addresses like ann@example.com.'] } },
    });
  });
});

test('feedback that is asked for now goes out once, with a link to the case', async () => {
  const { id, caseNumber } = await desk.open();
  const asked = await supportCases.requestFeedback(desk.ctx, id, { authorId: desk.ann.id });
  expect(asked).toMatchObject({ feedbackRequestedAt: NOW });
  const counts = [await sendDueFeedback(HERE, desk.due), await sendDueFeedback(HERE, desk.due)];
  expect(counts).toEqual([1, 0]);
  const mail = await mailOf(id);
  expect(mail).toMatchObject({ to: ['jane@example.com'], subject: `How did we do? [${caseNumber}]` });
  const [, token] = /https:\/\/desk\.example\.com\/feedback\/(\S+)/.exec(mail.text ?? '') ?? [];
  expect(readFeedbackToken(testVault, token ?? '')).toEqual({ accountId: desk.ctx.account.id, caseId: id });
  expect(readFeedbackToken(testVault, `${token}x`)).toBeUndefined();
  expect((await desk.history(id)).slice(1)).toMatchObject([
    { kind: 'feedback', title: 'Asked for', agentId: desk.ann.id },
    { kind: 'feedback', title: 'Asked jane@example.com', authorName: 'mailing', emailId: mail.id },
  ]);
  const rated = await supportCases.rate(desk.ctx, id, { rating: 4, feedback: 'Good.' });
  expect(rated).toMatchObject({ rating: 4, feedback: 'Good.', ratedAt: NOW });
  expect((await desk.told(id)).at(-1)).toEqual(['rated', ['feedback', 'ratedAt', 'rating']]);
});

test('closed cases ask by the settings of the team: delay, sample and frequency', async () => {
  const template = await templates.create(desk.ctx, {
    ...{
      name: 'F',
      kind: 'feedback',
      subject: 'Well, {{ contact.first_name }}?',
      body: 'Tell: {{ feedback_url }}',
    },
  });
  const settings = { feedbackTemplateId: template.id, feedbackDelayMinutes: 60, feedbackFrequencyDays: 7 };
  await teams.update(desk.ctx, desk.team.id, { ...settings, feedbackSamplePercent: 100 });
  const first = await desk.open();
  await supportCases.update(desk.ctx, first.id, { status: 'closed' });
  const second = await desk.open();
  await supportCases.update(desk.ctx, second.id, { status: 'closed' });
  const unwanted = await desk.open({
    contactId: (await contacts.create(desk.ctx, { email: 'x@example.com' })).id,
  });
  await supportCases.setFeedbackWanted(desk.ctx, unwanted.id, false);
  await supportCases.update(desk.ctx, unwanted.id, { status: 'closed' });
  desk.clock.advance(60 * MINUTE - 1);
  expect(await sendDueFeedback(HERE, desk.due)).toBe(0);
  desk.clock.advance(1);
  expect(await sendDueFeedback(HERE, desk.due)).toBe(1);
  expect(await mailOf(first.id)).toMatchObject({ subject: 'Well, Jane?', to: ['jane@example.com'] });
  expect(await supportCases.get(desk.ctx, first.id)).toMatchObject({
    feedbackRequestedAt: '2026-03-02T11:00:00.000Z',
  });
  expect(await supportCases.get(desk.ctx, second.id)).toMatchObject({
    feedbackRequestedAt: null,
    feedbackSendAt: null,
  });
  await teams.update(desk.ctx, desk.team.id, { feedbackSamplePercent: 0, feedbackFrequencyDays: 0 });
  const third = await desk.open();
  await supportCases.update(desk.ctx, third.id, { status: 'closed' });
  expect(await supportCases.get(desk.ctx, third.id)).toMatchObject({ feedbackSendAt: null });
});

test('a rating out of range, and feedback from nobody, are refused', async () => {
  const { id } = await desk.open({ contactId: null });
  await withoutChange(desk.account, async () => {
    await expect(supportCases.rate(desk.ctx, id, { rating: 6 })).rejects.toThrow(
      'Rating must be from 1 to 5.',
    );
    await expect(supportCases.requestFeedback(desk.ctx, id)).rejects.toThrow(
      'The case has no contact with an e-mail address to ask.',
    );
  });
});
