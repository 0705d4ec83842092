import type { Example } from '../../../dialect';

const PATH = '/v1/webhooks';
const CALLS = {
  id: 1124,
  account_id: 1,
  name: 'My Webhook',
  event: 'call_completed',
  target_url: 'http://example.com/',
  direction: null,
  call_direction: null,
  call_status: null,
  call_lead_status: null,
  team_id: 1,
  number_id: null,
  field: null,
  filter: null,
};
const LEADS = {
  ...CALLS,
  id: 1125,
  name: 'My Webhook 1',
  event: 'lead_updated',
  team_id: null,
  field: 'stage',
  filter: 'called',
};

/** Documented requests about webhooks. */
export const webhookExamples: Example[] = [
  {
    title: 'Create a webhook',
    operation: 'webhooks-create',
    request: {
      path: PATH,
      body: {
        name: 'My Webhook',
        event: 'call_completed',
        target_url: 'http://example.com/',
        team_id: '{id of New Team}',
      },
    },
    response: { status: 200, body: CALLS },
  },
  {
    title: 'Create a webhook for one field of leads',
    operation: 'webhooks-create',
    request: {
      path: PATH,
      body: {
        name: 'My Webhook 1',
        event: 'lead_updated',
        target_url: 'http://example.com/',
        field: 'stage',
        filter: 'called',
      },
    },
    response: { status: 200, body: LEADS },
  },
  {
    title: 'List all webhooks',
    operation: 'webhooks-list',
    request: { path: PATH },
    response: { status: 200, body: [LEADS, CALLS] },
  },
  {
    title: 'Get a webhook',
    operation: 'webhooks-get',
    request: { path: `${PATH}/{id of My Webhook}` },
    response: { status: 200, body: CALLS },
  },
  {
    title: 'Update the webhook that the body names',
    operation: 'webhooks-update-named',
    request: { path: PATH, body: { id: '{id of My Webhook}', target_url: 'http://example.com/new_url' } },
    response: { status: 200, body: { ...CALLS, target_url: 'http://example.com/new_url' } },
  },
  {
    title: 'Update a webhook',
    operation: 'webhooks-update',
    request: { path: `${PATH}/{id of My Webhook}`, body: { call_status: 'completed', team_id: null } },
    response: {
      status: 200,
      body: {
        ...CALLS,
        target_url: 'http://example.com/new_url',
        call_status: 'completed',
        team_id: null,
      },
    },
  },
  {
    title: 'A condition that the event does not have',
    operation: 'webhooks-update',
    request: { path: `${PATH}/{id of My Webhook}`, body: { field: 'stage' } },
    response: {
      status: 422,
      body: {
        success: false,
        message: 'The field is no condition of the event call_completed.',
        errors: { field: ['The field is no condition of the event call_completed.'] },
      },
    },
  },
  {
    title: 'Delete a webhook',
    operation: 'webhooks-delete',
    request: { path: `${PATH}/{id of My Webhook}` },
    response: { status: 200, body: { message: 'Webhook deleted.' } },
  },
];
