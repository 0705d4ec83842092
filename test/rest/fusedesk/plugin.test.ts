import { contacts } from '../../../src/domain/contact/contact.service';
import { tags } from '../../../src/domain/tag/tag.service';
import { startTestServer, type TestServer } from '../../support/server';
import { FuseDesk, multipart, refused } from './fusedesk-client';

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

const WANTED = ['reps', 'departments', 'cases', 'cases_create', 'cases_update'];
const SIX = [...WANTED, 'integrations'];

describe('the WordPress plugin 5.4', () => {
  test('options page: permissions, powered by', async () => {
    const plugin = await desk.withScopes(...SIX);
    const { status, body } = await plugin.get('/api/v1/session/permissions?');
    expect({ status, body }).toEqual({ status: 200, body: SIX });
    const powered = await plugin.get('/api/v1/session/poweredby?');
    expect(powered.body).toEqual({ plan: 'self-hosted', footerlink: false, partnercode: '' });
  });

  test('the "Test" button of the browser', async () => {
    const headers = { Origin: 'https://wordpress.example', Referer: 'https://wordpress.example/wp-admin/' };
    const path = '/api/v1/session/permissions?apikey=';
    const { status, headers: answered, body } = await desk.raw({ path: path + desk.key, headers });
    expect({ status, origin: answered['access-control-allow-origin'] }).toEqual({ status: 200, origin: '*' });
    expect(body).toEqual(expect.arrayContaining(SIX));
    const wrong = await desk.raw({ path: `${path}nonsense`, headers });
    expect(wrong.headers['access-control-allow-origin']).toBe('*');
    expect(wrong).toEqual(
      refused(401, 'api_error_invalidkey', 'The API key is missing, invalid or disabled.'),
    );
  });

  test('departments, reps, case tags, chat widgets', async () => {
    const tag = await tags.create(desk.ctx, { name: 'urgent', scope: 'case' });
    await tags.create(desk.ctx, { name: 'of leads' });
    const plugin = await desk.withScopes(...SIX);
    expect((await plugin.get('/api/v2/departments?')).body).toEqual([
      expect.objectContaining({ id: desk.department, name: 'Support', repUserIds: [desk.rep] }),
    ]);
    expect((await plugin.get('/api/v2/reps?')).body).toEqual([
      expect.objectContaining({ active: true, userId: desk.rep, firstName: 'Ann', lastName: 'Lee' }),
    ]);
    expect((await plugin.get('/api/v1/casetags?')).body).toEqual([
      { id: tag.number, tagname: 'urgent', hidden: false, totalcases: 0 },
    ]);
    expect((await plugin.get('/api/v1/integrations?')).body).toEqual([]);
    const without = await desk.withScopes(...WANTED);
    expect(await without.get('/api/v1/integrations?')).toEqual(
      refused(403, 'api_error_noscope', 'Not Authorized: this key lacks the scope integrations.'),
    );
  });

  test('my cases, by e-mail address and by contact', async () => {
    const jane = await contacts.create(desk.ctx, { firstName: 'Jane', email: 'jane@example.com' });
    const { number, caseNumber } = await desk.makeCase({ contactId: jane.id });
    await desk.makeCase();
    const tail = 'status=&limit=50&orderby=date_lastresponse%2C+date_updated';
    for (const who of ['email=jane%40example.com', `contactid=${jane.number}`]) {
      const { status, body } = await desk.get(`/api/v1/cases?${who}&${tail}`);
      expect(status).toBe(200);
      expect(body).toEqual([expect.objectContaining({ id: number, casenum: caseNumber })]);
    }
    expect((await desk.get(`/api/v1/cases?email=nobody%40example.com&${tail}`)).body).toEqual([]);
  });

  test('team cases, by company and by several contacts', async () => {
    const jane = await contacts.create(desk.ctx, { firstName: 'Jane' });
    const bill = await contacts.create(desk.ctx, { firstName: 'Bill' });
    const ofJane = await desk.makeCase({ contactId: jane.id, companyId: 77 });
    const ofBill = await desk.makeCase({ contactId: bill.id });
    await desk.makeCase();
    const idsOf = async (query: string) =>
      (await desk.get(`/api/v1/cases?${query}`)).body.map(({ id }: { id: number }) => id);
    const both = `contactid%5B0%5D=${jane.number}&contactid%5B1%5D=${bill.number}&orderby=caseid`;
    expect(await idsOf(both)).toEqual([ofJane.number, ofBill.number]);
    expect(await idsOf('companyid=77&status=&limit=50')).toEqual([ofJane.number]);
  });

  test('filters of page visitors: status, and times relative to now', async () => {
    const old = await desk.makeCase({ openedAt: '2026-01-01T10:00:00Z', status: 'open' });
    const fresh = await desk.makeCase();
    const idsOf = async (query: string) =>
      (await desk.get(`/api/v1/cases?orderby=caseid&${query}`)).body.map(({ id }: { id: number }) => id);
    const since = encodeURIComponent('{"after":"-30 days"}');
    const before = encodeURIComponent('{\r\n  "after": "2018-01-01",\r\n  "before": "-30 days"\r\n}');
    expect(await idsOf('status=new')).toEqual([fresh.number]);
    expect(await idsOf(`date_opened=${since}`)).toEqual([fresh.number]);
    expect(await idsOf(`date_opened=${before}`)).toEqual([old.number]);
    expect(await idsOf(`date_updated=${since}&status=all`)).toEqual([old.number, fresh.number]);
    for (const field of ['date_closed', 'date_firstresponse', 'date_lastresponse']) {
      expect(await idsOf(`${field}=${since}`)).toEqual([]);
    }
  });

  test('new cases of a new address that come at once make one contact', async () => {
    const plugin = await desk.withScopes('cases_create');
    const asked = { depid: String(desk.department), summary: 'Help', details: 'x', openedby: 'Max Poe' };
    const forms = ['max@example.com', 'Max@Example.com'].flatMap((email) =>
      Array(4).fill({ ...asked, email }),
    );
    const made = await Promise.all(forms.map((fields) => plugin.post('/api/v1/cases', fields)));
    const { rows } = await contacts.search(desk.ctx, 'max@example.com');
    expect(rows).toEqual([expect.objectContaining({ firstName: 'Max', lastName: 'Poe' })]);
    expect(made.map(({ status, body }) => [status, body.contactid])).toEqual(
      Array(8).fill([200, rows[0]?.number]),
    );
  });

  test('a new case of an address that somebody has besides is theirs', async () => {
    const jane = await contacts.create(desk.ctx, { email: 'j@example.com', email3: 'Jane.Doe@Example.com' });
    const asked = { depid: String(desk.department), summary: 'Help', details: 'x', openedby: 'Jane' };
    const fields = { ...asked, email: 'jane.doe@example.com' };
    const { status, body } = await desk.post('/api/v1/cases', fields);
    expect({ status, body }).toMatchObject({ status: 200, body: { contactid: jane.number } });
    expect((await desk.get('/api/v1/cases?email=JANE.doe%40example.com')).body).toEqual([body]);
    expect((await contacts.search(desk.ctx, 'example.com')).rows.map(({ id }) => id)).toEqual([jane.id]);
  });

  test('a new case, multipart with empty parts', async () => {
    const plugin = await desk.withScopes('cases_create');
    const fields = {
      ...{ depid: String(desk.department), repid: '', summary: 'No toner', details: 'It is\r\nempty.' },
      ...{ openedby: 'Bill Moe', contactid: '', email: 'bill@example.com', casetags: '' },
    };
    const { headers, body } = multipart(fields);
    const sent = {
      method: 'POST',
      path: '/api/v1/cases',
      headers: { ...headers, Expect: '100-continue' },
      body,
    };
    const { status, body: made } = await plugin.send(sent);
    expect(status).toBe(200);
    expect(made).toEqual({
      ...{ id: expect.any(Number), caseid: made.id, casenum: expect.stringMatching(/^[A-Z]{4}\d{4}$/) },
      ...{ casenumber: made.casenum, contactid: expect.any(Number), contactUuid: expect.any(String) },
      ...{ companyid: null, repid: desk.rep, departmentid: desk.department, summary: 'No toner' },
      ...{ details: 'It is\r\nempty.', openedby: 'Bill Moe', status: 'new', tags: [], isArchived: false },
      ...{ date_opened: '2026-03-02T10:00:00+00:00', date_assigned: '2026-03-02T10:00:00+00:00' },
      ...{ date_updated: '2026-03-02T10:00:00+00:00', date_created: '2026-03-02T10:00:00+00:00' },
      ...{ date_lastupdated: '2026-03-02T10:00:00+00:00', date_closed: null, date_firstresponse: null },
      ...{ date_lastresponse: null, date_requestedfeedback: false, date_rated: false },
      ...{ rating: null, feedback: null },
    });
    const mine = await desk.get('/api/v1/cases?email=bill%40example.com&status=');
    expect(mine.body).toEqual([made]);
    expect(await plugin.get('/api/v1/cases')).toEqual(
      refused(403, 'api_error_noscope', 'Not Authorized: this key lacks the scope cases.'),
    );
  });
});

