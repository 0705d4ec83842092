import { accounts } from '../../../src/domain/account/account.service';
import { agents } from '../../../src/domain/agent/agent.service';
import type { Context } from '../../../src/domain/context';
import type { PhoneNumber } from '../../../src/domain/phone-number/phone-number.entity';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import type { Team } from '../../../src/domain/team/team.entity';
import { teams } from '../../../src/domain/team/team.service';
import { webhooks } from '../../../src/domain/webhook/webhook.service';
import { issueKey } from '../../support/account';
import { eventNamesOf, withoutChange } from '../../support/account-state';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';
import { createWebhook, MINE, storedWebhook } from './sample-webhooks';

let client: CallinglyClient;
let ctx: Context;
let team: Team;
let number: PhoneNumber;

beforeEach(async () => {
  client = await CallinglyClient.open();
  ctx = client.ctx;
  team = await teams.create(ctx, { name: 'Main Team' });
  number = await phoneNumbers.create(ctx, { phone: '+14805550199' });
});

const LEADS = { ...MINE, event: 'lead_updated' };

/** A webhook without conditions, as it is answered. */
const unconditional = (id: number) => ({
  ...{ id, account_id: ctx.account.number, ...MINE, direction: null, call_direction: null },
  ...{ call_status: null, call_lead_status: null, team_id: null, number_id: null, field: null, filter: null },
});

