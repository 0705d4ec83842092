import { audiences } from '../../src/domain/audience/audience.service';
import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { contacts } from '../../src/domain/contact/contact.service';
import { feeds } from '../../src/domain/feed/feed.service';
import { formPages } from '../../src/domain/form-page/form-page.service';
import { leads } from '../../src/domain/lead/lead.service';
import { eventsOf, withoutChange } from '../support/account-state';
import { BROWSER, FIELDS, FORM, openPageBench, type PageBench } from '../support/pages';

let bench: PageBench;

beforeEach(async () => {
  bench = await openPageBench();
});
afterEach(() => bench.close());

describe('GET', () => {
  test('shows the form with labels, what the address fills in, and headers that keep it from harm', async () => {
    const page = await bench.publish({
      ...{
        title: 'Say <hello>',
        intro: 'First & second.\nLine.\n\nNext.',
        language: 'de',
        submitLabel: 'Los',
      },
      fields: [
        ...FIELDS,
        { name: 'size', label: 'Size', kind: 'select', options: ['S', 'M "wide"'], value: 'S' },
        { name: 'news', label: 'News?', kind: 'checkbox' },
        { name: 'utm_source', label: 'Source', kind: 'hidden', value: 'none' },
      ],
    });
    expect(page.slug).toMatch(/^contact-us(-[a-z0-9]{6})?$/);
    const query = new URLSearchParams({ name: '"><b>Ann', size: 'M "wide"', news: 'yes', utm_source: 'x&y' });
    const { statusCode, headers, body } = await bench.app.inject({ url: `/p/${page.slug}?${query}` });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      ...{ 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' },
      ...{ 'cache-control': 'no-store', 'referrer-policy': 'strict-origin-when-cross-origin' },
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'self'; frame-ancestors 'self'$/,
      ),
    });
    for (const part of [
      ...['<html lang="de">', '<title>Say &lt;hello&gt;</title>', '<h1>Say &lt;hello&gt;</h1>'],
      ...['<p>First &amp; second.<br>Line.</p>\n<p>Next.</p>', '<button type="submit">Los</button>'],
      '<label for="field-name">Your name</label>\n<input type="text" id="field-name" name="name" autocomplete="name" maxlength="255" value="&quot;&gt;&lt;b&gt;Ann">',
      '<label for="field-email">E-mail <span class="mark" aria-hidden="true">*</span></label>\n<input type="email" id="field-email" name="email" required autocomplete="email" maxlength="254" value="">',
      '<input type="tel" id="field-phone" name="phone" autocomplete="tel" maxlength="40" value="">',
      '<textarea id="field-message" name="message" maxlength="10000" rows="5">\n</textarea>',
      '<option value="S">S</option><option value="M &quot;wide&quot;" selected>M &quot;wide&quot;</option>',
      '<input type="checkbox" id="field-news" name="news" value="true" checked>',
      '<input type="hidden" name="utm_source" value="x&amp;y">',
    ])
      expect(body).toContain(part);
    expect(body).not.toContain('role="alert"');
    expect(body).not.toContain('<script');
  });

  test.each(['draft', 'archived'])(
    'a page that is %s is unknown, like one that is deleted or none',
    async (status) => {
      const page = await bench.publish();
      const gone = await bench.publish();
      await formPages.update(bench.account.ctx, page.id, { status });
      await formPages.delete(bench.account.ctx, gone.id);
      const answers = [];
      for (const slug of [page.slug, gone.slug, 'no-such-page', '%00', 'a'.repeat(500)]) {
        for (const method of ['GET', 'POST', 'OPTIONS'] as const) {
          const headers = { ...BROWSER, ...(method === 'POST' && FORM) };
          answers.push(await bench.app.inject({ method, url: `/p/${slug}`, headers }));
        }
        answers.push(await bench.app.inject({ url: `/p/${slug}/thanks`, headers: BROWSER }));
      }
      expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
      expect(answers[0]?.body).toContain('<h1>Page not found</h1>');
      expect(await bench.submissions(page)).toEqual([]);
    },
  );

  test('finds a page whatever the case of its address, of any account that is active', async () => {
    const page = await bench.publish();
    expect((await bench.app.inject({ url: `/p/${page.slug.toUpperCase()}` })).statusCode).toBe(200);
    await bench.account.ctx.query('update account set is_active = false where id = $1', [page.accountId]);
    expect((await bench.app.inject({ url: `/p/${page.slug}` })).statusCode).toBe(404);
  });
});

