import { apiKeys } from '../../../src/domain/api-key/api-key.service';
import { takeInboundMail } from '../../../src/domain/email/inbound-take';
import { withoutChange } from '../../support/account-state';
import { startTestServer, type TestServer } from '../../support/server';
import { FuseDesk, refused } from './fusedesk-client';

let server: TestServer;
let origin: string;
let desk: FuseDesk;

beforeAll(async () => {
  server = await startTestServer();
  origin = await server.listen();
});

afterAll(() => server.close());

beforeEach(async () => {
  desk = await FuseDesk.open(server, origin);
});

describe('refusals, which change nothing', () => {
  test.each([
    ['no department', {}, 'api_error_missingparam', 'The parameter depid is required.'],
    ['an empty department', { depid: '' }, 'api_error_missingparam', 'The parameter depid is required.'],
    ['a word for it', { depid: 'x' }, 'api_error_invalidparam', 'depid must be a whole number.'],
    [
      'a strange status',
      { status: 'done' },
      'api_error_invalidparam',
      'status must be one of new, open, closed.',
    ],
    [
      'a strange address',
      { email: 'x' },
      'api_error_invalidparam',
      'email must be an e-mail address like ann@example.com.',
    ],
    [
      'a strange time',
      { date_opened: 'soon' },
      'api_error_invalidparam',
      'date_opened must be a time like 2018-01-01T10:00:00+00:00 or -30 days.',
    ],
  ])('a case with %s is 405', async (title, fields, code, error) => {
    const rest = { summary: 'a', details: 'b', openedby: 'c' };
    const department: Record<string, string> = title.includes('department')
      ? {}
      : { depid: String(desk.department) };
    const answer = await withoutChange(desk.account, () =>
      desk.post('/api/v1/cases', { ...department, ...rest, ...(fields as Record<string, string>) }),
    );
    expect(answer).toEqual(refused(405, code, error));
  });

  test('a department that is not there is 404, and a rep of none of its own is no failure', async () => {
    const fields = { summary: 'a', details: 'b', openedby: 'c' };
    const answer = await withoutChange(desk.account, () =>
      desk.post('/api/v1/cases', { ...fields, depid: '2147483647' }),
    );
    expect(answer).toEqual(refused(404, 'api_error_notfound', 'depid: Team not found'));
    const made = await desk.post('/api/v1/cases', {
      ...fields,
      depid: String(desk.department),
      repid: '999999999',
    });
    expect(made.body).toMatchObject({ repid: desk.rep });
  });

  test.each([
    ['GET', '/api/v1/nothing', 404, 'api_error_unknownmethod'],
    ['GET', '/api/v1/cases/ABCD0000', 404, 'api_error_notfound'],
    ['GET', '/api/v1/cases/nonsense', 404, 'api_error_notfound'],
    ['DELETE', '/api/v1/cases/1', 404, 'api_error_unknownmethod'],
    ['GET', '/api/v1/cases?status=done', 405, 'api_error_invalidparam'],
    ['GET', '/api/v1/cases?limit=0', 405, 'api_error_invalidparam'],
    ['GET', '/api/v1/cases?limit=1001', 405, 'api_error_invalidparam'],
    ['GET', '/api/v1/cases?orderby=password', 405, 'api_error_invalidparam'],
    ['GET', '/api/v1/cases?date_opened=yesterday', 405, 'api_error_invalidparam'],
    ['POST', '/api/v1/cases/update?status=closed', 405, 'api_error_missingparam'],
    ['GET', '/api/v2/contacts', 405, 'api_error_missingparam'],
  ])('%s %s is %i %s', async (method, path, status, code) => {
    const { headers, ...answer } = await withoutChange(desk.account, () =>
      desk.send({ method, path: path.replace('/api/v1/nothing', '/api/v1/cases/1/nothing') }),
    );
    expect(answer).toEqual({ status, body: { error: expect.any(String), errorcode: code } });
    expect(headers['x-fusedesk-error-code']).toBe(code);
  });

  test.each([
    ['no key', {}],
    ['a key of nobody', { 'X-FuseDesk-API-Key': 'x' }],
    ['a bearer of nobody', { Authorization: 'Bearer x' }],
  ])('%s is 401', async (_, headers) => {
    const error = 'The API key is missing, invalid or disabled.';
    const refusal = refused(401, 'api_error_invalidkey', error);
    expect(await desk.raw({ path: '/api/v1/cases', headers: headers as Record<string, string> })).toEqual(
      refusal,
    );
  });

  test.each([
    ['header', (key: string) => ({ headers: { 'X-FuseDesk-API-Key': key } })],
    ['bearer', (key: string) => ({ headers: { Authorization: `Bearer ${key}` } })],
  ])('the key is good as a %s', async (_, withKey) => {
    const named = await desk.withScopes('reps');
    const answer = await desk.raw({ path: '/api/v1/session/permissions', ...withKey(named.key) });
    expect(answer).toMatchObject({ status: 200, body: ['reps'] });
  });

  test('a base URL may end with a slash', async () => {
    const headers = { 'X-FuseDesk-API-Key': desk.key };
    const answer = await desk.raw({ path: '//api/v2/reps?', headers });
    expect(answer).toMatchObject({ status: 200, body: [{ emailAddress: 'ann@acme.example' }] });
    expect(await desk.raw({ path: '//api/v1/nothing', headers })).toMatchObject({ status: 404 });
  });

  test('every answer to a key tells what is left of the hour', async () => {
    const limited = await desk.withScopes('reps');
    const answers = [
      await limited.get('/api/v2/reps?'),
      await limited.get('/api/v1/cases'),
      await limited.get('/api/v2/reps/2147483647'),
      await limited.get('/api/v1/usage/nothing'),
    ];
    expect(
      answers.map(({ status, headers }) => [
        ...[status, headers['x-fusedesk-usage-limit'], headers['x-fusedesk-usage-remaining']],
      ]),
    ).toEqual([
      [200, '1800', '1799'],
      [403, '1800', '1798'],
      [404, '1800', '1797'],
      [404, '1800', '1796'],
    ]);
  });

  test('the limit is 1,800 calls an hour: 429 with Retry-After', async () => {
    const call = { url: '/api/v1/usage', headers: { 'x-fusedesk-api-key': desk.key } };
    for (let count = 0; count < 1800; count += 1) await server.app.inject(call);
    const answer = await desk.get('/api/v1/usage');
    expect(answer).toEqual(
      refused(429, 'api_error_ratelimit', 'Rate limit exceeded: wait before the next call.'),
    );
    expect(answer.headers).toMatchObject({ 'retry-after': '3600', 'x-fusedesk-usage-remaining': '0' });
  });
});

