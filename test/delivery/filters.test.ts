import fc from 'fast-check';
import { ENTITIES } from '../../src/domain/entities';
import { nounOf } from '../../src/domain/entity';
import {
  type ChangeFilters,
  type FilteredEvent,
  filterProblems,
  matchesFilters,
  matchesName,
  nounsOfPatterns,
  patternsProblem,
  wantsEvent,
} from '../../src/domain/webhook/webhook.rules';

const TEAM = '0190a0b0-0000-7000-8000-000000000001';
const OTHER = '0190a0b0-0000-7000-8000-000000000002';

test.each([
  ['lead.created', 'lead.created', true],
  ['lead.created', 'lead.updated', false],
  ['lead.*', 'lead.updated', true],
  ['lead.*', 'lead_note.updated', false],
  ['call.*', 'calendar_event.created', false],
  ['*', 'anything.at_all', true],
])('%s has %s: %s', (pattern, name, is) => expect(matchesName(pattern, name)).toBe(is));

test.each([
  [['lead.created', 'calendar_event.*', 'phone_number.deleted', '*'], undefined],
  [[], 'Events must name at least one event.'],
  [['lead'], 'Events: lead is no event. Write one like lead.created, all of a noun like lead.*, or *.'],
  [
    ['leads.created'],
    'Events: leads.created is no event. Write one like lead.created, all of a noun like lead.*, or *.',
  ],
  [
    ['lead.Created'],
    'Events: lead.Created is no event. Write one like lead.created, all of a noun like lead.*, or *.',
  ],
  [
    ['integration.created'],
    'Events: integration.created is no event. There are integration.connected, integration.updated, integration.disconnected.',
  ],
  [['webhook_delivery.retried', 'webhook_delivery.*', 'support_case.woken', 'agent.password_set'], undefined],
  [
    ['webhook_attempt.*'],
    'Events: webhook_attempt.* is no event. Write one like lead.created, all of a noun like lead.*, or *.',
  ],
  [
    ['webhook_attempt.created'],
    'Events: webhook_attempt.created is no event. Write one like lead.created, all of a noun like lead.*, or *.',
  ],
  [['tag.creatd'], 'Events: tag.creatd is no event. There are tag.created, tag.updated, tag.deleted.'],
  [
    ['tag.constructor'],
    'Events: tag.constructor is no event. There are tag.created, tag.updated, tag.deleted.',
  ],
  [['lead.**'], 'Events: lead.** is no event. Write one like lead.created, all of a noun like lead.*, or *.'],
])('patterns %j: %s', (patterns, problem) => expect(patternsProblem(patterns)).toBe(problem));

test('a pattern stands for the nouns that it names, and * for all', () => {
  expect(nounsOfPatterns(['lead.created', 'api_key.*']).map(({ plural }) => plural)).toEqual([
    'leads',
    'apiKeys',
  ]);
  expect(nounsOfPatterns(['lead.created', '*'])).toEqual(
    ENTITIES.map(nounOf).toSorted(byOrderOf(nounsOfPatterns(['*']))),
  );
});

const byOrderOf =
  <T>(order: T[]) =>
  (a: T, b: T) =>
    order.indexOf(a) - order.indexOf(b);

const call = (payload: object, changes = {}): FilteredEvent => ({
  ...{ name: 'call.updated', subject: 'call', changes },
  payload: { direction: 'inbound', status: 'completed', result: 'contacted', teamId: TEAM, ...payload },
});
const lead = (name: string, payload: object, changes = {}): FilteredEvent => ({
  ...{ name: `lead.${name}`, subject: 'lead', changes },
  payload: payload as Record<string, unknown>,
});

const stageWon = { stage: { old: 'new', new: 'won' } };