describe('Create a Webhook', () => {
  test('answers it, and keeps it as a webhook of all doors', async () => {
    const { status, body } = await client.post('/webhooks', { ...MINE, team_id: team.number });
    expect({ status, body }).toEqual({
      ...{ status: 200, body: { ...unconditional(body.id), team_id: team.number } },
    });
    expect(await storedWebhook(ctx, body.id)).toEqual({
      ...{ name: 'My Webhook', url: 'http://example.com/', events: ['call.completed'] },
      ...{ filters: { outboundTeamId: team.id }, format: 'callingly' },
    });
    expect(await eventNamesOf(client.account, 'webhook')).toEqual(['webhook.created']);
    expect(await client.get(`/webhooks/${body.id}`)).toEqual({ status, body });
  });

  test.each<[object, object]>([
    [{}, {}],
    [{ call_status: null, call_lead_status: '', team_id: null, number_id: '', field: null, filter: '' }, {}],
    [{ call_direction: 'outbound' }, { callDirection: 'outbound' }],
    [{ call_direction: 'inbound', direction: 'outbound' }, { callDirection: 'inbound' }],
    [{ call_status: 'missed' }, { callStatus: 'missed' }],
    [{ call_lead_status: 'voicemail' }, { leadStatus: 'voicemail' }],
  ])('for calls with %j', async (conditions, filters) => {
    const body = await createWebhook(client, conditions);
    const { callDirection = null, callStatus = null, leadStatus = null } = filters as Record<string, string>;
    expect(body).toEqual({
      ...{ ...unconditional(body.id), direction: callDirection, call_direction: callDirection },
      ...{ call_status: callStatus, call_lead_status: leadStatus },
    });
    expect((await storedWebhook(ctx, body.id)).filters).toEqual(filters);
  });

  test('for outbound calls of a team and inbound ones to a number', async () => {
    const conditions = { team_id: String(team.number), number_id: number.number };
    const body = await createWebhook(client, conditions);
    expect(body).toEqual({
      ...{ ...unconditional(body.id), team_id: team.number, number_id: number.number },
    });
    expect((await storedWebhook(ctx, body.id)).filters).toEqual({
      ...{ outboundTeamId: team.id, inboundPhoneNumberId: number.id },
    });
  });

  test.each<[object, object]>([
    [
      { field: 'status', filter: 'called' },
      { field: 'status', value: 'called' },
    ],
    [{ field: 'tags' }, { field: 'tagNames' }],
    [
      { field: 'stage', filter: 7 },
      { field: 'stage', value: '7' },
    ],
    [{ field: 'fname', filter: ' ' }, { field: 'firstName' }],
  ])('for leads with %j', async (conditions, filters) => {
    const body = await createWebhook(client, { ...LEADS, ...conditions });
    const { field, filter = null } = conditions as { field: string; filter?: unknown };
    expect(body).toEqual({
      ...{ ...unconditional(body.id), event: 'lead_updated', field },
      filter: filter === ' ' ? null : filter && String(filter),
    });
    expect((await storedWebhook(ctx, body.id)).filters).toEqual(filters);
  });

  test('for leads of a team whose owner becomes an agent', async () => {
    const agent = await agents.create(ctx, { firstName: 'Ann' });
    const conditions = { field: 'lead_owner', filter: String(agent.number), team_id: team.number };
    const body = await createWebhook(client, { ...LEADS, event: 'lead_created', ...conditions });
    expect(body).toEqual({ ...unconditional(body.id), event: 'lead_created', ...conditions });
    expect((await storedWebhook(ctx, body.id)).filters).toEqual({
      field: 'ownerId',
      value: agent.id,
      teamId: team.id,
    });
  });

  test.each<[object, string, string]>([
    [{ name: undefined }, 'name', 'The name field is required.'],
    [{ name: ' ' }, 'name', 'The name field is required.'],
    [{ name: 'x'.repeat(101) }, 'name', 'The name must be a text of at most 100 characters.'],
    [{ event: undefined }, 'event', 'The event field is required.'],
    [
      { event: 'call_started' },
      'event',
      'The event must be one of: call_completed, lead_created, lead_updated.',
    ],
    [{ target_url: undefined }, 'target_url', 'The target_url field is required.'],
    [{ target_url: 'example.com' }, 'target_url', 'The target_url must be an http or https address.'],
    [{ target_url: 'ftp://example.com' }, 'target_url', 'The target_url must be an http or https address.'],
    [{ target_url: 'https://a:b@example.com' }, 'target_url', 'Url must not hold a user name or a password.'],
    [
      { call_direction: 'up' },
      'call_direction',
      'The call_direction must be empty or one of: outbound, inbound.',
    ],
    [
      { call_status: 'ringing' },
      'call_status',
      'The call_status must be empty or one of: completed, missed, offline.',
    ],
    [
      { call_lead_status: 'called' },
      'call_lead_status',
      'The call_lead_status must be empty or one of: contacted, voicemail, missed, removed.',
    ],
    [{ team_id: 'main' }, 'team_id', 'The team_id must be empty or the id of a record.'],
    [{ number_id: [1] }, 'number_id', 'The number_id must be empty or the id of a record.'],
    [{ field: 'status' }, 'field', 'The field is no condition of the event call_completed.'],
    [{ filter: 'called' }, 'filter', 'The filter is no condition of the event call_completed.'],
    [
      { ...LEADS, call_status: 'missed' },
      'call_status',
      'The call_status is no condition of the event lead_updated.',
    ],
    [
      { ...LEADS, direction: 'inbound' },
      'call_direction',
      'The call_direction is no condition of the event lead_updated.',
    ],
    [
      { ...LEADS, call_lead_status: 'missed' },
      'call_lead_status',
      'The call_lead_status is no condition of the event lead_updated.',
    ],
    [{ ...LEADS, filter: 'called' }, 'filter', 'The filter needs the field beside it.'],
  ])('with %j is refused', async (change, field, message) => {
    const answer = await withoutChange(client.account, () =>
      client.post('/webhooks', { ...MINE, ...change }),
    );
    expect(answer).toEqual(unprocessable(field, message));
  });

  test('with a condition of calls in the other direction is refused', async () => {
    await withoutChange(client.account, async () => {
      const inbound = { ...MINE, call_direction: 'inbound', team_id: team.number };
      expect(await client.post('/webhooks', inbound)).toEqual(
        unprocessable('team_id', 'The team_id is a condition of outbound calls only.'),
      );
      const outbound = { ...MINE, call_direction: 'outbound', number_id: number.number };
      expect(await client.post('/webhooks', outbound)).toEqual(
        unprocessable('number_id', 'The number_id is a condition of inbound calls only.'),
      );
    });
  });

  test('all that is wrong is told at once', async () => {
    expect(await client.post('/webhooks', { team_id: 'x' })).toEqual(
      refused(422, 'The name field is required.', {
        ...{ name: ['The name field is required.'], event: ['The event field is required.'] },
        ...{ target_url: ['The target_url field is required.'] },
        team_id: ['The team_id must be empty or the id of a record.'],
      }),
    );
  });

  test.each(['team_id', 'number_id'])(
    'with a %s that is unknown or of another account is refused',
    async (name) => {
      const stranger = await client.server.openAccount();
      const others = {
        team_id: await teams.create(stranger.ctx, { name: 'Other' }),
        number_id: await phoneNumbers.create(stranger.ctx, { phone: '+14805550198' }),
      };
      for (const id of [others[name as keyof typeof others].number, 99_999_999]) {
        const answer = await withoutChange(client.account, () =>
          client.post('/webhooks', { ...MINE, [name]: id }),
        );
        expect(answer).toEqual(unprocessable(name, `The ${name} is the id of nothing in this account.`));
      }
    },
  );
});

