import type { Example } from '../../../dialect';
import { PERMISSIONS } from '../permissions';

const AT = '2026-03-02T10:00:00+00:00';
const UUID = '0199e3a2-5b6a-7c8d-9e0f-1a2b3c4d5e6f';

const MAIL = {
  ...{ id: UUID, from: 'bill@example.com', to: ['help@acme.example'], cc: [], subject: 'No toner' },
  ...{ body: 'It is empty.', date: AT, caseid: null, contactid: null },
};

const CHAT = {
  ...{ id: UUID, title: 'Where is my order?', platform: 'livechat', clientName: 'Bill', contactId: null },
  ...{ contactUuid: null, caseId: null, repId: null, departmentId: null, noteId: null, unseen: 1 },
  ...{ lastMessage: 'Hello?', lastMessageSender: 'client', isArchived: false, dateCreated: AT },
  ...{ dateClosed: null, dateLastMessage: AT, dateLastMessageReceived: AT, dateLastResponse: null },
};
const SEEN = { ...CHAT, unseen: 0, departmentId: 7 };
const SAID = { id: UUID, sender: 'client', senderName: 'Bill', message: 'Hello?', dateCreated: AT };

const HOOK = {
  ...{ id: UUID, objectType: 'case', action: 'add', url: 'https://hooks.example.com/cases', dateCreated: AT },
};

/** Documented requests about the key, and about e-mails. */
export const sessionExamples: Example[] = [
  {
    title: 'List the permissions of the key',
    operation: 'session-permissions',
    request: { path: '/api/v1/session/permissions?' },
    response: { status: 200, body: Object.keys(PERMISSIONS) },
  },
  {
    title: 'What a page says it is powered by',
    operation: 'session-powered-by',
    request: { path: '/api/v1/session/poweredby?' },
    response: { status: 200, body: { plan: 'self-hosted', footerlink: false, partnercode: '' } },
  },
  {
    title: 'Usage of the key',
    operation: 'usage',
    request: { path: '/api/v1/usage' },
    response: { status: 200, body: { limit: 1800 } },
  },
  {
    title: 'Usage of the key, by GET',
    operation: 'usage-get',
    request: { path: '/api/v1/usage' },
    response: { status: 200, body: { limit: 1800 } },
  },
  {
    title: 'List integrations',
    operation: 'integrations-list',
    request: { path: '/api/v1/integrations?' },
    response: { status: 200, body: [] },
  },
];

/** Documented requests about e-mails, chats and webhooks. */
export const otherExamples: Example[] = [
  {
    title: 'List e-mails that nobody has taken',
    operation: 'emails-unassigned',
    request: { path: '/api/v1/emails/unassigned' },
    response: { status: 200, body: [MAIL] },
  },
  {
    title: 'Search e-mails that nobody has taken',
    operation: 'emails-unassigned',
    request: {
      path: '/api/v1/emails/unassigned?from=bill&subject=toner&content=empty&bodylimit=5&orderby=date',
    },
    response: { status: 200, body: [{ ...MAIL, body: 'It is' }] },
  },
  {
    title: 'Get an e-mail',
    operation: 'emails-get',
    request: { path: '/api/v1/emails/{id of No toner}' },
    response: { status: 200, body: MAIL },
  },
  {
    title: 'List chats',
    operation: 'chats-list',
    request: { path: '/api/v1/chats' },
    response: { status: 200, body: [CHAT] },
  },
  {
    title: 'Change a chat',
    operation: 'chats-update',
    request: {
      path: '/api/v1/chats/{id of Where is my order?}',
      body: { unseen: 0, departmentId: '{id of Support}' },
    },
    response: { status: 200, body: SEEN },
  },
  {
    title: 'Get a chat',
    operation: 'chats-get',
    request: { path: '/api/v1/chats/{id of Where is my order?}' },
    response: { status: 200, body: { ...SEEN, messages: [SAID] } },
  },
  {
    title: 'Close a chat',
    operation: 'chats-close',
    request: { path: '/api/v1/chats/{id of Where is my order?}/close?status=open&repid={id of ann}' },
    response: {
      status: 200,
      body: { ...SEEN, caseId: 32, repId: 12, noteId: 52, isArchived: true, dateClosed: AT },
    },
  },
  {
    title: 'Create a webhook',
    operation: 'v2-webhooks-create',
    remember: 'hook',
    request: {
      path: '/api/v2/webhooks',
      body: { objectType: 'case', action: 'add', url: 'https://hooks.example.com/cases' },
    },
    response: { status: 200, body: HOOK },
  },
  {
    title: 'List webhooks',
    operation: 'v2-webhooks-list',
    request: { path: '/api/v2/webhooks' },
    response: { status: 200, body: [HOOK] },
  },
  {
    title: 'Delete a webhook',
    operation: 'v2-webhooks-delete',
    request: { path: '/api/v2/webhooks/{id of hook}' },
    response: { status: 200, body: HOOK },
  },
];