describe('the WordPress plugin 2.4', () => {
  test('paths end in a slash, and nothing is redirected', async () => {
    const { number } = await desk.makeCase();
    const cases = await desk.get('/api/v1/cases/?email=');
    expect({ status: cases.status, ids: cases.body.map(({ id }: { id: number }) => id) }).toEqual({
      ...{ status: 200, ids: [number] },
    });
    const departments = await desk.get('/api/v1/departments/?');
    expect(departments.body).toEqual([
      { departmentid: desk.department, name: 'Support', repids: [desk.rep] },
    ]);
    expect((await desk.get('/api/v1/reps/?')).body).toEqual([
      { userid: desk.rep, firstname: 'Ann', lastname: 'Lee', active: true },
    ]);
    const fields = { depid: String(desk.department), summary: 'a', details: 'b', openedby: 'c' };
    const made = await desk.send({ method: 'POST', path: '/api/v1/cases/', ...multipart(fields) });
    expect(made).toMatchObject({ status: 200, body: { casenum: expect.any(String) } });
  });

  test('its key test: POST usage with the key as a form field', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    const sent = { method: 'POST', path: '/api/v1/usage', headers, body: `apikey=${desk.key}` };
    const { status, headers: answered, body } = await desk.raw(sent);
    expect({ status, body }).toEqual({ status: 200, body: { limit: 1800, used: 1, remaining: 1799 } });
    expect(answered).toMatchObject({
      ...{ 'access-control-allow-origin': '*', 'x-fusedesk-usage-limit': '1800' },
      'x-fusedesk-usage-remaining': '1799',
    });
  });
});

