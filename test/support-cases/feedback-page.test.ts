import type { FastifyInstance } from 'fastify';
import { feedbackToken } from '../../src/domain/support-case/feedback-link';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import { testVault } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type Desk, openDesk, serveDesk } from '../support/desk';

let desk: Desk;
let app: FastifyInstance;

beforeEach(async () => {
  desk = await openDesk();
  app = await serveDesk(desk);
});

afterEach(() => app.close());

const urlOf = (caseId: string) =>
  `/feedback/${feedbackToken(testVault, { accountId: desk.ctx.account.id, caseId })}`;

const send = (url: string, body: string) =>
  app.inject({
    ...{ method: 'POST', url, payload: body },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

test('the page asks and changes nothing; what is filled in rates the case in the contact’s name', async () => {
  const { id, caseNumber } = await desk.open({ summary: '<script>alert(1)</script>' });
  const page = await withoutChange(desk.account, () => app.inject(urlOf(id)));
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.headers['cache-control']).toBe('no-store');
  expect(page.body).toContain(`${caseNumber}: <strong>&lt;script&gt;alert(1)&lt;/script&gt;</strong>`);
  const thanks = await send(urlOf(id), 'rating=5&feedback=Gr%C3%B6%C3%9Fe+%3Cb%3E');
  expect([thanks.statusCode, thanks.body.includes('Thank you')]).toEqual([200, true]);
  expect(await supportCases.get(desk.ctx, id)).toMatchObject({ rating: 5, feedback: 'Größe <b>' });
  expect((await desk.history(id)).at(-1)).toMatchObject({
    ...{ kind: 'feedback', title: 'Rated 5 of 5', body: 'Größe <b>', contactId: desk.jane.id },
    authorName: 'Jane Doe',
  });
  const again = await app.inject(urlOf(id));
  expect(again.body).toContain('value="5" required checked');
  expect(again.body).toContain('Größe &lt;b&gt;</textarea>');
});

test('a rating that is none, a link of nobody and a form without end change nothing', async () => {
  const { id } = await desk.open();
  await withoutChange(desk.account, async () => {
    for (const [body, problem] of [
      ['', 'Rating'],
      ['rating=6', 'Rating must be from 1 to 5.'],
      ['rating=x', 'Rating'],
      ['rating=3&feedback=%00', 'Feedback must not contain NUL bytes or unpaired surrogates.'],
      [`rating=3&feedback=${'x'.repeat(10_001)}`, 'Feedback'],
    ] as const) {
      const { statusCode, body: html } = await send(urlOf(id), body);
      expect(statusCode).toBe(400);
      expect(html).toContain(`<div class="errors" role="alert"><p>${problem}`);
    }
    expect((await send(urlOf(id), `rating=3&feedback=${'x'.repeat(70_000)}`)).statusCode).toBe(413);
    expect((await app.inject('/feedback/nonsense')).statusCode).toBe(404);
    expect((await send(urlOf('01890000-0000-7000-8000-000000000000'), 'rating=3')).statusCode).toBe(404);
  });
});
