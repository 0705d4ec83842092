import { accounts } from '../../../src/domain/account/account.service';
import { appointments } from '../../../src/domain/appointment/appointment.service';
import { feeds } from '../../../src/domain/feed/feed.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { issueKey, type TestAccount } from '../../support/account';
import { withoutChange } from '../../support/account-state';
import { answerOf, EpixelClient, refusal } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

const ORIGIN = 'http://crm.example.test';

let server: TestServer;
let account: TestAccount;
let amy: EpixelClient;
let admin: EpixelClient;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  amy = await EpixelClient.of(server, account, { username: 'amy', role: 'agent' });
  admin = await EpixelClient.of(server, account, { username: 'root', role: 'admin' });
});

afterAll(() => server.close());

let phones = 0;
function makeLead(fields: Record<string, unknown>) {
  phones += 1;
  return leads.create(account.ctx, { phone: `+1202555${String(phones).padStart(4, '0')}`, ...fields });
}

async function namesOf(client: EpixelClient, path: string): Promise<string[]> {
  const { results } = (await client.get(path)).json().data;
  return results.map(({ first_name }: { first_name: string }) => first_name);
}

test('lists what an agent owns, or what is assigned to it; an admin sees all', async () => {
  const { id: ownerId } = amy.agent;
  await makeLead({ firstName: 'Own', ownerId });
  await makeLead({ firstName: 'Assigned', assigneeId: ownerId });
  await makeLead({ firstName: 'Nobody’s' });
  await makeLead({ firstName: 'Root’s', ownerId: admin.agent.id });
  for (const path of ['leads/list', 'leads/list/', 'list/'])
    expect(await namesOf(amy, path)).toEqual(['Own']);
  expect(await namesOf(amy, 'leads/list/?list_type=assigned')).toEqual(['Assigned']);
  expect(await namesOf(admin, 'leads/list/')).toEqual(['Root’s', 'Nobody’s', 'Assigned', 'Own']);
  expect(await namesOf(admin, 'leads/list/?owner=amy')).toEqual(['Own']);
  expect(await namesOf(amy, 'leads/list/?owner=root')).toEqual([]);
  expect(await namesOf(admin, 'leads/list/?owner=nobody')).toEqual([]);
});

test('filters by part of a name, address or number, by status and by campaign', async () => {
  const feed = await feeds.create(account.ctx, { name: 'Spring', slug: 'spring' });
  await makeLead({ firstName: 'Anna', lastName: 'Smith', email: 'anna@one.example', stage: 'contact' });
  await makeLead({ firstName: 'Hannah', lastName: 'Jones', email: 'h@two.example', feedId: feed.id });
  expect(await namesOf(admin, 'leads/list/?first_name=ANNA')).toEqual(['Hannah', 'Anna']);
  expect(await namesOf(admin, 'leads/list/?last_name=jon')).toEqual(['Hannah']);
  expect(await namesOf(admin, 'leads/list/?email=one.')).toEqual(['Anna']);
  expect(await namesOf(admin, 'leads/list/?status=contact')).toEqual(['Anna']);
  expect(await namesOf(admin, 'leads/list/?campaign_slug=spring')).toEqual(['Hannah']);
  expect(await namesOf(admin, 'leads/list/?campaign_slug=autumn')).toEqual([]);
  expect(await namesOf(admin, 'leads/list/?first_name=%25')).toEqual([]);
});

test('compares the digits of phone numbers alone', async () => {
  const { phone } = await makeLead({ firstName: 'Own' });
  await makeLead({ firstName: 'Other' });
  const [, area, exchange, line] = /^\+1(...)(...)(....)$/.exec(phone) as unknown as string[];
  for (const text of [phone, `(${area}) ${exchange}-${line}`, `${exchange} ${line}`, `${exchange}.${line}`]) {
    expect([text, await namesOf(admin, `leads/list/?phone=${encodeURIComponent(text)}`)]).toEqual([
      text,
      ['Own'],
    ]);
  }
  expect(await namesOf(admin, `leads/list/?phone=${phone}`)).toEqual(['Own']);
  expect(await namesOf(admin, 'leads/list/?phone=call')).toEqual([]);
  expect(await namesOf(admin, 'leads/list/?phone=')).toEqual(['Other', 'Own']);
});

