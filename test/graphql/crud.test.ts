import { getNamedType, isLeafType, isObjectType } from 'graphql';
import { capitalize } from '../../src/domain/text';
import { buildApiSchema } from '../../src/graphql/schema';
import { openTestAccount, type TestAccount } from '../support/account';
import { Door } from './door';

type Values = Record<string, unknown>;

/** Rows that others refer to, by what they are. */
type Known = Record<
  'leadId' | 'teamId' | 'agentId' | 'callId' | 'feedId' | 'otherAgentId' | 'audienceId' | 'deskTeamId',
  string
>;

interface Case {
  noun: string;
  plural: string;
  label: string;
  create: (known: Known) => Values;
  /** What the created one has besides what was given. */
  defaults: (known: Known) => Values;
  update: Values;
  /** What else a change brings about. */
  effects?: Values;
}

const ALL_DAY = { isAvailable: true, isAllDay: true, windows: [] };
const ALWAYS = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, ...ALL_DAY }));
const MONDAY = {
  day: 1,
  isAvailable: true,
  isAllDay: false,
  windows: [{ start: '11:00:00', end: '17:30:00' }],
};

const CASES: Case[] = [
  {
    ...{ noun: 'agent', plural: 'agents', label: 'Agent' },
    create: () => ({ firstName: 'Ann', email: 'ann@example.com', phone: '(202) 555-0143' }),
    defaults: () => ({
      ...{ lastName: '', username: null, phone: '+12025550143', phoneExtension: null, timeZone: 'UTC' },
      ...{ schedule: ALWAYS, isDoNotDisturb: false, doNotDisturbUntil: null, priority: 0, customId: null },
      ...{ role: 'AGENT', isActive: true, isAvailable: true, defaultTeamId: null, avatarUrl: null },
    }),
    update: { lastName: 'Lee', role: 'ADMIN', timeZone: 'Europe/Berlin', schedule: [MONDAY], priority: 3 },
    // Eleven in Berlin, on a Monday.
    effects: { isAvailable: true },
  },
  {
    ...{ noun: 'team', plural: 'teams', label: 'Team' },
    create: () => ({ name: 'Sales', callMode: 'ROUND_ROBIN' }),
    defaults: () => ({
      ...{ whisperText: '', postWhisperText: '', language: 'en', delaySeconds: 0, isRecording: false },
      ...{ isSmsEnabled: false, smsBody: '', whisperVoice: '', callbackUrl: null, isRescheduling: false },
      ...{ isRetrying: false, retries: 0, retrySchedule: [] },
      ...{ isRetryingLeads: false, leadRetries: 0, leadRetrySchedule: [] },
      ...{
        isForAllAgents: false,
        replyAddress: null,
        phone: null,
        replyTemplateId: null,
        noteTemplateId: null,
      },
      ...{
        newCaseNoteTemplateId: null,
        feedbackTemplateId: null,
        templateCategory: null,
        staleMinutes: null,
      },
      ...{ staleWarningMinutes: null, feedbackDelayMinutes: 0, feedbackFrequencyDays: 0 },
      ...{ feedbackSamplePercent: 0, footerHtml: '', archivedAt: null },
    }),
    update: {
      name: 'Sales 🚀',
      isRecording: true,
      delaySeconds: 86_400,
      footerHtml: '<hr>',
      staleMinutes: 60,
    },
  },
  {
    ...{ noun: 'teamMember', plural: 'teamMembers', label: 'Team member' },
    create: ({ teamId, otherAgentId }) => ({ teamId, agentId: otherAgentId, priority: 2 }),
    defaults: () => ({ cap: null }),
    update: { cap: 10 },
  },
  {
    ...{ noun: 'feed', plural: 'feeds', label: 'Feed' },
    create: () => ({ name: 'Spring Offers', kind: 'SMS' }),
    defaults: () => ({ slug: 'spring-offers', isDefault: false, description: null }),
    update: { description: 'Those of spring.', slug: 'spring' },
  },
  {
    ...{ noun: 'lead', plural: 'leads', label: 'Lead' },
    create: ({ feedId, agentId }) => ({
      ...{
        name: 'Ann van Dyke',
        phone: '+44 20 7946 0018',
        email: 'a@example.com',
        feedId,
        ownerId: agentId,
      },
      ...{
        customFields: { colour: 'red', size: [1, { deep: null }] },
        scheduledCallAt: '2026-03-05T09:00:00+01:00',
      },
    }),
    defaults: () => ({
      ...{ firstName: 'Ann', lastName: 'van Dyke', phone: '+442079460018', company: null, category: null },
      ...{ location: null, message: null, comments: null, source: null, sourceId: null, crmId: null },
      ...{ teamId: null, assigneeId: null, dialStatus: 'PENDING', callAttempts: 0, lastCalledAt: null },
      ...{ stage: null, status: null, result: null, isStopped: false, isBlocked: false },
      scheduledCallAt: '2026-03-05T08:00:00.000Z',
      slug: expect.stringMatching(/^ann-van-dyke-\d+$/),
    }),
    update: {
      name: 'Bo',
      dialStatus: 'IN_PROGRESS',
      email: null,
      customFields: {},
      message: 'line\nline 🙂',
    },
    effects: { firstName: 'Bo', lastName: '' },
  },
  {
    ...{ noun: 'tag', plural: 'tags', label: 'Tag' },
    create: () => ({ name: 'Hot', scope: 'CASE' }),
    defaults: () => ({ color: null, isHidden: false }),
    update: { name: 'Hotter', color: '#22aa66' },
  },
  {
    ...{ noun: 'note', plural: 'notes', label: 'Note' },
    create: ({ leadId, callId, agentId }) => ({ body: 'Call back.', leadId, callId, authorId: agentId }),
    defaults: () => ({}),
    update: { body: 'Done.' },
  },
  {
    ...{ noun: 'appointment', plural: 'appointments', label: 'Appointment' },
    create: ({ leadId }) => ({ leadId, startsAt: '2026-04-01T10:00:00Z', endsAt: '2026-04-01T10:30:00.5Z' }),
    // The lead’s owner attends when nobody is named.
    defaults: ({ agentId }) => ({
      ...{ agentId, note: null, status: 'PENDING' },
      ...{ startsAt: '2026-04-01T10:00:00.000Z', endsAt: '2026-04-01T10:30:00.500Z' },
    }),
    update: { status: 'CONFIRMED', note: 'By phone.' },
  },
  {
    ...{ noun: 'calendarEvent', plural: 'calendarEvents', label: 'Calendar event' },
    create: () => ({
      ...{
        title: 'Demo',
        startsAt: '2026-04-02T10:00:00Z',
        endsAt: '2026-04-02T11:00:00Z',
        callerPhone: '2025550100',
      },
      attendees: [
        { email: 'a@example.com', displayName: 'A' },
        { email: 'b@example.com', responseStatus: 'ACCEPTED' },
      ],
    }),
    defaults: ({ leadId, callId }) => ({
      ...{
        startsAt: '2026-04-02T10:00:00.000Z',
        endsAt: '2026-04-02T11:00:00.000Z',
        callerPhone: '+12025550100',
      },
      ...{
        description: null,
        isAllDay: false,
        conferencing: 'NONE',
        conferenceUrl: null,
        conferenceId: null,
        conferenceWarning: null,
        confirmationSentAt: null,
      },
      ...{ callerName: null, source: 'LOCAL', leadId, callId },
      attendees: [
        { email: 'a@example.com', displayName: 'A', responseStatus: null },
        { email: 'b@example.com', displayName: null, responseStatus: 'ACCEPTED' },
      ],
    }),
    update: { callerPhone: null, conferencing: 'ZOOM', attendees: [] },
    effects: { leadId: null, callId: null, conferenceWarning: 'ZOOM_NOT_CONNECTED' },
  },
  {
    ...{ noun: 'call', plural: 'calls', label: 'Call' },
    create: ({ leadId, teamId }) => ({
      leadId,
      teamId,
      direction: 'INBOUND',
      startedAt: '2026-03-01T08:00:00Z',
    }),
    defaults: () => ({
      ...{ agentId: null, phoneNumberId: null, status: 'RINGING', result: null, seconds: 0, attempts: 0 },
      ...{ source: null, recordingUrl: null, transcript: null, errorMessage: null, scheduledAt: null },
      ...{ startedAt: '2026-03-01T08:00:00.000Z', endedAt: null, answeredAt: null, scheduleReason: null },
      ...{ agentRetry: 0, leadRetry: 0, whisperText: null, postWhisperText: null },
    }),
    update: {
      ...{ status: 'IN_PROGRESS', seconds: 61, recordingUrl: 'https://example.com/r.mp3' },
      answeredAt: '2026-03-01T08:00:05.000Z',
    },
  },
  {
    ...{ noun: 'phoneNumber', plural: 'phoneNumbers', label: 'Phone number' },
    create: ({ teamId }) => ({ phone: '+12025550199', teamId }),
    defaults: () => ({ name: null, isActive: true }),
    update: { name: 'Main line', isActive: false, teamId: null },
  },
  {
    ...{ noun: 'audience', plural: 'audiences', label: 'Audience' },
    create: () => ({ name: 'Newsletter' }),
    defaults: () => ({ description: null, contactCount: 0, emailCount: 0, phoneCount: 0 }),
    update: { name: 'News', description: 'Those who\nread it.' },
  },
  {
    ...{ noun: 'audienceGroup', plural: 'audienceGroups', label: 'Audience group' },
    create: ({ audienceId }) => ({ audienceId, name: 'Customers' }),
    defaults: () => ({ contactCount: 0 }),
    update: { name: 'Old customers' },
  },
  {
    ...{ noun: 'contact', plural: 'contacts', label: 'Contact' },
    create: ({ audienceId }) => ({
      ...{ audienceId, firstName: 'Jane', email: 'Jane@Example.com', phone: '(202) 555-0143' },
      ...{ phoneExtension: '12', timeZone: 'Europe/London', customFields: { size: [1, { deep: null }] } },
    }),
    defaults: () => ({
      ...{ lastName: '', name: 'Jane', email2: null, email3: null, phoneE164: '+12025550143' },
      ...{ phone2: null, phone2Extension: null, company: null, website: null, street1: null, street2: null },
      ...{ city: null, state: null, postalCode: null, country: null, status: 'SUBSCRIBED', crmId: null },
    }),
    update: {
      ...{ lastName: 'Smith', email: null, email3: 'j@example.com', phone: '+44 20 7946 0018' },
      ...{
        phone2: '12345',
        company: 'Ümläut & Söhne',
        website: 'example.com',
        street1: '1 Way',
        city: 'Ulm',
      },
      ...{
        state: 'BW',
        postalCode: '89073',
        country: 'DE',
        status: 'BOUNCED',
        crmId: '77',
        customFields: {},
      },
    },
    effects: { name: 'Jane Smith', phoneE164: '+442079460018' },
  },
  {
    ...{ noun: 'campaign', plural: 'campaigns', label: 'Campaign' },
    create: ({ audienceId }) => ({
      ...{
        audienceId,
        name: 'Spring',
        subject: 'Hi {{ first_name }}',
        text: 'Hello,\n{{ unsubscribe_url }}',
      },
    }),
    defaults: () => ({
      ...{ channel: 'EMAIL', status: 'DRAFT', html: null, fromName: null, fromAddress: null, replyTo: null },
      ...{ phoneNumberId: null, throttlePerSecond: null, scheduledAt: null, startedAt: null, sentAt: null },
    }),
    update: {
      ...{
        name: 'Summer',
        subject: null,
        html: '<p>{{ name }}</p>',
        fromName: 'Acme',
        throttlePerSecond: 10,
      },
      ...{ fromAddress: 'news@acme.example', replyTo: 'help@acme.example' },
    },
  },
  {
    ...{ noun: 'formPage', plural: 'formPages', label: 'Form page' },
    create: ({ audienceId, feedId }) => ({
      ...{ name: 'Spring fair', slug: 'spring-fair-of-crud', audienceId, feedId, title: 'Come!' },
      allowedOrigins: ['https://example.com'],
      fields: [
        { name: 'email', label: 'E-mail', kind: 'EMAIL', isRequired: true, mapsTo: 'EMAIL' },
        { name: 'size', label: 'Size', kind: 'SELECT', options: ['S', 'M'] },
      ],
    }),
    defaults: () => ({
      ...{ status: 'DRAFT', intro: null, language: 'en', submitLabel: 'Send', thankYouText: null },
      ...{ redirectUrl: null, path: '/p/spring-fair-of-crud' },
      fields: [
        {
          ...{ name: 'email', label: 'E-mail', kind: 'EMAIL', isRequired: true, mapsTo: 'EMAIL' },
          ...{ options: [], value: null },
        },
        {
          ...{ name: 'size', label: 'Size', kind: 'SELECT', isRequired: false, mapsTo: null },
          ...{ options: ['S', 'M'], value: null },
        },
      ],
    }),
    update: {
      ...{
        slug: 'summer-fair-of-crud',
        status: 'ARCHIVED',
        intro: 'One\ntwo',
        language: 'pt-BR',
        title: null,
      },
      ...{ submitLabel: 'Enviar', thankYouText: '🙂', redirectUrl: 'https://example.com/done?x=1' },
      ...{ feedId: null, allowedOrigins: ['*'], fields: [] },
    },
    effects: { path: '/p/summer-fair-of-crud' },
  },
  {
    ...{ noun: 'template', plural: 'templates', label: 'Template' },
    create: () => ({ name: 'Hello', kind: 'REPLY', body: 'Hi {{ contact.first_name }}' }),
    defaults: () => ({ category: null, subject: null }),
    update: { category: 'Greetings', subject: 'About {{ case.summary }}', body: 'Hello' },
  },
  {
    ...{ noun: 'supportCase', plural: 'supportCases', label: 'Support case' },
    create: ({ deskTeamId, agentId }) => ({
      ...{
        summary: 'Printer on fire',
        details: 'It burns.\nStill.',
        openedBy: 'Jane',
        teamId: deskTeamId,
        agentId,
      },
      ...{ companyId: 7, openedAt: '2026-03-01T08:00:00.000Z' },
    }),
    defaults: () => ({
      ...{ caseNumber: expect.stringMatching(/^[B-Z]{4}\d{4}$/), status: 'NEW', contactId: null },
      ...{ createdByAgentId: null, createdByKeyId: expect.any(String), mergedIntoId: null },
      ...{
        assignedAt: '2026-03-01T08:00:00.000Z',
        firstResponseAt: null,
        lastResponseAt: null,
        closedAt: null,
      },
      ...{
        snoozedUntil: null,
        isFeedbackWanted: true,
        feedbackRequestedAt: null,
        ratedAt: null,
        rating: null,
      },
      ...{ feedback: null, isArchived: false },
    }),
    update: { summary: 'Printer burns', status: 'OPEN', isArchived: true, companyId: null },
  },
  {
    ...{ noun: 'suppression', plural: 'suppressions', label: 'Suppression' },
    create: () => ({ address: 'Jane@Example.com' }),
    defaults: () => ({ address: 'jane@example.com', reason: 'MANUAL' }),
    update: { reason: 'COMPLAINED' },
  },
];

