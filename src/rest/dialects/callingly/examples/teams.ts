import type { Example } from '../../../dialect';

const PATH = '/v1/teams';
const SETTINGS = {
  name: 'New Team',
  is_record: 1,
  call_mode: 'simultaneous',
  whispertext: 'Please press 1 to connect to {first_name} {last_name} from {company} {category}',
  language: 'en',
  delay: 0,
  is_retry: 1,
  retries: 3,
  retry_schedule: [15, 60, 120],
  is_reschedule: 1,
  is_retry_lead: 1,
  lead_retries: 3,
  lead_retry_schedule: [15, 60, 120],
};
const TEAM = {
  ...{ id: 123, account_id: 1, ...SETTINGS, post_whispertext: '', is_sms: 0, sms_body: '' },
  ...{ whispertext_voice: '', is_users_available_for_call: false },
};
const POST_WHISPER =
  'Your call has been completed. Press 1 if you were able to reach the lead. Press 2 if you left a voicemail. Press 3 otherwise to reschedule the call.';
const JOHN = { id: 1, name: 'John Smith', priority: 0, cap: null };
const JANE = { id: 3, name: 'Jane Smith', priority: 0, cap: null };
const AGENTS = `${PATH}/{id of New Team}/agents`;

/** Documented requests about teams and their agents. */
export const teamExamples: Example[] = [
  {
    title: 'Create a team',
    operation: 'teams-create',
    request: { path: PATH, body: SETTINGS },
    response: { status: 200, body: TEAM },
  },
  {
    title: 'List teams',
    operation: 'teams-list',
    request: { path: PATH },
    response: { status: 200, body: [{ id: 123, account_id: 1, name: 'New Team' }] },
  },
  {
    title: 'Update some settings of a team',
    operation: 'teams-update',
    request: {
      path: `${PATH}/{id of New Team}`,
      body: {
        post_whispertext: POST_WHISPER,
        is_record: true,
        retry_schedule: '15,60,120',
        sms_auto_send: false,
      },
    },
    response: { status: 200, body: { ...TEAM, post_whispertext: POST_WHISPER } },
  },
  {
    title: 'Replace the agents of a team',
    operation: 'team-agents-replace',
    request: { path: AGENTS, body: { agents: ['{id of John Smith}', '{id of Jane Smith}'] } },
    response: { status: 200, body: { success: true, agents: [JOHN, JANE] } },
  },
  {
    title: 'Update the settings of an agent in a team',
    operation: 'team-agents-update',
    request: { path: `${AGENTS}/{id of John Smith}`, body: { priority: 1, cap: 100 } },
    response: { status: 200, body: { ...JOHN, priority: 1, cap: 100 } },
  },
  {
    title: 'List the agents of a team',
    operation: 'team-agents-list',
    request: { path: AGENTS },
    response: { status: 200, body: { agents: [{ ...JOHN, priority: 1, cap: 100 }, JANE] } },
  },
  {
    title: 'Remove an agent from a team',
    operation: 'team-agents-remove',
    request: { path: `${AGENTS}/{id of Jane Smith}` },
    response: { status: 200, body: { success: true } },
  },
  {
    title: 'Get a team',
    operation: 'teams-get',
    request: { path: `${PATH}/{id of New Team}` },
    response: {
      status: 200,
      body: { ...TEAM, post_whispertext: POST_WHISPER, is_users_available_for_call: true },
    },
  },
  {
    title: 'List the teams of a client',
    operation: 'teams-list',
    request: { path: `${PATH}?account_id={id of Smith Pools}` },
    response: { status: 200, body: [] },
  },
];