describe('a form that a browser sends', () => {
  test('becomes a submission, a contact in audience and groups, a lead, and an event', async () => {
    const { ctx } = bench.account;
    const audience = await audiences.create(ctx, { name: 'News' });
    const group = await audienceGroups.create(ctx, { audienceId: audience.id, name: 'Web' });
    const other = await audienceGroups.create(ctx, { audienceId: audience.id, name: 'Old' });
    const feed = await feeds.create(ctx, { name: 'Web leads' });
    const before = await contacts.create(ctx, {
      ...{ audienceId: audience.id, email: 'Jane@Example.com', company: 'Acme', status: 'unsubscribed' },
      ...{ groupIds: [other.id], customFields: { size: 1, colour: 'red' } },
    });
    const page = await bench.publish({
      ...{ audienceId: audience.id, groupIds: [group.id], feedId: feed.id },
      fields: [
        ...FIELDS.filter(({ name }) => name !== 'phone'),
        { name: 'phone', label: 'Phone', kind: 'phone', isRequired: true, mapsTo: 'phone' },
        { name: 'size', label: 'Size', kind: 'select', options: ['S', 'M'], mapsTo: 'custom' },
        { name: 'agree', label: 'I agree', kind: 'checkbox', isRequired: true, mapsTo: 'custom' },
        { name: 'note', label: 'Note', kind: 'text' },
      ],
    });
    const sent = {
      ...{ name: ' Jane van Dyke ', email: 'jane@example.com', phone: '(202) 555-0143', size: 'M' },
      ...{ agree: 'true', message: 'One\r\ntwo', note: '', unknown: 'x', _homepage: '' },
    };
    const answer = await bench.sendForm(`/p/${page.slug}`, sent, { origin: 'http://localhost:80' });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, `/p/${page.slug}/thanks`]);
    const thanks = await bench.app.inject({ url: String(answer.headers.location) });
    expect(thanks.body).toContain(
      '<div role="status">\n<p>Thank you. We have received what you sent.</p>\n</div>',
    );

    const values = {
      ...{ name: 'Jane van Dyke', email: 'jane@example.com', phone: '+12025550143', size: 'M', agree: true },
      message: 'One\ntwo',
    };
    const [submission, ...more] = await bench.submissions(page);
    expect(more).toEqual([]);
    expect(submission).toMatchObject({
      ...{ pageId: page.id, values, contactId: before.id, leadId: expect.any(String) },
      ...{ sender: expect.stringMatching(/^[0-9a-f]{64}$/), origin: 'http://localhost:80' },
      createdAt: '2026-03-02T10:00:00.000Z',
    });
    expect(await contacts.record(ctx, before.id)).toMatchObject({
      ...{ firstName: 'Jane', lastName: 'van Dyke', email: 'Jane@Example.com', phone: '+12025550143' },
      ...{ company: 'Acme', status: 'unsubscribed', customFields: { size: 'M', colour: 'red', agree: true } },
      groups: [{ name: 'Old' }, { name: 'Web' }],
    });
    expect(await leads.get(ctx, submission?.leadId ?? '')).toMatchObject({
      ...{ feedId: feed.id, firstName: 'Jane', lastName: 'van Dyke', phone: '+12025550143' },
      ...{ email: 'jane@example.com', message: 'One\ntwo', source: 'Contact us' },
      customFields: { size: 'M', agree: true },
    });
    const [event] = await eventsOf(bench.account, 'submission');
    expect(event).toMatchObject({
      ...{ name: 'submission.created', subjectId: submission?.id, changes: {} },
      payload: { pageId: page.id, values, contactId: before.id, leadId: submission?.leadId },
    });
    expect(bench.commits()).toBe(1);
    expect(await bench.count(page)).toBe(1);

    // Once more: the same contact, and the lead of the number.
    await bench.sendForm(`/p/${page.slug}`, { ...sent, name: 'Jane' });
    const [, second] = await bench.submissions(page);
    expect(second).toMatchObject({
      contactId: before.id,
      leadId: submission?.leadId,
      sender: submission?.sender,
    });
    expect((await audiences.get(ctx, audience.id)).contactCount).toBe(1);
    expect(await bench.count(page)).toBe(2);
  });

  test('comes back with what was filled in and a message at each field, and stores nothing', async () => {
    const { ctx } = bench.account;
    const audience = await audiences.create(ctx, { name: 'News' });
    const page = await bench.publish({ audienceId: audience.id });
    await withoutChange(bench.account, async () => {
      const { statusCode, body, headers } = await bench.sendForm(`/p/${page.slug}`, {
        ...{ name: '<i>Ann', email: 'not an address', phone: '12', message: 'Kept\n& safe' },
      });
      expect([statusCode, headers['content-type']]).toEqual([422, 'text/html; charset=utf-8']);
      for (const part of [
        '<title>Error: Contact us</title>',
        '<div class="errors" role="alert" tabindex="-1" autofocus>\n<p>Some fields are not filled in as they should be.</p>\n<ul><li><a href="#field-email">E-mail must be an e-mail address, like ann@example.com.</a></li><li><a href="#field-phone">Phone must be a phone number, best like +12025550143.</a></li></ul>',
        '<p class="error" id="field-email-error">E-mail must be an e-mail address, like ann@example.com.</p>\n<input type="email" id="field-email" name="email" required aria-invalid="true" aria-describedby="field-email-error" autocomplete="email" maxlength="254" value="not an address">',
        ...['value="&lt;i&gt;Ann"', '>\nKept\n&amp; safe</textarea>'],
      ])
        expect(body).toContain(part);
    });
    expect(await bench.count(page)).toBe(0);
  });

  test('goes where the page says, and the browser may follow', async () => {
    const page = await bench.publish({ redirectUrl: 'https://example.com/done?x=1' });
    const shown = await bench.app.inject({ url: `/p/${page.slug}` });
    expect(shown.headers['content-security-policy']).toContain("form-action 'self' http: https:;");
    const { statusCode, headers } = await bench.sendForm(`/p/${page.slug}`, { email: 'a@example.com' });
    expect([statusCode, headers.location]).toEqual([303, 'https://example.com/done?x=1']);
  });

  test('may be multipart, without files', async () => {
    const page = await bench.publish();
    const part = (name: string, value: string, more = '') =>
      `--x\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const multipart = (payload: string) =>
      bench.app.inject({
        ...{ method: 'POST', url: `/p/${page.slug}`, payload: `${payload}--x--\r\n` },
        headers: { 'content-type': 'multipart/form-data; boundary=x' },
      });
    expect((await multipart(part('email', 'a@example.com') + part('name', 'Ümit 🙂'))).statusCode).toBe(201);
    const withFile = await multipart(
      part('email', 'a@example.com') + part('cv', 'text', '; filename="cv.txt"'),
    );
    expect(withFile.statusCode).toBe(400);
    const large = await multipart(part('email', 'a@example.com') + part('message', 'm'.repeat(70_000)));
    expect(large.statusCode).toBe(413);
    const rows = await bench.submissions(page);
    expect(rows.map(({ values }) => values)).toEqual([{ email: 'a@example.com', name: 'Ümit 🙂' }]);
  });
});

describe('JSON', () => {
  test('is answered with JSON: what was made, or a sentence for each field', async () => {
    const page = await bench.publish({ thankYouText: 'Merci.' });
    const made = await bench.sendJson(`/p/${page.slug}`, { email: 'a@example.com', name: 7 });
    const [submission] = await bench.submissions(page);
    expect(made.statusCode).toBe(201);
    expect(made.json()).toEqual({ id: submission?.id, thankYouText: 'Merci.', redirectUrl: null });
    expect(submission?.values).toEqual({ email: 'a@example.com', name: '7' });
    const bad = await bench.sendJson(`/p/${page.slug}`, { name: 'n'.repeat(256), phone: ['1', '2'] });
    expect(bad.statusCode).toBe(422);
    expect(bad.json()).toEqual({
      message: 'Some fields are not filled in as they should be.',
      errors: {
        name: ['Your name must be at most 255 characters long, not 256.'],
        email: ['E-mail is required.'],
        phone: ['Phone must be a text.'],
      },
      requestId: bad.headers['x-request-id'],
    });
  });

  test.each([
    ['no JSON', '{"email":', 400],
    ['a list', '[1]', 400],
    ['a text', '"a@example.com"', 400],
    ['a key of prototypes', '{"__proto__":{"email":"a@example.com"}}', 400],
    ['nothing', '', 422],
    ['null', 'null', 422],
    ['a NUL byte', '{"email":"a@example.com","name":"a\\u0000b"}', 422],
    ['half of a character', '{"email":"a@example.com","name":"\\ud800"}', 422],
    ['an object as a value', '{"email":{"a":1}}', 422],
    ['more than 64 KiB', JSON.stringify({ email: 'a@example.com', x: 'x'.repeat(65_536) }), 413],
  ])('%s is refused and stores nothing', async (_, payload, status) => {
    const page = await bench.publish();
    await withoutChange(bench.account, async () => {
      const answer = await bench.sendJson(`/p/${page.slug}`, payload);
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toMatchObject({ message: expect.stringMatching(/\.$|body$/) });
    });
  });

  test('of 64 KiB is taken', async () => {
    const page = await bench.publish();
    const filler = 65_536 - JSON.stringify({ email: 'a@example.com', x: '' }).length;
    const answer = await bench.sendJson(`/p/${page.slug}`, { email: 'a@example.com', x: 'x'.repeat(filler) });
    expect(answer.statusCode).toBe(201);
  });
});

test('what the page names may be gone: the submission is kept all the same', async () => {
  const { ctx } = bench.account;
  const audience = await audiences.create(ctx, { name: 'News' });
  const group = await audienceGroups.create(ctx, { audienceId: audience.id, name: 'Web' });
  const feed = await feeds.create(ctx, { name: 'Web leads' });
  const phone = { name: 'phone', label: 'Phone', kind: 'phone', isRequired: true, mapsTo: 'phone' };
  const page = await bench.publish({
    ...{ audienceId: audience.id, groupIds: [group.id], feedId: feed.id, fields: [phone] },
  });
  await audienceGroups.delete(ctx, group.id);
  expect((await bench.sendJson(`/p/${page.slug}`, { phone: '+12025550143' })).statusCode).toBe(201);
  await audiences.delete(ctx, audience.id);
  await leads.delete(ctx, (await bench.submissions(page))[0]?.leadId ?? '');
  await feeds.delete(ctx, feed.id);
  expect((await bench.sendJson(`/p/${page.slug}`, { phone: '+12025550144' })).statusCode).toBe(201);
  const rows = await bench.submissions(page);
  expect(rows.map(({ contactId, leadId }) => [contactId !== null, leadId !== null])).toEqual([
    [true, true],
    [false, false],
  ]);
});
