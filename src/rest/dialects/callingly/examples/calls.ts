import type { Example } from '../../../dialect';

const PATH = '/v1/calls';
const TEAM = { id: 123, name: 'New Team' };
const JOHN = {
  id: 1234567,
  name: 'John Doe',
  label: 'John Doe',
  fname: 'John',
  lname: 'Doe',
  email: 'john@doe.com',
  phone_number: '+15555555555',
  phone_number_formatted: '(555) 555-5555',
  source: 'HubSpot',
  crm: null,
  source_id: '123',
  deleted_at: null,
};
const CALL = {
  id: 1234,
  started_at: '2020-11-11 12:08:13',
  direction: 'outbound',
  status: 'ringing',
  lead_status: null,
  seconds: 0,
  duration: '0s',
  retry: 0,
  lead_retry: 0,
  time_formatted: '11/11/20 12:08pm',
  source: 'HubSpot',
  lead: JOHN,
  profile: TEAM,
  recording_url: null,
  error_message: null,
  phone_number_formatted: '(555) 555-5555',
};

/** Documented requests about calls. */
export const callExamples: Example[] = [
  {
    title: 'Create a call',
    operation: 'calls-create',
    remember: 'the call',
    request: {
      path: PATH,
      body: {
        team_id: '{id of New Team}',
        first_name: 'John',
        last_name: 'Doe',
        phone_number: '555-555-5555',
        email: 'john@doe.com',
        company: "John's Pools",
        category: 'Pools',
        source: 'HubSpot',
        crm_id: 123,
      },
    },
    response: {
      status: 200,
      body: { ...CALL, member: [], call_id: 1234, lead_id: 1234567, scheduled_at: null },
    },
  },
  {
    title: 'Create a call for later, by no more than a number',
    operation: 'calls-create',
    request: {
      path: PATH,
      body: {
        team_id: '{id of New Team}',
        phone_number: '+16024819661',
        scheduled_at: '2030-01-31T15:00:00-07:00',
      },
    },
    response: {
      status: 200,
      body: { id: 1235, call_id: 1235, lead_id: 1234568, status: null, scheduled_at: '2030-01-31 22:00:00' },
    },
  },
  {
    title: 'List the calls of a team',
    operation: 'calls-list',
    request: { path: `${PATH}?start=2026-01-01&end=2030-01-01&team_id={id of New Team}&limit=10&page=1` },
    response: {
      status: 200,
      body: {
        data: [
          { id: 1235, status: null, phone_number_formatted: '(602) 481-9661' },
          { ...CALL, member: [] },
        ],
      },
    },
  },
  {
    title: 'List the calls of days without any',
    operation: 'calls-list',
    request: { path: `${PATH}?start=2020-01-01&end=2020-02-01&team_id={id of New Team}&limit=10&page=1` },
    response: { status: 200, body: { data: [] } },
  },
  {
    title: 'Get a call',
    operation: 'calls-get',
    request: { path: `${PATH}/{id of the call}` },
    response: {
      status: 200,
      body: {
        ...CALL,
        status_formatted: 'Ringing',
        ring_status: 'ringing',
        user: null,
        tag: null,
        notes: [],
        is_voicemail: 0,
        is_queue: 0,
        is_team_offline: 0,
        scheduled_call_type: null,
        old_lead_owner_id: null,
        transcript: null,
        sales_advice: null,
        is_error: 0,
        error_code: '',
      },
    },
  },
];
