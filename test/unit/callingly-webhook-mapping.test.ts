import fc from 'fast-check';
import type { ChangeFilters } from '../../src/domain/webhook/webhook.rules';
import type { WebhookRecord } from '../../src/domain/webhook/webhook-record';
import {
  type GivenWebhook,
  WEBHOOK_WIRE_NAMES,
  webhookInput,
  webhookRow,
} from '../../src/rest/dialects/callingly/webhook.mapping';
import { UPDATED_WORDS } from '../../src/rest/dialects/callingly/webhook-fields';

const idOf = (number: number) => `0190a0b0-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** The webhook as the store would keep it: numbers become ids. */
function stored(
  { filters = {}, ...input }: ReturnType<typeof webhookInput>,
  before?: WebhookRecord,
): WebhookRecord {
  const kept = Object.entries(filters).map(([name, value]) => [
    name,
    typeof value === 'number' ? idOf(value) : value,
  ]);
  const numberById = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [idOf(at), at]));
  const row = { number: 1122, filters: Object.fromEntries(kept) as ChangeFilters, numberById };
  return { ...before, ...input, ...row } as WebhookRecord;
}

const account = { number: 1 };
const FULL = { name: 'My Webhook', target_url: 'http://example.com/' } as const;
const EMPTY_ROW = {
  ...{ id: 1122, account_id: 1, ...FULL, direction: null, call_direction: null, call_status: null },
  ...{ call_lead_status: null, team_id: null, number_id: null, field: null, filter: null },
};

test.each<[GivenWebhook, object]>([
  [{ event: 'call_completed' }, { events: ['call.completed'], filters: {} }],
  [
    {
      ...{ event: 'call_completed', call_direction: 'outbound', call_status: 'completed' },
      ...{ call_lead_status: 'contacted', team_id: 7, number_id: 8 },
    },
    {
      events: ['call.completed'],
      filters: {
        ...{ callDirection: 'outbound', callStatus: 'completed', leadStatus: 'contacted' },
        ...{ outboundTeamId: 7, inboundPhoneNumberId: 8 },
      },
    },
  ],
  [
    { event: 'lead_updated', team_id: 7, number_id: 8, field: 'stage', filter: 'called' },
    {
      events: ['lead.updated'],
      filters: { teamId: 7, inboundPhoneNumberId: 8, field: 'stage', value: 'called' },
    },
  ],
  [
    { event: 'lead_created', field: 'lead_owner', filter: '12' },
    { events: ['lead.created'], filters: { field: 'ownerId', value: 12 } },
  ],
  [
    { event: 'lead_updated', field: 'is_stopped', filter: '1' },
    { events: ['lead.updated'], filters: { field: 'isStopped', value: true } },
  ],
  [
    { event: 'lead_updated', field: 'tags', filter: '12' },
    { events: ['lead.updated'], filters: { field: 'tagNames', value: '12' } },
  ],
  [
    { event: 'lead_updated', field: 'note', filter: null },
    { events: ['lead.updated'], filters: { field: 'note' } },
  ],
  [
    { event: 'lead_updated', call_status: 'missed', call_direction: 'inbound', field: '', filter: '' },
    { events: ['lead.updated'], filters: {} },
  ],
  [
    { event: 'call_completed', field: 'stage', filter: 'x', call_status: '' },
    { events: ['call.completed'], filters: {} },
  ],
])('%j becomes %j', (given, input) => {
  expect(webhookInput({ ...FULL, ...given })).toEqual({
    name: 'My Webhook',
    url: 'http://example.com/',
    ...input,
  });
});

test('what is given is what is shown', () => {
  const words = fc.constantFrom(null, 'a', 'b');
  const numbers = fc.constantFrom(null, 3, 5);
  const call = fc.record({
    ...{ event: fc.constant('call_completed' as const), call_status: words, call_lead_status: words },
    ...{ call_direction: fc.constantFrom(null, 'inbound', 'outbound'), team_id: numbers, number_id: numbers },
  });
  const plain = UPDATED_WORDS.filter(
    (word) => !['team', 'is_stopped', 'is_blocked', 'lead_owner'].includes(word),
  );
  const lead = fc
    .record({
      event: fc.constantFrom('lead_created' as const, 'lead_updated' as const),
      ...{ team_id: numbers, number_id: numbers },
      condition: fc.oneof(
        fc.constant({ field: null, filter: null }),
        fc.record({ field: fc.constantFrom(...plain), filter: fc.constantFrom(null, 'x', '7') }),
        fc.record({ field: fc.constant('lead_owner' as const), filter: fc.constantFrom(null, '7') }),
        fc.record({ field: fc.constant('is_stopped' as const), filter: fc.constantFrom(null, '1', '0') }),
      ),
    })
    .map(({ condition, ...rest }) => ({ ...rest, ...condition }));
  fc.assert(
    fc.property(fc.oneof(call, lead), (given) => {
      const direction = 'call_direction' in given ? given.call_direction : null;
      expect(webhookRow(stored(webhookInput({ ...FULL, ...given })), account)).toEqual({
        ...EMPTY_ROW,
        ...given,
        direction,
      });
    }),
  );
});

describe('a change', () => {
  const current = stored(
    webhookInput({ ...FULL, event: 'lead_updated', team_id: 3, field: 'stage', filter: 'called' }),
  );
  const changed = (given: GivenWebhook) => webhookRow(stored(webhookInput(given, current), current), account);
  const row = { ...EMPTY_ROW, event: 'lead_updated', team_id: 3, field: 'stage', filter: 'called' };

  test('of the name or the address says nothing of events and conditions', () => {
    expect(webhookInput({ target_url: 'http://example.com/new_url' }, current)).toEqual({
      url: 'http://example.com/new_url',
    });
    expect(webhookInput({}, current)).toEqual({});
  });

  test('of one condition leaves the others', () => {
    expect(changed({ number_id: 1 })).toEqual({ ...row, number_id: 1 });
    expect(changed({ team_id: null })).toEqual({ ...row, team_id: null });
    expect(changed({ filter: 'won' })).toEqual({ ...row, filter: 'won' });
    expect(changed({ filter: null })).toEqual({ ...row, filter: null });
    expect(changed({ field: 'stage' })).toEqual(row);
  });

  test('of the field forgets the value of the old one', () => {
    expect(changed({ field: 'status' })).toEqual({ ...row, field: 'status', filter: null });
    expect(changed({ field: 'status', filter: 'x' })).toEqual({ ...row, field: 'status', filter: 'x' });
    expect(changed({ field: null })).toEqual({ ...row, field: null, filter: null });
  });

  test('of the event keeps the team, and forgets what the new event does not know', () => {
    expect(changed({ event: 'call_completed' })).toEqual({
      ...EMPTY_ROW,
      ...{ event: 'call_completed', team_id: 3 },
    });
  });
});

test('a webhook that was made in other terms is shown as near as it goes, and keeps its own conditions', () => {
  const made = stored({
    ...{ name: 'x', url: 'http://example.com/', events: ['lead.*'] },
    filters: { phoneNumberId: 'p', field: 'location' },
  });
  expect(webhookRow(made, account)).toEqual({
    ...{ ...EMPTY_ROW, name: 'x', event: 'lead_created', field: 'location' },
  });
  expect(webhookInput({ team_id: 4 }, made)).toEqual({
    filters: { phoneNumberId: 'p', field: 'location', teamId: 4 },
  });
  expect(webhookRow({ ...made, events: ['tag.created'] }, account).event).toBe('tag_created');
});

test('what the domain refuses is named as on the wire', () => {
  expect([...WEBHOOK_WIRE_NAMES]).toEqual([
    ...[['name', 'name'] as const, ['events', 'event'] as const, ['url', 'target_url'] as const],
    ...[
      ['filters.callDirection', 'call_direction'] as const,
      ['filters.callStatus', 'call_status'] as const,
      ['filters.leadStatus', 'call_lead_status'] as const,
      ['filters.outboundTeamId', 'team_id'] as const,
      ['filters.inboundPhoneNumberId', 'number_id'] as const,
      ['filters.teamId', 'team_id'] as const,
      ['filters.field', 'field'] as const,
      ['filters.value', 'filter'] as const,
    ],
  ]);
});
