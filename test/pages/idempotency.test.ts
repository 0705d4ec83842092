import type { FormPage } from '../../src/domain/form-page/form-page.entity';
import { eventsOf, withoutChange } from '../support/account-state';
import { BROWSER, openPageBench, type PageBench } from '../support/pages';

const ANN = { email: 'ann@example.com' };

let bench: PageBench;
let page: FormPage;

beforeEach(async () => {
  bench = await openPageBench();
  page = await bench.publish();
});
afterEach(() => bench.close());

const send = (payload: object, headers: object = {}, { slug } = page) =>
  bench.app.inject({
    ...{ method: 'POST', url: `/p/${slug}`, payload },
    headers: { 'content-type': 'application/json', 'idempotency-key': 'k', ...headers },
  });

test('what is sent again under its key is one submission, with the first answer', async () => {
  const first = await send(ANN);
  expect(first.statusCode).toBe(201);
  expect(bench.commits()).toBe(1);
  const second = await withoutChange(bench.account, () => send(ANN));
  expect({ status: second.statusCode, body: second.body }).toEqual({ status: 201, body: first.body });
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  const browser = await withoutChange(bench.account, () => send(ANN, BROWSER));
  expect({ status: browser.statusCode, to: browser.headers.location }).toEqual({
    ...{ status: 303, to: `/p/${page.slug}/thanks` },
  });
  expect(await eventsOf(bench.account, 'submission')).toHaveLength(1);
  expect(bench.commits()).toBe(1);
});

test('refuses the key of something else, and a key that is none', async () => {
  await send(ANN);
  await withoutChange(bench.account, async () => {
    const reused = await send({ email: 'bob@example.com' });
    expect({ status: reused.statusCode, body: reused.json() }).toEqual({
      status: 422,
      body: {
        message: 'This Idempotency-Key was used for another request.',
        requestId: reused.headers['x-request-id'],
      },
    });
    expect((await send(ANN, { 'idempotency-key': 'k'.repeat(256) })).statusCode).toBe(422);
  });
});

test('what was refused may be put right under its key; another page has keys of its own', async () => {
  const refused = await withoutChange(bench.account, () => send({ email: 'nobody' }));
  expect(refused.statusCode).toBe(422);
  expect((await send(ANN)).statusCode).toBe(201);
  const other = await bench.publish();
  const answer = await send(ANN, {}, other);
  expect(answer.headers['idempotency-replayed']).toBeUndefined();
  expect(await bench.submissions(other)).toHaveLength(1);
});