describe('permissions', () => {
  test('a name that is none is answered with all there are, the vendor’s among them', async () => {
    const making = withoutChange(desk.account, () =>
      apiKeys.create(desk.ctx, { name: 'A', scopes: ['cases_creat'] }),
    );
    await expect(making).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringMatching(
        /^cases_creat is no scope\. Scopes are: .*leads:write, .*pages:read, .*reps, departments, cases, cases_create, /,
      ),
    });
  });

  test('the vendor’s names are sets of scopes; domain scopes work too and are named back', async () => {
    const named = await desk.withScopes('cases', 'emails');
    expect((await named.get('/api/v1/session/permissions')).body).toEqual(['cases', 'emails']);
    const own = await desk.withScopes('supportCases:read', 'supportCases:write', 'agents:read');
    expect((await own.get('/api/v1/session/permissions')).body).toEqual([
      ...['reps', 'cases', 'cases_create', 'cases_update'],
    ]);
    await desk.makeCase();
    expect(await own.get('/api/v1/cases')).toMatchObject({ status: 200, body: [{ repid: desk.rep }] });
  });

  test('a key that may change cases alone sees what became of them, and nothing else', async () => {
    const { caseNumber } = await desk.makeCase();
    const writer = await desk.withScopes('cases_update');
    const closed = await writer.post(`/api/v1/cases/${caseNumber}`, { status: 'closed' });
    expect(closed).toMatchObject({ status: 200, body: { casenum: caseNumber, status: 'closed' } });
    expect(await writer.get(`/api/v1/cases/${caseNumber}`)).toMatchObject({ status: 403 });
  });

  test.each([
    ['POST', '/api/v1/cases', 'cases_create'],
    ['POST', '/api/v1/cases/update', 'cases_update'],
    ['POST', '/api/v1/cases/1/addnote', 'cases_update'],
    ['GET', '/api/v1/cases?status=done', 'cases'],
    ['GET', '/api/v2/contacts', 'contacts'],
    ['POST', '/api/v2/webhooks', 'webhooks'],
  ])('%s %s of a key that may not is 403, whatever is wrong with it besides', async (method, path, scope) => {
    const reader = await desk.withScopes('reps');
    const answer = await withoutChange(desk.account, () => reader.send({ method, path }));
    const error = `Not Authorized: this key lacks the scope ${scope}.`;
    expect(answer).toEqual(refused(403, 'api_error_noscope', error));
  });
});