test.each<[string, ChangeFilters, FilteredEvent, boolean]>([
  ['no filters', {}, call({}), true],
  ['direction', { callDirection: 'inbound' }, call({}), true],
  ['other direction', { callDirection: 'outbound' }, call({}), false],
  ['status', { callStatus: 'completed' }, call({}), true],
  [
    'status of a call, asked of a lead',
    { callStatus: 'completed' },
    lead('updated', { status: 'completed' }),
    false,
  ],
  ['lead status of a call', { leadStatus: 'contacted' }, call({}), true],
  ['lead status of a lead', { leadStatus: 'voicemail' }, lead('updated', { result: 'voicemail' }), true],
  ['other lead status', { leadStatus: 'voicemail' }, call({}), false],
  ['team', { teamId: TEAM }, call({}), true],
  ['no team', { teamId: TEAM }, call({ teamId: null }), false],
  ['number', { phoneNumberId: TEAM }, call({ phoneNumberId: TEAM }), true],
  ['other number', { phoneNumberId: TEAM }, call({ phoneNumberId: null }), false],
  ['two that hold', { callDirection: 'inbound', teamId: TEAM }, call({}), true],
  ['one of two', { callDirection: 'inbound', callStatus: 'missed' }, call({}), false],
  ['field that changed', { field: 'stage' }, lead('updated', {}, stageWon), true],
  ['field that did not', { field: 'status' }, lead('updated', { status: 'x' }, stageWon), false],
  ['field and value', { field: 'stage', value: 'won' }, lead('updated', {}, stageWon), true],
  ['field and old value', { field: 'stage', value: 'new' }, lead('updated', {}, stageWon), false],
  ['out by the team', { outboundTeamId: TEAM }, call({ direction: 'outbound' }), true],
  ['in by the team', { outboundTeamId: TEAM }, call({}), false],
  ['out by another team', { outboundTeamId: TEAM }, call({ direction: 'outbound', teamId: null }), false],
  ['in to the number', { inboundPhoneNumberId: TEAM }, call({ phoneNumberId: TEAM }), true],
  ['in to another number', { inboundPhoneNumberId: TEAM }, call({ phoneNumberId: null }), false],
  [
    'one of both ways',
    { outboundTeamId: OTHER, inboundPhoneNumberId: TEAM },
    call({ phoneNumberId: TEAM }),
    true,
  ],
  [
    'neither way',
    { outboundTeamId: TEAM, inboundPhoneNumberId: TEAM },
    call({ phoneNumberId: OTHER }),
    false,
  ],
  ['ways of calls, asked of a lead', { outboundTeamId: TEAM }, lead('updated', {}), true],
  ['field that comes empty', { field: 'stage' }, lead('created', { stage: null }), false],
  ['list that comes empty', { field: 'tagNames' }, lead('created', { tagNames: [] }), false],
  ['field that a new one comes with', { field: 'isStopped' }, lead('created', { isStopped: false }), true],
  ['field of a new one', { field: 'stage', value: 'new' }, lead('created', { stage: 'new' }), true],
  ['field that a new one has not', { field: 'stage', value: 'new' }, lead('created', { stage: null }), false],
  ['field of one that goes', { field: 'stage', value: 'won' }, lead('deleted', { stage: 'won' }), false],
  [
    'emptied',
    { field: 'stage', value: null },
    lead('updated', {}, { stage: { old: 'won', new: null } }),
    true,
  ],
  [
    'the word null',
    { field: 'stage', value: 'null' },
    lead('updated', {}, { stage: { old: 'x', new: null } }),
    false,
  ],
  [
    'true',
    { field: 'isStopped', value: true },
    lead('updated', {}, { isStopped: { old: false, new: true } }),
    true,
  ],
  [
    'tag added',
    { field: 'tagNames', value: 'vip' },
    lead('updated', {}, { tagNames: { old: ['a'], new: ['a', 'vip'] } }),
    true,
  ],
  [
    'tag kept',
    { field: 'tagNames', value: 'a' },
    lead('updated', {}, { tagNames: { old: ['a'], new: ['a', 'vip'] } }),
    false,
  ],
  ['what every object has', { field: 'constructor' }, lead('updated', {}), false],
  ['tag of a new one', { field: 'tagNames', value: 'vip' }, lead('created', { tagNames: ['vip'] }), true],
])('%s', (_, filters, event, is) => expect(matchesFilters(filters, event)).toBe(is));

test('an event is wanted when its name and all filters are', () => {
  const names = fc.constantFrom('call.updated', 'call.*', '*', 'lead.*');
  const filters = fc.record(
    {
      callDirection: fc.constantFrom('inbound', 'outbound'),
      callStatus: fc.constantFrom('completed', 'missed'),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(names), filters, (events, given) => {
      const isNamed = events.some((name) => name !== 'lead.*');
      const isRight = given.callDirection !== 'outbound' && given.callStatus !== 'missed';
      expect(wantsEvent({ events, filters: given }, call({}))).toBe(isNamed && isRight);
    }),
  );
});

test.each([
  [
    {
      callDirection: 'inbound',
      callStatus: 'missed',
      leadStatus: 'removed',
      teamId: TEAM,
      field: 'stage',
      value: 'x',
    },
    {},
  ],
  [
    { callDirection: 'up' },
    { 'filters.callDirection': ['The filter callDirection must be one of outbound, inbound.'] },
  ],
  [{ teamId: 12, phoneNumberId: 3, outboundTeamId: TEAM, inboundPhoneNumberId: 4 }, {}],
  [{ outboundTeamId: 'x' }, { 'filters.outboundTeamId': ['The filter outboundTeamId must be an id.'] }],
  [{ callDirection: 'inbound', outboundTeamId: TEAM, inboundPhoneNumberId: TEAM }, {}],
  [{ callDirection: 'outbound', outboundTeamId: TEAM }, {}],
  [
    { callDirection: 'outbound', inboundPhoneNumberId: TEAM },
    {
      'filters.inboundPhoneNumberId': [
        'The filter inboundPhoneNumberId is for inbound calls, not for those of callDirection.',
      ],
    },
  ],
  [{ teamId: 'x' }, { 'filters.teamId': ['The filter teamId must be an id.'] }],
  [
    { leadStatus: 1 },
    { 'filters.leadStatus': ['The filter leadStatus must be a text of at most 255 characters.'] },
  ],
  [{ value: 'x' }, { 'filters.value': ['The filter value needs the filter field beside it.'] }],
  [{ field: 'a-b' }, { 'filters.field': ['The filter field must be the name of a field.'] }],
  [
    { field: 'stage', value: ['x'] },
    { 'filters.value': ['The filter value must be a text, a number, true, false or null.'] },
  ],
  [
    { constructor: 1 },
    {
      'filters.constructor': [
        'The filter constructor is not known; filters are callDirection, callStatus, leadStatus, teamId, phoneNumberId, outboundTeamId, inboundPhoneNumberId, field, value.',
      ],
    },
  ],
])('filters %j have the problems %j', (filters, problems) =>
  expect(filterProblems(filters)).toEqual(problems),
);
