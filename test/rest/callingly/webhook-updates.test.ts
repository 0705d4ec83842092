import type { Context } from '../../../src/domain/context';
import type { PhoneNumber } from '../../../src/domain/phone-number/phone-number.entity';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import type { Team } from '../../../src/domain/team/team.entity';
import { teams } from '../../../src/domain/team/team.service';
import { webhooks } from '../../../src/domain/webhook/webhook.service';
import { eventsOf, withoutChange } from '../../support/account-state';
import { CallinglyClient, NOT_FOUND, unprocessable } from './callingly-client';
import { createWebhook, storedWebhook } from './sample-webhooks';

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

describe('Update a Webhook', () => {
  const PATHS: [string, (id: number) => string, (id: number) => object][] = [
    ['the id in the path', (id) => `/webhooks/${id}`, () => ({})],
    ['the id in the path and another in the body', (id) => `/webhooks/${id}`, (id) => ({ id: id + 1 })],
    ['the id in the body', () => '/webhooks', (id) => ({ id })],
    ['the id in the body as a text', () => '/webhooks', (id) => ({ id: String(id) })],
  ];

  describe.each(PATHS)('with %s', (_, pathFor, bodyFor) => {
    const put = (id: number, change: object) => client.put(pathFor(id), { ...bodyFor(id), ...change });

    test('changes only what is given', async () => {
      const made = await createWebhook(client, { team_id: team.number });
      const change = { target_url: 'http://example.com/new_url', number_id: number.number };
      const changed = { ...made, ...change };
      expect(await put(made.id, change)).toEqual({ status: 200, body: changed });
      expect(await client.get(`/webhooks/${made.id}`)).toEqual({ status: 200, body: changed });
      const [, update] = await eventsOf(client.account, 'webhook');
      expect(update?.changes).toEqual({
        url: { old: 'http://example.com/', new: 'http://example.com/new_url' },
        filters: {
          old: { outboundTeamId: team.id },
          new: { outboundTeamId: team.id, inboundPhoneNumberId: number.id },
        },
      });
    });

    test('that is as it was changes nothing', async () => {
      const made = await createWebhook(client, { team_id: team.number, call_status: 'missed' });
      await withoutChange(client.account, async () => {
        const { id, ...row } = made;
        for (const change of [{}, row]) expect(await put(id, change)).toEqual({ status: 200, body: made });
      });
    });

    test('takes conditions away by null, and leaves those that are not given', async () => {
      const made = await createWebhook(client, { call_status: 'missed', call_lead_status: 'voicemail' });
      const changed = { ...made, call_status: null };
      expect(await put(made.id, { call_status: null })).toEqual({ status: 200, body: changed });
      expect(await put(made.id, { call_lead_status: '' })).toEqual({
        ...{ status: 200, body: { ...changed, call_lead_status: null } },
      });
    });

    test('to another event leaves the conditions behind that it does not have', async () => {
      const made = await createWebhook(client, { call_status: 'missed', team_id: team.number });
      const change = { event: 'lead_updated', field: 'stage' };
      expect(await put(made.id, change)).toEqual({
        ...{ status: 200, body: { ...made, ...change, call_status: null } },
      });
      expect(await storedWebhook(ctx, made.id)).toMatchObject({
        ...{ events: ['lead.updated'], filters: { field: 'stage', teamId: team.id } },
      });
    });

    test.each<[object, string, string]>([
      [{ name: null }, 'name', 'The name field is required.'],
      [{ target_url: '' }, 'target_url', 'The target_url field is required.'],
      [{ event: 'x' }, 'event', 'The event must be one of: call_completed, lead_created, lead_updated.'],
      [{ field: 'stage' }, 'field', 'The field is no condition of the event call_completed.'],
      [
        { event: 'lead_created', call_status: 'missed' },
        ...(['call_status', 'The call_status is no condition of the event lead_created.'] as const),
      ],
      [{ call_direction: 'inbound' }, 'team_id', 'The team_id is a condition of outbound calls only.'],
    ])('by %j is refused', async (change, field, message) => {
      const { id } = await createWebhook(client, { team_id: team.number });
      const answer = await withoutChange(client.account, () =>
        put(id, { target_url: 'http://example.com/new', ...change }),
      );
      expect(answer).toEqual(unprocessable(field, message));
    });

    test('that is unknown or of another account is not found', async () => {
      const stranger = await CallinglyClient.open();
      const { webhook } = await webhooks.create(stranger.ctx, {
        ...{ name: 'Theirs', url: 'http://example.com/', events: ['call.completed'], format: 'callingly' },
      });
      await withoutChange(stranger.account, () =>
        withoutChange(client.account, async () => {
          for (const id of [webhook.number, 99_999_998])
            expect(await put(id, { name: 'Mine' })).toEqual(NOT_FOUND);
        }),
      );
    });
  });

  test.each([{}, { id: null }, { id: 'x' }])(
    'without an id in the path needs it in the body, not %j',
    async (id) => {
      const message = 'The id field is required: give the id of a webhook.';
      const answer = await withoutChange(client.account, () =>
        client.put('/webhooks', { name: 'New', ...id }),
      );
      expect(answer).toEqual(unprocessable('id', message));
    },
  );
});
