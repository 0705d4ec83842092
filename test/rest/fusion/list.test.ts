import { feeds } from '../../../src/domain/feed/feed.service';
import { leads } from '../../../src/domain/lead/lead.service';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { essence, LEADS, LeadsClient, refusal, type WireLead } from './leads-client';

let client: LeadsClient;
/** Oldest first, a minute between them. */
let created: WireLead[];

beforeAll(async () => {
  client = await LeadsClient.open();
  created = [];
  for (let at = 0; at < 7; at++) {
    const answer = await client.create({ name: `Lead ${at}`, phone: `+1555000000${at}` });
    created.push(answer.body.data.leads[0] as WireLead);
    client.account.clock.advance(60_000);
  }
});

const idsIn = async (query: Record<string, string | number>) =>
  (await client.query(query)).body.data.leads.map(({ id }) => id);
const idsAt = (...places: number[]) => places.map((at) => created[at]?.id);

test('the list is of the Default Feed, newest first, fifty to a page', async () => {
  const data = {
    ...{ campaign_id: client.ctx.account.defaultFeedId, campaign_name: 'Default Feed' },
    ...{ page: 1, pageSize: 50, total: 7, leads: created.toReversed() },
  };
  expect(essence(await client.query())).toEqual({ status: 200, body: { success: true, data } });
});

test.each([
  [{ pageSize: 3 }, [6, 5, 4]],
  [{ pageSize: 3, page: 2 }, [3, 2, 1]],
  [{ pageSize: 3, page: 3 }, [0]],
  [{ pageSize: 3, page: 4 }, []],
  [{ pageSize: 100 }, [6, 5, 4, 3, 2, 1, 0]],
  [{ pageSize: 1, page: 7 }, [0]],
  [{ page: 1_000_000, pageSize: 100 }, []],
])('page %j', async (query, places) => {
  const { data } = (await client.query(query)).body;
  expect(data).toMatchObject({ total: 7, ...query });
  expect(data.leads.map(({ id }) => id)).toEqual(idsAt(...places));
});

test('sorts by creation in both directions, and by the last change', async () => {
  const account = await LeadsClient.open();
  const ids: string[] = [];
  for (const phone of ['2345678900', '2345678901', '2345678902']) {
    ids.push((await account.create({ name: 'John Doe', phone })).body.data.leads[0]?.id as string);
  }
  client.account.clock.advance(1000);
  await account.update({ phone: '2345678901', name: 'John D.' });
  const sorted = async (sort: string) => (await account.query({ sort })).body.data.leads.map(({ id }) => id);
  expect(await sorted('created_at:asc')).toEqual(ids);
  expect(await sorted('created_at:desc')).toEqual(ids.toReversed());
  expect(await sorted('updated_at:desc')).toEqual([ids[1], ids[2], ids[0]]);
});

test('status and updated_since narrow the list and its total', async () => {
  const account = await LeadsClient.open();
  const [first, second] = (
    await account.create({
      leads: [
        { name: 'Lead 1', phone: '2345678900' },
        { name: 'Lead 2', phone: '2345678901' },
      ],
    })
  ).body.data.leads;
  client.account.clock.advance(60_000);
  const since = account.ctx.instant();
  await leads.update(account.ctx, second?.id as string, { dialStatus: 'completed' });
  const listed = async (query: Record<string, string>) => {
    const { total, leads: found } = (await account.query(query)).body.data;
    return { total, ids: found.map(({ id }) => id) };
  };
  expect(await listed({ status: 'pending' })).toEqual({ total: 1, ids: [first?.id] });
  expect(await listed({ status: 'completed' })).toEqual({ total: 1, ids: [second?.id] });
  expect(await listed({ status: 'retry' })).toEqual({ total: 0, ids: [] });
  expect(await listed({ updated_since: since })).toEqual({ total: 1, ids: [second?.id] });
  expect(await listed({ updated_since: since.replace('Z', '') })).toEqual({ total: 1, ids: [second?.id] });
  expect(await listed({ updated_since: since, status: 'pending' })).toEqual({ total: 0, ids: [] });
});

test('a campaign has a list of its own', async () => {
  const solar = await feeds.create(client.ctx, { name: 'Solar' });
  const empty = { campaign_id: solar.id, campaign_name: 'Solar', page: 1, pageSize: 50, total: 0, leads: [] };
  expect((await client.query({ campaign_id: solar.id })).body.data).toEqual(empty);
  const answer = await client.create({ name: 'Lead S', phone: '+15550000000', campaign_id: solar.id });
  const inSolar = { ...empty, total: 1, leads: answer.body.data.leads };
  expect((await client.query({ campaign_id: solar.id })).body.data).toEqual(inSolar);
  expect((await client.query()).body.data.total).toBe(7);
  expect((await client.query({ campaign_id: client.ctx.account.defaultFeedId })).body.data.total).toBe(7);
});

test('a deleted lead is not listed', async () => {
  const account = await LeadsClient.open();
  const [lead] = (await account.create({ name: 'John Doe', phone: '2345678900' })).body.data.leads;
  await leads.delete(account.ctx, lead?.id as string);
  expect((await account.query()).body.data).toMatchObject({ total: 0, leads: [] });
});

test('a campaign that is unknown, deleted or of another account is not found', async () => {
  const { ctx } = await LeadsClient.open();
  const gone = await feeds.create(client.ctx, { name: 'Gone' });
  await feeds.delete(client.ctx, gone.id);
  for (const id of [UNKNOWN_IDS.uuid, ctx.account.defaultFeedId, gone.id]) {
    expect(essence(await client.query({ campaign_id: id }))).toEqual(refusal(404, 'Campaign not found'));
  }
});

const PAGE = 'page must be a whole number from 1 to 1000000';
const SIZE = 'pageSize must be a whole number from 1 to 100';

test.each([
  ['page=0', { page: [PAGE] }],
  ['page=-1', { page: [PAGE] }],
  ['page=1.5', { page: [PAGE] }],
  ['page=two', { page: [PAGE] }],
  ['page=', { page: [PAGE] }],
  ['page=1000001', { page: [PAGE] }],
  ['page=1e3', { page: [PAGE] }],
  ['page=1&page=2', { page: [PAGE] }],
  ['pageSize=0', { pageSize: [SIZE] }],
  ['pageSize=101', { pageSize: [SIZE] }],
  ['pageSize=99999999999999999999', { pageSize: [SIZE] }],
  ['status=lost', { status: ['Status must be one of: pending, in-progress, retry, completed, failed'] }],
  ['sort=name', { sort: ['sort must be one of: created_at:desc, created_at:asc, updated_at:desc'] }],
  ['sort=toString', { sort: ['sort must be one of: created_at:desc, created_at:asc, updated_at:desc'] }],
  ['updated_since=yesterday', { updated_since: ['Invalid datetime format'] }],
  ['updated_since=0000-01-01', { updated_since: ['Invalid datetime format'] }],
  ['campaign_id=7', { campaign_id: ['Invalid campaign_id'] }],
  ['campaign_id=%00', { campaign_id: ['Invalid campaign_id'] }],
  ['page=0&pageSize=0', { page: [PAGE], pageSize: [SIZE] }],
])('%s is refused', async (query, details) => {
  const [[message] = []] = Object.values(details);
  expect(essence(await client.send('GET', `${LEADS}?${query}`))).toEqual(
    refusal(400, message as string, details),
  );
});

test('parameters that are not documented are left out', async () => {
  expect(await idsIn({ pageSize: 1, limit: 3, offset: 'x' })).toEqual(idsAt(6));
});