test('the C# exporter: both filters pretty-printed, and types that it can read', async () => {
  const { number } = await desk.makeCase({ status: 'closed' });
  const pretty = encodeURIComponent('{\r\n  "after": "2018-01-01T00:00:00",\r\n  "before": "tomorrow"\r\n}');
  const path = `/api/v1/cases?date_opened=${pretty}&date_closed=${pretty}&status=closed&limit=150`;
  const headers = { Accept: 'application/json', 'User-Agent': 'd-fens HttpClient' };
  const { status, body } = await desk.send({ path, headers });
  expect({ status, count: body.length }).toEqual({ status: 200, count: 1 });
  expect(body[0]).toMatchObject({
    id: number,
    caseid: number,
    date_rated: false,
    date_requestedfeedback: false,
  });
});

test('the sample of the documents: GET with a JSON body that says it is a form', async () => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const sent = { path: '/api/v1/emails/unassigned', headers, body: `{"apikey":"${desk.key}"}` };
  expect(await desk.raw(sent)).toMatchObject({ status: 200, body: [] });
  expect(await desk.raw({ ...sent, body: '{"apikey":"nonsense"}' })).toMatchObject({ status: 401 });
  expect(await desk.raw({ ...sent, body: '{"apikey":' })).toMatchObject({ status: 401 });
});
