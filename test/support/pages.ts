import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import type { FormPage } from '../../src/domain/form-page/form-page.entity';
import { formPages } from '../../src/domain/form-page/form-page.service';
import { Submission } from '../../src/domain/submission/submission.entity';
import { createHttpServer } from '../../src/server/http';
import { mountPages } from '../../src/server/pages/page-routes';
import { MemoryRateLimiter } from '../../src/server/rate-limit';
import { openTestAccount, type TestAccount, TestClock, testStore, testVault } from './account';

/** The public door with an account whose pages it shows. */
export interface PageBench {
  app: FastifyInstance;
  account: TestAccount;
  clock: TestClock;
  /** How often something was committed that is in the change log. */
  commits: () => number;
  /** Makes a published page with a form for name, e-mail, phone and message. */
  publish: (values?: object) => Promise<FormPage>;
  /** What was sent to a page, oldest first. */
  submissions: (page: FormPage) => Promise<Submission[]>;
  count: (page: FormPage) => Promise<number>;
  /** Sends values as a program does. */
  sendJson: (url: string, payload: object | string, headers?: object) => Promise<LightMyRequestResponse>;
  /** Sends a form as a person’s browser does. */
  sendForm: (
    url: string,
    values: Record<string, string>,
    headers?: object,
  ) => Promise<LightMyRequestResponse>;
  close: () => Promise<void>;
}

/** The fields that most tests fill in. */
export const FIELDS = [
  { name: 'name', label: 'Your name', kind: 'text', mapsTo: 'name' },
  { name: 'email', label: 'E-mail', kind: 'email', isRequired: true, mapsTo: 'email' },
  { name: 'phone', label: 'Phone', kind: 'phone', mapsTo: 'phone' },
  { name: 'message', label: 'Message', kind: 'textarea', mapsTo: 'message' },
];

/** Headers of a person’s browser that posts a form. */
export const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** Headers of a body that is a form. */
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** Opens the public door; `trustedProxies` as the setting. */
export async function openPageBench({
  trustedProxies,
}: {
  trustedProxies?: string[];
} = {}): Promise<PageBench> {
  const clock = new TestClock();
  const account = await openTestAccount({ clock });
  let commits = 0;
  const app = createHttpServer({
    ...{ logger: pino({ level: 'silent' }), isReady: async () => true, trustedProxies },
  });
  await mountPages(app, {
    ...{ store: await testStore(), vault: testVault, now: clock.now },
    onChange: () => {
      commits += 1;
    },
    rateLimiter: new MemoryRateLimiter(() => clock.at.getTime()),
  });
  return {
    ...{ app, account, clock, commits: () => commits },
    publish: (values = {}) =>
      formPages.create(account.ctx, { name: 'Contact us', status: 'published', fields: FIELDS, ...values }),
    submissions: (page) =>
      account.ctx.repo(Submission).slice({
        ...{ filter: { pageId: { eq: page.id } }, sort: { field: 'id', direction: 'asc' } },
        ...{ limit: 1000, offset: 0 },
      }),
    count: async (page) => (await formPages.record(account.ctx, page.id)).stats.submissionCount,
    sendJson: (url, payload, headers) =>
      app.inject({
        ...{ method: 'POST', url, payload },
        headers: { 'content-type': 'application/json', ...headers },
      }),
    sendForm: (url, values, headers) =>
      app.inject({
        ...{ method: 'POST', url, payload: new URLSearchParams(values).toString() },
        headers: { ...FORM, ...BROWSER, ...headers },
      }),
    close: () => app.close(),
  };
}
