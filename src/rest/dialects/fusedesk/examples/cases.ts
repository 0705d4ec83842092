import type { Example } from '../../../dialect';

const PATH = '/api/v1/cases';
const AT = '2026-03-02T10:00:00+00:00';

const PRINTER = {
  ...{ id: 31, caseid: 31, casenum: 'BCDF1234', casenumber: 'BCDF1234', contactid: 21, companyid: null },
  ...{ contactUuid: '0199e3a2-5b6a-7c8d-9e0f-1a2b3c4d5e6f', repid: 12, departmentid: 7, status: 'new' },
  ...{ summary: 'Printer on fire', details: 'It burns.', openedby: 'Jane Doe', rating: null, feedback: null },
  ...{
    date_opened: AT,
    date_assigned: AT,
    date_firstresponse: null,
    date_lastresponse: null,
    date_updated: AT,
  },
  ...{
    date_closed: null,
    date_rated: false,
    date_requestedfeedback: false,
    date_created: AT,
    isArchived: false,
  },
};
const OPEN = { ...PRINTER, status: 'open', summary: 'Printer smokes' };
const ANSWERED = { ...OPEN, date_firstresponse: AT, date_lastresponse: AT };
const ASKED = { ...ANSWERED, date_requestedfeedback: AT };
const URGENT = { id: 41, tagname: 'urgent', hidden: false, totalcases: 0 };

const FIRST_ENTRY = {
  ...{ id: 51, type: 'note', title: 'Printer on fire', note: 'It burns.', repid: null, contactid: null },
  date: AT,
};
const CASE = `${PATH}/{id of printer}`;

const tagExamples: Example[] = [
  {
    title: 'Create a case tag',
    operation: 'casetags-create',
    remember: 'urgent',
    request: { path: '/api/v1/casetags', body: { tagname: 'urgent' } },
    response: { status: 200, body: URGENT },
  },
  {
    title: 'Create a case tag that will go',
    operation: 'casetags-create',
    remember: 'vague',
    request: { path: '/api/v1/casetags', body: { tagname: 'vague' } },
    response: { status: 200, body: { ...URGENT, tagname: 'vague' } },
  },
  {
    title: 'Delete a case tag',
    operation: 'casetags-delete',
    request: { path: '/api/v1/casetags/{id of vague}' },
    response: { status: 200, body: { ...URGENT, tagname: 'vague', hidden: true } },
  },
  {
    title: 'List case tags',
    operation: 'casetags-list',
    request: { path: '/api/v1/casetags?' },
    response: { status: 200, body: [URGENT, { ...URGENT, tagname: 'vague', hidden: true }] },
  },
];

const workExamples: Example[] = [
  {
    title: 'Add a note',
    operation: 'cases-add-note',
    request: { path: `${CASE}/addnote`, body: { note: 'Called the fire brigade.', type: 'call' } },
    response: { status: 200, body: OPEN },
  },
  {
    title: 'Answer by e-mail',
    operation: 'cases-reply',
    request: { path: `${CASE}/reply`, body: { body: 'Help is on its way.', cc: 'boss@example.com' } },
    response: { status: 200, body: ANSWERED },
  },
  {
    title: 'Put a tag on a case',
    operation: 'cases-tag',
    request: { path: `${CASE}/tag/{id of urgent}` },
    response: { status: 200, body: ANSWERED },
  },
  {
    title: 'Take a tag off a case',
    operation: 'cases-untag',
    request: { path: `${CASE}/untag/{id of urgent}` },
    response: { status: 200, body: { ...ANSWERED, tags: [] } },
  },
  {
    title: 'Snooze a case',
    operation: 'cases-snooze',
    request: { path: `${CASE}/snooze`, body: { until: '+2 days' } },
    response: { status: 200, body: ANSWERED },
  },
  {
    title: 'Forbid to ask for feedback',
    operation: 'cases-feedback-dont-ask',
    request: { path: `${CASE}/feedback/dontask` },
    response: { status: 200, body: ANSWERED },
  },
  {
    title: 'Allow to ask for feedback',
    operation: 'cases-feedback-do-ask',
    request: { path: `${CASE}/feedback/doask` },
    response: { status: 200, body: ANSWERED },
  },
  {
    title: 'Ask for feedback now',
    operation: 'cases-feedback-request',
    request: { path: `${CASE}/feedback/request` },
    response: { status: 200, body: ASKED },
  },
  {
    title: 'Get the feedback of a case',
    operation: 'cases-feedback',
    request: { path: `${CASE}/feedback` },
    response: {
      status: 200,
      body: {
        ...{ caseid: 31, rating: null, feedback: null, dontask: false },
        ...{ date_requestedfeedback: AT, date_rated: false },
      },
    },
  },
  {
    title: 'Add to the history of a case',
    operation: 'cases-history-add',
    request: { path: `${CASE}/history`, body: { description: 'Bought by mail in 2019.' } },
    response: { status: 200, body: { ...FIRST_ENTRY, title: '', note: 'Bought by mail in 2019.' } },
  },
];