test('of a repeated parameter the last counts', async () => {
  for (const firstName of ['A', 'B', 'C']) await makeLead({ firstName });
  expect(await namesOf(admin, 'leads/list/?limit=1&limit=2')).toEqual(['C', 'B']);
  expect(await namesOf(admin, 'leads/list/?first_name=A&first_name=B')).toEqual(['B']);
  const page = (await admin.get('leads/list/?limit=2&limit=1')).json().data;
  expect(page.next).toBe(`${ORIGIN}/api/v1/leads/list/?limit=1&offset=1`);
  const refused = await admin.get('leads/overview/?appointment=today&appointment=someday');
  expect(answerOf(refused)).toEqual(refusal(400, { appointment: ['Invalid appointment filter value.'] }));
});

test.each([
  ['leads/list', 'first_name'],
  ['leads/list', 'status'],
  ['leads/list', 'campaign_slug'],
  ['leads/list', 'owner'],
  ['leads/appointments/list', 'lead'],
])('%s by a %s that nothing can hold is refused by its name', async (path, name) => {
  const response = await admin.get(`${path}/?${name}=%00`);
  const text = `The filter on ${name} contains a NUL byte or an unpaired surrogate.`;
  expect(answerOf(response)).toEqual(refusal(400, { [name]: [text] }));
});

test('pages by limit and offset with the addresses of the neighbours', async () => {
  for (const firstName of ['A', 'B', 'C', 'D', 'E']) await makeLead({ firstName });
  const page = async (query: string) => (await admin.get(`leads/list/${query}`)).json().data;
  const middle = await page('?limit=2&offset=2&first_name=');
  expect(middle).toMatchObject({
    count: 5,
    previous: `${ORIGIN}/api/v1/leads/list/?limit=2&first_name=`,
    next: `${ORIGIN}/api/v1/leads/list/?limit=2&offset=4&first_name=`,
  });
  expect(middle.results.map((one: { first_name: string }) => one.first_name)).toEqual(['C', 'B']);
  expect(await page('')).toMatchObject({ count: 5, previous: null, next: null });
  expect(await page('?limit=2&offset=4')).toMatchObject({ previous: expect.any(String), next: null });
  expect((await page('?limit=all&offset=-1')).results).toHaveLength(5);
  expect((await page('?limit=1000')).results).toHaveLength(5);
  expect((await page('?offset=900')).results).toEqual([]);
});

test('the overview counts what the list shows', async () => {
  const { id: ownerId } = amy.agent;
  await makeLead({ firstName: 'Assigned', assigneeId: ownerId, stage: 'closed' });
  await makeLead({ firstName: 'A', ownerId, stage: 'contact', source: 'website' });
  await makeLead({ firstName: 'B', ownerId, stage: 'contact', source: 'social' });
  await makeLead({ firstName: 'C', stage: 'customer', source: 'social' });
  const overview = async (client: EpixelClient) => {
    const { LeadsData, TotalLeads } = (await client.get('leads/overview/')).json().data;
    const counts = LeadsData.status.filter(({ count }: { count: number }) => count > 0);
    return {
      ...{ total: TotalLeads, source: LeadsData.source },
      status: counts.map(({ status, count }: { status: string; count: number }) => [status, count]),
    };
  };
  expect(await overview(amy)).toEqual({
    total: 2,
    status: [['contact', 2]],
    source: [
      { source: 'social', count: 1 },
      { source: 'website', count: 1 },
    ],
  });
  expect(await overview(admin)).toEqual({
    total: 4,
    status: [
      ['closed', 1],
      ['contact', 2],
      ['customer', 1],
    ],
    source: [
      { source: 'social', count: 2 },
      { source: 'website', count: 1 },
    ],
  });
});