/** Every field of a type that is a plain value or a list of small objects, as a selection. */
function plainFields(typeName: string): string {
  const type = buildApiSchema().getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
  const parts = Object.values(type.getFields()).flatMap(({ name, type: fieldType, resolve }) => {
    const inner = getNamedType(fieldType);
    if (isLeafType(inner)) return [name];
    return resolve ? [] : [`${name} { ${plainFields(inner.name)} }`];
  });
  return parts.join(' ');
}

let door: Door;
let account: TestAccount;
let known: Known;

const make = (noun: string, input: Values) => door.make(account.key, noun, input);

beforeAll(async () => {
  [door, account] = [await Door.open(), await openTestAccount()];
  const agentId = await make('agent', { firstName: 'Owner' });
  const leadId = await make('lead', { phone: '+12025550100', ownerId: agentId });
  known = {
    ...{ leadId, agentId, callId: await make('call', { leadId }), teamId: await make('team', { name: 'T' }) },
    feedId: await make('feed', { name: 'F' }),
    otherAgentId: await make('agent', { firstName: 'Other' }),
    audienceId: await make('audience', { name: 'A' }),
    deskTeamId: await make('team', { name: 'Desk', isForAllAgents: true }),
  };
});
afterAll(() => door.close());

test.each(CASES)('$noun: create, read, change, delete', async (one) => {
  const { noun, plural, label } = one;
  const name = capitalize(noun);
  const fields = plainFields(name);
  const run = (text: string, variables: Values) =>
    door
      .run<Record<string, Values>, Values>(account.key, text, variables)
      .then((data) => data[name] as Values);
  const createdAt = door.clock.at.toISOString();

  const input = one.create(known);
  const created = await run(
    `mutation M($input: Create${name}Input!) { ${name}: create${name}(input: $input) { ${fields} } }`,
    { input },
  );
  const id = String(created.id);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(created.number).toEqual(expect.any(Number));
  const system = { id, number: created.number, createdAt, updatedAt: createdAt };
  expect(created).toEqual({ ...input, ...one.defaults(known), ...system });

  const get = `query Q($id: ID!) { ${name}: ${noun}(id: $id) { ${fields} } }`;
  expect(await run(get, { id })).toEqual(created);
  const list = `query Q($id: ID) { ${name}: ${plural}(filter: { id: { eq: $id } }) { totalCount nodes { ${fields} } } }`;
  expect(await run(list, { id })).toEqual({ totalCount: 1, nodes: [created] });

  door.clock.advance(60_000);
  const updated = await run(
    `mutation M($id: ID!, $input: Update${name}Input!) { ${name}: update${name}(id: $id, input: $input) { ${fields} } }`,
    { id, input: one.update },
  );
  const updatedAt = door.clock.at.toISOString();
  expect(updated).toEqual({ ...created, ...one.update, ...one.effects, updatedAt });
  expect(await run(get, { id })).toEqual(updated);

  const remove = `mutation M($id: ID!) { ${name}: delete${name}(id: $id) { ${fields} } }`;
  expect(await run(remove, { id })).toEqual(updated);
  for (const text of [get, remove]) {
    const { message, path, extensions } = await door.fail(account.key, text, { id });
    expect({ message, path, code: extensions?.code }).toEqual({
      message: `${label} not found`,
      path: [name],
      code: 'NOT_FOUND',
    });
  }
  expect(await run(list, { id })).toEqual({ totalCount: 0, nodes: [] });
});

test('every noun that is made, answered and deleted plainly is in the table', () => {
  const mutations = buildApiSchema().getMutationType()?.getFields() ?? {};
  const answersItself = (name: string) => String(mutations[`create${name}`]?.type) === `${name}!`;
  const deletable = Object.keys(mutations).flatMap((name) => /^delete(\w+)$/.exec(name)?.[1] ?? []);
  const expected = deletable.filter(answersItself);
  expect(CASES.map(({ noun }) => capitalize(noun)).toSorted()).toEqual(expected.toSorted());
});
