import { notes } from '../../src/domain/note/note.service';
import { Tag } from '../../src/domain/tag/tag.entity';
import { teams } from '../../src/domain/team/team.service';
import { Webhook } from '../../src/domain/webhook/webhook.entity';
import { webhooks } from '../../src/domain/webhook/webhook.service';
import { webhookRecords } from '../../src/domain/webhook/webhook-record';
import { CALLINGLY_FORMAT } from '../../src/rest/dialects/callingly/webhook-format';
import { Authenticator } from '../../src/server/auth';
import { MemoryRateLimiter } from '../../src/server/rate-limit';
import { issueKey, testStore, testVault } from '../support/account';
import { eventNamesOf, withoutChange } from '../support/account-state';
import { type HookBench, openHookBench } from '../support/callingly-hooks';
import { Receiver } from '../support/receiver';

let bench: HookBench;

beforeEach(async () => {
  bench = await openHookBench();
});

afterEach(() => expect(bench.errors).toEqual([]));

const setUrl = (callbackUrl: string | null) => teams.update(bench.ctx, bench.team.id, { callbackUrl });

const callbacks = () => bench.ctx.repo(Webhook).slice({ filter: { teamId: { eq: bench.team.id } } });

/** A call of the team to a new lead, over already. */
async function callOfTeam(input = {}) {
  return bench.makeCall(await bench.createLead(), { teamId: bench.team.id, ...input });
}

test('a team’s callback address is told the whole of each of its calls that is over', async () => {
  const { ctx, team, agent, number } = bench;
  await setUrl(bench.receiver.url);
  const lead = await bench.createLead({
    ...{ name: 'Example Lead', email: 'example@example.com', company: 'Acme', category: 'Pools' },
    ...{ source: 'Web', crmId: '77', comments: 'soon', stage: 'Quoted', tagNames: ['vip'] },
    customFields: { utm: 'x' },
  });
  await notes.create(ctx, { leadId: lead.id, body: 'Wants a pool.' });
  const tag = await ctx.repo(Tag).findBy({ name: 'vip' });
  const call = await bench.makeCall(
    lead,
    { teamId: team.id, agentId: agent.id, phoneNumberId: number.id },
    { status: 'completed', result: 'contacted', seconds: 37 },
  );
  expect(await bench.told()).toEqual([
    {
      ...{ id: call.number, account_id: ctx.account.number, team_id: team.number, status: 'completed' },
      ...{ result: 'contacted', direction: 'outbound', is_fallback: false, tag: null },
      stage: { id: null, name: 'Quoted' },
      lead: {
        ...{ id: lead.number, first_name: 'Example', last_name: 'Lead', email: 'example@example.com' },
        ...{ phone_number: lead.phone, company: 'Acme', category: 'Pools', source: 'Web', crm_id: '77' },
        ...{ tags: [{ id: tag?.number, name: 'vip' }], notes: [{ content: 'Wants a pool.' }] },
        ...{ comments: 'soon', params: { utm: 'x' } },
      },
      user: {
        ...{ name: 'Michael Scott', phone_number: '+15705550123', custom_id: 'crm-7', fub_id: null },
        email: 'michael@example.com',
      },
      number: { name: 'Front desk', phone_number: '+15705550100' },
      ...{ lead_attempt: 1, agent_attempt: 1, recording_url: null, transcript: null },
      ...{ response_time: null, seconds: 37, date: 'Jan 29, 2026', time: '18:02:05' },
      datetime: '2026-01-29T18:02:05-03:00',
    },
  ]);
});

test('only the calls of that team are told, whatever their direction and end', async () => {
  const { ctx } = bench;
  const other = await teams.create(ctx, { name: 'Other', callbackUrl: `${bench.receiver.url}/other` });
  await setUrl(bench.receiver.url);
  const inbound = await callOfTeam({ direction: 'inbound' });
  const missed = await bench.makeCall(
    await bench.createLead(),
    { teamId: bench.team.id },
    { status: 'missed' },
  );
  await callOfTeam({ teamId: other.id });
  await callOfTeam({ teamId: null });
  await bench.run();
  const toldAt = (path: string) =>
    bench.receiver.received.filter((one) => one.path === path).map(({ body }) => JSON.parse(body).id);
  expect(toldAt('/hook').toSorted()).toEqual([inbound.number, missed.number].toSorted());
  expect(toldAt('/hook/other')).toHaveLength(1);
});

test('it is a webhook of the team: signed, tried again, in the log of deliveries', async () => {
  await setUrl(bench.receiver.url);
  bench.receiver.answer = () => ({ status: 503 });
  await callOfTeam();
  await bench.told();
  bench.receiver.answer = () => ({ status: 200 });
  bench.clock.advance(5000);
  await bench.told();
  const [webhook] = await callbacks();
  expect(webhook).toMatchObject({
    ...{ name: 'Team callback', url: bench.receiver.url, teamId: bench.team.id, format: 'team-callback' },
    ...{ events: ['call.completed'], filters: { teamId: bench.team.id }, isActive: true },
  });
  const [delivery, ...more] = await bench.deliveries({ webhookId: { eq: webhook?.id as string } });
  expect(more).toEqual([]);
  expect(delivery).toMatchObject({ event: 'call.completed', status: 'delivered', attemptCount: 2 });
  expect((await bench.attempts(delivery?.id as string)).map(({ statusCode }) => statusCode)).toEqual([
    ...[503, 200],
  ]);
  expect(bench.receiver.received[1]?.headers['webhook-signature']).toMatch(/^v1,\S+ v1a,\S+$/);
});