/** Documented requests about cases and their tags. */
export const caseExamples: Example[] = [
  ...tagExamples,
  {
    title: 'Create a case',
    operation: 'cases-create',
    remember: 'printer',
    request: {
      path: PATH,
      body: {
        ...{
          depid: '{id of Support}',
          repid: '{id of ann}',
          summary: 'Printer on fire',
          details: 'It burns.',
        },
        ...{ openedby: 'Jane Doe', email: 'jane@example.com' },
      },
    },
    response: { status: 200, body: PRINTER },
  },
  {
    title: 'Create a case without a department',
    operation: 'cases-create',
    request: { path: PATH, body: { depid: '', summary: 'Help', details: 'Please', openedby: 'Jane' } },
    response: {
      status: 405,
      body: { error: 'The parameter depid is required.', errorcode: 'api_error_missingparam' },
    },
  },
  {
    title: 'Search cases',
    operation: 'cases-search',
    request: {
      path: `${PATH}?email=jane%40example.com&status=&limit=50&orderby=date_lastresponse%2C+date_updated`,
    },
    response: { status: 200, body: [PRINTER] },
  },
  {
    title: 'Search cases by time',
    operation: 'cases-search',
    request: { path: `${PATH}/?status=active&date_opened=%7B%22after%22%3A%22-30%20days%22%7D` },
    response: { status: 200, body: [PRINTER] },
  },
  {
    title: 'Change a case',
    operation: 'cases-update',
    request: { path: CASE, body: { summary: 'Printer smokes', status: 'open' } },
    response: { status: 200, body: OPEN },
  },
  ...workExamples,
  {
    title: 'Get a case',
    operation: 'cases-get',
    request: { path: CASE },
    response: { status: 200, body: { ...ASKED, history: expectedHistory() } },
  },
  {
    title: 'Get a case that is not there',
    operation: 'cases-get',
    request: { path: `${PATH}/ZZZZ0000` },
    response: { status: 404, body: { error: 'Support case not found', errorcode: 'api_error_notfound' } },
  },
  {
    title: 'List the history of a case',
    operation: 'cases-history',
    request: { path: `${CASE}/history` },
    response: { status: 200, body: expectedHistory() },
  },
  {
    title: 'Close several cases',
    operation: 'cases-update-many',
    request: { path: `${PATH}/update?caseids={id of printer}&status=closed` },
    response: { status: 200, body: [{ ...ASKED, status: 'closed', date_closed: AT }] },
  },
];

function expectedHistory(): object[] {
  const entryOf = (type: string, title: string, note = '') => ({ ...FIRST_ENTRY, type, title, note });
  return [
    FIRST_ENTRY,
    entryOf('edit', 'Changed summary'),
    entryOf('status', 'new → open'),
    entryOf('call', '', 'Called the fire brigade.'),
    entryOf('reply', 'To jane@example.com', 'Help is on its way.'),
    entryOf('tag', '+ urgent'),
    entryOf('tag', '− urgent'),
    { ...FIRST_ENTRY, type: 'snooze', title: 'Until 2026-03-04T10:00:00.000Z', note: '' },
    entryOf('feedback', 'Not to be asked for'),
    entryOf('feedback', 'May be asked for'),
    entryOf('feedback', 'Asked for'),
    entryOf('note', '', 'Bought by mail in 2019.'),
  ];
}