test('several cases at once, by ids and case numbers; merging is for good', async () => {
  const [first, second] = [await desk.makeCase(), await desk.makeCase()];
  const path = `/api/v1/cases/update?caseids=${first.number},${second.caseNumber}&merge=1&status=open`;
  const { body } = await desk.post(path);
  expect(body).toEqual([expect.objectContaining({ id: first.number, status: 'open' })]);
  const gone = await desk.get(`/api/v1/cases/${second.number}`);
  expect(gone.body).toMatchObject({ status: 'closed' });
  const crm = await withoutChange(desk.account, () =>
    desk.post(`/api/v1/cases/update?caseids=${first.number}&crmTagId=5`),
  );
  expect(crm).toEqual(
    refused(405, 'api_error_invalidparam', 'crmTagId is not supported: there is no CRM here.'),
  );
});

test('refusals name the parameter in the vendor’s words', async () => {
  const { number } = await desk.makeCase();
  const [path, one] = ['/api/v1/cases/update', `/api/v1/cases/${number}`];
  const late = 'A case is snoozed until a time to come, like 2026-01-31T14:30:00Z.';
  for (const [call, status, code, error] of [
    [`${path}?caseids=${number}&snooze=-1+day`, 405, 'api_error_invalidparam', late],
    [`${one}/snooze?until=yesterday`, 405, 'api_error_invalidparam', late],
    [`${one}/tag/2147483647`, 404, 'api_error_notfound', 'caseTagId: Tag not found'],
    [`${one}/addnote?note=x&repid=2147483647`, 404, 'api_error_notfound', 'repid: Agent not found'],
    [
      `${one}/feedback/request`,
      405,
      'api_error_invalidparam',
      'contactid: The case has no contact with an e-mail address to ask.',
    ],
  ] as const) {
    const answer = await withoutChange(desk.account, () => desk.post(call));
    expect(answer).toEqual(refused(status, code, error));
  }
});

test('ends of a date filter that are empty are as not given', async () => {
  const { number } = await desk.makeCase();
  const found = async (filter: string) =>
    (await desk.get(`/api/v1/cases?date_opened=${encodeURIComponent(filter)}`)).body.map(
      ({ id }: { id: number }) => id,
    );
  for (const filter of ['{}', '{"after":null,"before":""}', '{"after":"","before":"now"}']) {
    expect(await found(filter)).toEqual([number]);
  }
  expect(await found('{"after":"tomorrow","before":null}')).toEqual([]);
});

test('case tags by id and by name, and the order of lists', async () => {
  const { body: tag } = await desk.post('/api/v1/casetags', { tagname: 'urgent' });
  const fields = {
    depid: String(desk.department),
    summary: 'a',
    details: 'b',
    openedby: 'c',
    casetags: `${tag.id}, new one, a third`,
  };
  const { body: made } = await desk.post('/api/v1/cases', fields);
  const { body: tags } = await desk.get('/api/v1/casetags');
  expect(tags.map(({ tagname, totalcases }: never) => [tagname, totalcases])).toEqual([
    ['a third', 1],
    ['new one', 1],
    ['urgent', 1],
  ]);
  expect(made.tags).toEqual([tag.id, tags[1].id, tags[0].id]);
  const again = await withoutChange(desk.account, () => desk.post('/api/v1/casetags', { tagname: 'URGENT' }));
  expect(again).toMatchObject({ status: 405, body: { errorcode: 'api_error_conflict' } });
  const other = await desk.makeCase();
  const idsOf = async (orderby: string) =>
    (await desk.get(`/api/v1/cases?orderby=${encodeURIComponent(orderby)}`)).body.map(
      ({ id }: { id: number }) => id,
    );
  expect(await idsOf('status, caseid desc')).toEqual([other.number, made.id]);
  expect(await idsOf('caseid')).toEqual([made.id, other.number]);
});

test('a body that is cut short ends behind a whole character', async () => {
  await takeInboundMail(desk.ctx, {
    ...{ messageId: '<1@x.example>', from: { address: 'z@x.example', name: 'Zed' }, replyTo: null },
    ...{ to: [], cc: [], subject: 'Hi', text: 'ab😀cd', html: null, inReplyTo: null, references: [] },
    ...{ hash: '', isAutomatic: false, attachments: [] },
  });
  const bodyOf = async (query: string) =>
    (await desk.get(`/api/v1/emails/unassigned${query}`)).body.map(({ body }: { body: string }) => body);
  expect(await bodyOf('')).toEqual(['ab😀cd']);
  expect(await bodyOf('?bodylimit=3')).toEqual(['ab😀']);
  expect(await bodyOf('?bodylimit=4')).toEqual(['ab😀c']);
  expect(await bodyOf('?bodylimit=0')).toEqual(['']);
});