test('the overview shows appointments of a period by the account’s clock', async () => {
  // Monday 2 March 2026, 10:00 UTC is 23:00 of the same day in Auckland.
  await accounts.update(account.ctx, { timeZone: 'Pacific/Auckland' });
  const root = new EpixelClient(
    server,
    { ...account, key: await issueKey(account) },
    admin.agent,
    admin.token,
  );
  server.clock.advance(1000);
  const lead = await makeLead({ firstName: 'A', ownerId: admin.agent.id });
  const times: Record<string, string> = {
    february: '2026-02-28T09:00:00.000Z',
    before: '2026-03-01T20:00:00.000Z',
    today: '2026-03-02T10:30:00.000Z',
    tomorrow: '2026-03-02T11:30:00.000Z',
    sunday: '2026-03-08T10:00:00.000Z',
    monday: '2026-03-08T12:00:00.000Z',
    april: '2026-03-31T11:00:00.000Z',
  };
  for (const [note, startsAt] of Object.entries(times)) {
    const endsAt = new Date(Date.parse(startsAt) + 60_000).toISOString();
    await appointments.create(account.ctx, { leadId: lead.id, startsAt, endsAt, note });
  }
  const shown = async (period: string) =>
    (await root.get(`leads/overview/?appointment=${period}`))
      .json()
      .data.appointments.map((one: { appointment_note: string }) => one.appointment_note);
  expect(await shown('upcoming')).toEqual(['today', 'tomorrow', 'sunday', 'monday', 'april']);
  expect(await shown('today')).toEqual(['before', 'today']);
  expect(await shown('week')).toEqual(['before', 'today', 'tomorrow', 'sunday']);
  expect(await shown('month')).toEqual(['before', 'today', 'tomorrow', 'sunday', 'monday']);
});

test.each([
  ['leads/overview/?appointment=someday', { appointment: ['Invalid appointment filter value.'] }],
  ['view/lead/', { slug: ['This field is required and this may not be blank.'] }],
  ['view/lead/?slug=', { slug: ['This field is required and this may not be blank.'] }],
  ['view/lead/?slug=none', { slug: ['Requested slug is invalid.'] }],
  ['appointments/list/?datesetting=near&ondate=06/18/2026', { datesetting: ['Inavalid date settings.'] }],
  ['appointments/list/?ondate=06/18/2026', { datesetting: ['Inavalid date settings.'] }],
  ['appointments/list/?datesetting=on', { ondate: ['Invalid date formate'] }],
  ['appointments/list/?datesetting=&ondate=06/18/2026', { datesetting: ['Inavalid date settings.'] }],
  ['appointments/list/?datesetting=on&ondate=', { ondate: ['Invalid date formate'] }],
  ['appointments/list/?datesetting=on&ondate=2026-06-18', { ondate: ['Invalid date formate'] }],
  ['appointments/list/?datesetting=on&ondate=13/40/2026', { ondate: ['Invalid date formate'] }],
  ['appointments/list/?status=done', { status: ['Invalid appointment status.'] }],
])('%s is refused', async (path, errors) => {
  const response = await withoutChange(account, () => amy.get(path));
  expect(answerOf(response)).toEqual(refusal(400, errors));
});

test('lists appointments by day, status and the lead’s name', async () => {
  const jane = await makeLead({ firstName: 'Jane', ownerId: amy.agent.id });
  const hidden = await makeLead({ firstName: 'Janet', ownerId: admin.agent.id });
  const add = (leadId: string, day: string, status: string) =>
    appointments.create(account.ctx, {
      ...{ leadId, status, note: `${day} ${status}` },
      ...{ startsAt: `2026-06-${day}T10:00:00.000Z`, endsAt: `2026-06-${day}T10:30:00.000Z` },
    });
  await add(jane.id, '17', 'pending');
  await add(jane.id, '18', 'fulfilled');
  await add(jane.id, '19', 'confirmed');
  await add(hidden.id, '18', 'pending');
  const notes = async (query: string, client = amy) =>
    (await client.get(`leads/appointments/list/${query}`))
      .json()
      .data.results.map((one: { appointment_note: string }) => one.appointment_note);
  expect(await notes('')).toEqual(['19 confirmed', '18 fulfilled', '17 pending']);
  expect(await notes('?datesetting=on&ondate=06/18/2026')).toEqual(['18 fulfilled']);
  expect(await notes('?datesetting=before&ondate=06/18/2026')).toEqual(['17 pending']);
  expect(await notes('?datesetting=after&ondate=06/18/2026')).toEqual(['19 confirmed']);
  expect(await notes('?status=fullfilled')).toEqual(['18 fulfilled']);
  expect(await notes('?status=&datesetting=&ondate=&lead=')).toEqual([
    '19 confirmed',
    '18 fulfilled',
    '17 pending',
  ]);
  expect(await notes('?lead=JANET', admin)).toEqual(['18 pending']);
  expect(await notes('?lead=jane&limit=1&offset=1', admin)).toEqual(['18 pending']);
});