describe('List All Webhooks', () => {
  test('is a list, the newest first', async () => {
    expect(await client.get('/webhooks')).toEqual({ status: 200, body: [] });
    const first = await createWebhook(client, { team_id: team.number });
    const second = await createWebhook(client, { ...LEADS, name: 'My Webhook 2', field: 'status' });
    expect(await client.get('/webhooks')).toEqual({ status: 200, body: [second, first] });
  });

  test('webhooks of other formats are not the vendor’s: they are missing at every path', async () => {
    const { webhook } = await webhooks.create(ctx, {
      ...{ name: 'Native', url: 'http://example.com/', events: ['call.completed'] },
    });
    await withoutChange(client.account, async () => {
      expect(await client.get('/webhooks')).toEqual({ status: 200, body: [] });
      expect(await client.get(`/webhooks/${webhook.number}`)).toEqual(NOT_FOUND);
      expect(await client.put(`/webhooks/${webhook.number}`, { name: 'New' })).toEqual(NOT_FOUND);
      expect(await client.put('/webhooks', { id: webhook.number, name: 'New' })).toEqual(NOT_FOUND);
      expect(await client.delete(`/webhooks/${webhook.number}`)).toEqual(NOT_FOUND);
    });
  });

  test('one that was made in GraphQL in the vendor’s format is there', async () => {
    const { webhook } = await webhooks.create(ctx, {
      ...{ name: 'My Webhook', url: 'http://example.com/', format: 'callingly' },
      ...{ events: ['call.completed'], filters: { callStatus: 'missed' } },
    });
    expect(await client.get('/webhooks')).toEqual({
      ...{ status: 200, body: [{ ...unconditional(webhook.number), call_status: 'missed' }] },
    });
  });
});

describe('Delete a Webhook', () => {
  test('says so, once', async () => {
    const { id } = await createWebhook(client);
    expect(await client.delete(`/webhooks/${id}`)).toEqual({
      ...{ status: 200, body: { message: 'Webhook deleted.' } },
    });
    expect(await client.get('/webhooks')).toEqual({ status: 200, body: [] });
    const again = await withoutChange(client.account, () => client.delete(`/webhooks/${id}`));
    expect(again).toEqual(NOT_FOUND);
  });

  test('of another account is not found', async () => {
    const { id } = await createWebhook(client);
    const stranger = await CallinglyClient.open();
    expect(await withoutChange(client.account, () => stranger.delete(`/webhooks/${id}`))).toEqual(NOT_FOUND);
    expect(await stranger.get(`/webhooks/${id}`)).toEqual(NOT_FOUND);
  });
});

test('account_id acts for a client account, and for no other', async () => {
  const { id, number: account_id } = await accounts.createClient(ctx, { name: 'Client' });
  const { body } = await client.post('/webhooks', { ...MINE, account_id });
  expect(body).toEqual({ ...unconditional(body.id), account_id });
  expect((await client.get('/webhooks')).body).toEqual([]);
  expect(await client.get(`/webhooks?account_id=${account_id}`)).toEqual({ status: 200, body: [body] });
  const named = { id: body.id, name: 'New', account_id: String(account_id) };
  expect((await client.put('/webhooks', named)).body).toEqual({ ...body, name: 'New' });
  const scope = ctx.actingFor(await accounts.clientScope(ctx, id));
  expect(await webhooks.get(scope, body.id)).toMatchObject({ name: 'New', accountId: id });
  const deleted = await client.delete(`/webhooks/${body.id}?account_id=${account_id}`);
  expect(deleted.status).toBe(200);
  const stranger = await CallinglyClient.open();
  await withoutChange(client.account, async () => {
    const refusal = refused(403, 'This key may not act for that account.');
    expect(await stranger.post('/webhooks', { ...MINE, account_id })).toEqual(refusal);
    expect(await stranger.get(`/webhooks?account_id=${account_id}`)).toEqual(refusal);
  });
});

test('a key that may not read what webhooks tell makes none', async () => {
  const key = await issueKey(client.account, ['webhooks:write', 'webhooks:read', 'calls:read']);
  const limited = client.withKey(key);
  const answer = await withoutChange(client.account, () => limited.post('/webhooks', MINE));
  expect(answer).toEqual(refused(403, 'This key lacks the scope leads:read.'));
});
