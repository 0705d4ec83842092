import type { Example } from '../../../dialect';

const PATH = '/v1/agents';
const JOHN = {
  id: 123,
  account_id: 1,
  fname: 'John',
  lname: 'Smith',
  phone_number: '+15555555555',
  ext: '100',
  donotdisturb: 0,
  priority: 0,
  timezone: 'America/Phoenix',
  is_available: true,
};
const JANE = {
  ...JOHN,
  ...{ id: 124, fname: 'Jane', phone_number: '+16024819661', ext: '', timezone: 'America/New_York' },
};
const TEST = { ...JANE, id: 125, fname: 'Test', lname: 'Test', phone_number: '+16024819662' };

const LABELS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const AROUND_THE_CLOCK = LABELS.map((label, day) => ({
  label,
  day,
  is_available: true,
  times: [{ start: 'allday', end: '23:59:59' }],
}));
const WEEK = [
  { label: 'Sunday', day: 0, is_available: false, times: [{ start: 'allday', end: '20:00:00' }] },
  { label: 'Monday', day: 1, is_available: true, times: [{ start: '06:00:00', end: '20:00:00' }] },
  {
    label: 'Tuesday',
    day: 2,
    is_available: true,
    times: [
      { start: '06:00:00', end: '12:00:00' },
      { start: '12:00:00', end: '23:45:00' },
    ],
  },
  { label: 'Wednesday', day: 3, is_available: true, times: [{ start: '06:00:00', end: '20:00:00' }] },
  { label: 'Thursday', day: 4, is_available: true, times: [{ start: '06:00:00', end: '22:00:00' }] },
  { label: 'Friday', day: 5, is_available: true, times: [{ start: 'allday', end: '20:00:00' }] },
  { label: 'Saturday', day: 6, is_available: true, times: [{ start: 'allday', end: '20:00:00' }] },
];

const creationOf = ({ fname, lname, timezone }: typeof JOHN, phone: string): Example['request'] => ({
  path: PATH,
  body: { fname, lname, phone_number: phone, timezone },
});

/** Documented requests about agents and their weekly hours. */
export const agentExamples: Example[] = [
  {
    title: 'Create an agent',
    operation: 'agents-create',
    request: {
      path: PATH,
      body: {
        fname: 'John',
        lname: 'Smith',
        phone_number: '555-555-5555',
        ext: '100',
        timezone: 'America/Phoenix',
      },
    },
    response: { status: 200, body: JOHN },
  },
  {
    title: 'Create an agent without an extension',
    operation: 'agents-create',
    request: creationOf(JANE, '602-481-9661'),
    response: { status: 200, body: JANE },
  },
  {
    title: 'Create an agent who will go',
    operation: 'agents-create',
    request: creationOf(TEST, '602-481-9662'),
    response: { status: 200, body: TEST },
  },
  {
    title: 'Delete an agent',
    operation: 'agents-delete',
    request: { path: `${PATH}/{id of Test Test}` },
    response: { status: 200, body: { success: true } },
  },
  {
    title: 'List agents',
    operation: 'agents-list',
    request: { path: PATH },
    response: { status: 200, body: [JANE, JOHN] },
  },
  {
    title: 'Get the schedule of a new agent',
    operation: 'agents-get-schedule',
    request: { path: `${PATH}/{id of Jane Smith}/schedule` },
    response: { status: 200, body: AROUND_THE_CLOCK },
  },
  {
    title: 'Update a schedule',
    operation: 'agents-update-schedule',
    request: { path: `${PATH}/{id of Jane Smith}/schedule`, body: WEEK },
    response: { status: 200, body: WEEK },
  },
  {
    title: 'Update an agent, with a do-not-disturb that is over',
    operation: 'agents-update',
    request: {
      path: `${PATH}/{id of John Smith}`,
      body: {
        fname: 'John',
        lname: 'Smith',
        phone_number: '555-555-5555',
        ext: '100',
        timezone: 'America/Phoenix',
        donotdisturb: 1,
        donotdisturb_until: '2021-01-25 22:00:00',
      },
    },
    response: { status: 200, body: JOHN },
  },
];
