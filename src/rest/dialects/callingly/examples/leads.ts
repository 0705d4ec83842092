import type { Example } from '../../../dialect';

const PATH = '/v1/leads';
const JOHN = {
  id: 1,
  account_id: 1,
  fname: 'John',
  lname: 'Doe',
  email: 'john@doe.com',
  phone_number: '+15555555555',
  source: 'HubSpot',
  source_id: '123',
  created_at: '2024-05-21 23:37:54',
  company: "John's Pools",
  category: 'Pools',
  status: null,
  result: null,
  team: { id: 1, name: 'New Team' },
  tags: [],
  stage: null,
  scheduled_call_at: null,
  is_stopped: 0,
  is_blocked: 0,
};
const CALL = {
  id: 1,
  source: 'HubSpot',
  seconds: 0,
  direction: 'outbound',
  status: 'ringing',
  result: null,
  agent_retry: 0,
  lead_retry: 0,
  started_at: '2024-06-03 23:57:04',
  recording_url: null,
};
const CHANGES = { fname: 'Johnny', company: 'Doe Pools', status: 'contacted', stage: 'customer' };

/** Documented requests about leads. */
export const leadExamples: Example[] = [
  {
    title: 'List the leads of a number',
    operation: 'leads-list',
    request: { path: `${PATH}?start=2026-01-01&end=2030-01-01&phone_number=+15555555555` },
    response: { status: 200, body: [{ ...JOHN, calls: [CALL] }] },
  },
  {
    title: 'List the leads of days without any',
    operation: 'leads-list',
    request: { path: `${PATH}?start=2020-01-01&end=2020-02-01&phone_number=+14801234567` },
    response: { status: 200, body: [] },
  },
  {
    title: 'List leads: one whose call is due',
    operation: 'leads-list',
    request: { path: `${PATH}?phone_number=+16024819661` },
    response: {
      status: 200,
      body: [{ phone_number: '+16024819661', scheduled_call_at: '06/13/24 10:48pm UTC' }],
    },
  },
  {
    title: 'Get a lead',
    operation: 'leads-get',
    request: { path: `${PATH}/{id of John Doe}` },
    response: { status: 200, body: JOHN },
  },
  {
    title: 'Update a lead',
    operation: 'leads-update',
    request: { path: `${PATH}/{id of John Doe}`, body: { ...CHANGES, is_stopped: true } },
    response: { status: 200, body: { success: true, ...JOHN, ...CHANGES, is_stopped: 1 } },
  },
  {
    title: 'Delete a lead',
    operation: 'leads-delete',
    request: { path: `${PATH}/{id of John Doe}` },
    response: { status: 200, body: { success: true } },
  },
];
