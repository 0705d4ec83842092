import type { Case } from './crud-case';

/** Audiences and contacts, what is sent to them, and what they ask. */
export const MARKETING_AND_DESK: Case[] = [
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
