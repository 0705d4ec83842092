import type { Case } from './crud-case';

const ALL_DAY = { isAvailable: true, isAllDay: true, windows: [] };
const ALWAYS = [0, 1, 2, 3, 4, 5, 6].map((day) => ({ day, ...ALL_DAY }));

const MONDAY = {
  day: 1,
  isAvailable: true,
  isAllDay: false,
  windows: [{ start: '11:00:00', end: '17:30:00' }],
};

/** Agents and their teams, leads, and what is done with them. */
export const SALES: Case[] = [
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
];