test('it goes where the team says, and ends with the address or with the team', async () => {
  const { ctx, team } = bench;
  await setUrl('https://example.com/old');
  await setUrl(bench.receiver.url);
  await teams.update(ctx, team.id, { name: 'Renamed' });
  const call = await callOfTeam();
  expect((await bench.told()).map(({ id }) => id)).toEqual([call.number]);
  expect(await callbacks()).toHaveLength(1);

  await callOfTeam();
  await bench.relayAll();
  await setUrl(null);
  await callOfTeam();
  expect(await bench.told()).toEqual([]);
  expect(await callbacks()).toEqual([]);
  expect((await bench.deliveries()).map(({ status }) => status)).toEqual(['delivered', 'cancelled']);

  await setUrl(bench.receiver.url);
  await teams.delete(ctx, team.id);
  expect(await callbacks()).toEqual([]);
  expect(await eventNamesOf(bench.account, 'webhook')).toEqual([
    ...['webhook.created', 'webhook.updated', 'webhook.deleted', 'webhook.created', 'webhook.deleted'],
  ]);
});

test('one that was disabled is started anew by saying the address again', async () => {
  await setUrl(bench.receiver.url);
  bench.receiver.answer = () => ({ status: 410 });
  await callOfTeam();
  await bench.told();
  expect(await callbacks()).toMatchObject([{ isActive: false, disabledReason: expect.any(String) }]);
  bench.receiver.answer = () => ({ status: 200 });
  await setUrl(bench.receiver.url);
  expect(await callbacks()).toMatchObject([{ isActive: true, disabledReason: null, disabledAt: null }]);
  const call = await callOfTeam();
  expect((await bench.told()).map(({ id }) => id)).toEqual([call.number]);
});

test('it is changed at the team alone; only switching it off and on, and new secrets, are its own', async () => {
  const { ctx } = bench;
  await setUrl(bench.receiver.url);
  const [{ id }] = (await callbacks()) as [Webhook];
  const ofTeam = {
    code: 'CONFLICT',
    message: 'This webhook belongs to a team: change the callbackUrl of the team.',
  };
  await withoutChange(bench.account, async () => {
    await expect(webhooks.update(ctx, id, { url: 'https://example.com/' })).rejects.toMatchObject(ofTeam);
    await expect(webhooks.update(ctx, id, { isActive: false, name: 'x' })).rejects.toMatchObject(ofTeam);
    await expect(webhooks.delete(ctx, id)).rejects.toMatchObject(ofTeam);
    expect(await webhookRecords.list(ctx, CALLINGLY_FORMAT)).toEqual([]);
  });
  expect(await webhooks.update(ctx, id, { isActive: false })).toMatchObject({ isActive: false });
  expect(await webhooks.update(ctx, id, { isActive: true })).toMatchObject({ isActive: true });
  expect(await webhooks.rotateSecret(ctx, id)).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
});

test.each([
  ['https://user:pw@example.com/', 'Callback url must not hold a user name or a password.'],
  ['https://example.com/#a', 'Callback url must not have a fragment (#…).'],
])('the address %s is refused', async (callbackUrl, message) => {
  const refused = { code: 'INVALID', message, fields: { callbackUrl: [message] } };
  await withoutChange(bench.account, async () => {
    await expect(setUrl(callbackUrl)).rejects.toMatchObject(refused);
    await expect(teams.create(bench.ctx, { name: 'New', callbackUrl })).rejects.toMatchObject(refused);
  });
});

test('private addresses are refused when they are sent to', async () => {
  await setUrl('http://10.1.2.3/');
  await callOfTeam();
  await bench.run();
  const [delivery] = await bench.deliveries();
  expect(await bench.attempts(delivery?.id as string)).toMatchObject([
    { error: '10.1.2.3 is refused: 10.1.2.3 is not a public address (private).' },
  ]);
});

test('a key that may not read what is told gives no address, and no webhook in such a form', async () => {
  const signIn = new Authenticator({
    ...{ store: await testStore(), vault: testVault, now: bench.clock.now },
    rateLimiter: new MemoryRateLimiter(() => bench.clock.at.getTime()),
  });
  const ctxWith = async (...scopes: string[]) =>
    signIn.signIn({ key: await issueKey(bench.account, scopes), requestId: 'test' });
  const receiver = await Receiver.start();
  const lacks = (scope: string) => ({ code: 'FORBIDDEN', message: `This key lacks the scope ${scope}.` });
  const writer = await ctxWith('teams:write', 'webhooks:write');
  const reader = await ctxWith('teams:write', 'webhooks:write', 'calls:read', 'leads:read', 'tags:read');
  const input = { name: 'x', url: receiver.url, events: ['call.completed'], format: 'callingly' };
  await withoutChange(bench.account, async () => {
    const give = { callbackUrl: receiver.url };
    await expect(teams.update(writer, bench.team.id, give)).rejects.toMatchObject(lacks('calls:read'));
    await expect(teams.update(reader, bench.team.id, give)).rejects.toMatchObject(lacks('notes:read'));
    await expect(webhooks.create(reader, input)).rejects.toMatchObject(lacks('notes:read'));
  });
  const whole = await ctxWith(...['teams:write', 'calls:read', 'leads:read', 'tags:read', 'notes:read']);
  await expect(teams.update(whole, bench.team.id, { callbackUrl: receiver.url })).resolves.toBeDefined();
});
