import type { Example } from '../../../dialect';

const AT = '2026-03-02T10:00:00+00:00';

const ANN = {
  ...{ userId: 12, repid: 12, username: 'ann', firstName: 'Ann', lastName: 'Lee', active: true },
  ...{ emailAddress: 'ann@acme.example', isArchived: false, defaultDepartmentId: null, avatarUrl: null },
  ...{ dateCreated: AT, dateUpdated: AT, dateLastLogin: null },
};
const ANN_V1 = { userid: 12, firstname: 'Ann', lastname: 'Lee', active: true };

const SUPPORT = {
  ...{ id: 7, name: 'Support', allReps: false, stale: null, staleWarning: null, templateCategory: null },
  ...{ replyTemplateId: null, noteTemplateId: null, newCaseNoteTemplateId: null, feedbackTemplateId: null },
  ...{ footerHtml: '', phone: null, dateCreated: AT, dateArchived: null },
};
const CHANGED = {
  ...SUPPORT,
  stale: 1440,
  staleWarning: 720,
  feedbackSample: 50,
  templateCategory: 'Support',
};
const SALES = { ...SUPPORT, id: 8, name: 'Sales' };
const PUT_AWAY = { ...SALES, dateArchived: AT };
const SUPPORT_V1 = { departmentid: 7, name: 'Support' };
const BILLING_V1 = { departmentid: 9, name: 'Billing' };

const V1 = '/api/v1/departments';
const V2 = '/api/v2/departments';

/** Documented requests about reps and departments. */
export const peopleExamples: Example[] = [
  {
    title: 'List reps',
    operation: 'v2-reps-list',
    request: { path: '/api/v2/reps?' },
    response: { status: 200, body: [ANN] },
  },
  {
    title: 'Get a rep',
    operation: 'v2-reps-get',
    request: { path: '/api/v2/reps/{id of ann}' },
    response: { status: 200, body: ANN },
  },
  {
    title: 'List reps by version 1',
    operation: 'v1-reps-list',
    request: { path: '/api/v1/reps/' },
    response: { status: 200, body: [ANN_V1] },
  },
  {
    title: 'Create a department',
    operation: 'v2-departments-create',
    request: { path: V2, body: { name: 'Support', repUserIds: ['{id of ann}'] } },
    response: { status: 200, body: SUPPORT },
  },
  {
    title: 'Create a department without a name',
    operation: 'v2-departments-create',
    request: { path: V2, body: { allReps: true } },
    response: {
      status: 405,
      body: { error: 'The parameter name is required.', errorcode: 'api_error_missingparam' },
    },
  },
  {
    title: 'Change a department',
    operation: 'v2-departments-update',
    request: {
      path: `${V2}/{id of Support}`,
      body: { stale: 1440, staleWarning: 720, feedbackSample: 50, templateCategory: 'Support' },
    },
    response: { status: 200, body: CHANGED },
  },
  {
    title: 'Create another department',
    operation: 'v2-departments-create',
    request: { path: V2, body: { name: 'Sales', allReps: true } },
    response: { status: 200, body: { ...SALES, allReps: true } },
  },
  {
    title: 'Put a department away',
    operation: 'v2-departments-archive',
    request: { path: `${V2}/{id of Sales}` },
    response: { status: 200, body: { ...PUT_AWAY, allReps: true } },
  },
  {
    title: 'List departments',
    operation: 'v2-departments-list-active',
    request: { path: `${V2}?` },
    response: { status: 200, body: [CHANGED] },
  },
  {
    title: 'List all departments',
    operation: 'v2-departments-list-all',
    request: { path: `${V2}/all` },
    response: { status: 200, body: [CHANGED, { ...PUT_AWAY, allReps: true }] },
  },
  {
    title: 'List the departments that are put away',
    operation: 'v2-departments-list-archived',
    request: { path: `${V2}/archived` },
    response: { status: 200, body: [{ ...PUT_AWAY, allReps: true }] },
  },
  {
    title: 'Get a department',
    operation: 'v2-departments-get',
    request: { path: `${V2}/{id of Support}` },
    response: { status: 200, body: CHANGED },
  },
  {
    title: 'List departments by version 1',
    operation: 'v1-departments-list-active',
    request: { path: `${V1}/` },
    response: { status: 200, body: [SUPPORT_V1] },
  },
  {
    title: 'List the departments that are put away by version 1',
    operation: 'v1-departments-list-archived',
    request: { path: `${V1}/archived` },
    response: { status: 200, body: [{ departmentid: 8, name: 'Sales' }] },
  },
  {
    title: 'Take a department out again',
    operation: 'v2-departments-restore',
    request: { path: `${V2}/{id of Sales}/restore` },
    response: { status: 200, body: { ...SALES, allReps: true } },
  },
  {
    title: 'Create a department by version 1',
    operation: 'v1-departments-create',
    request: {
      path: `${V1}/`,
      body: { name: 'Billing', reps: '{id of ann}', stalewarning: 12, stale: 24 },
    },
    response: { status: 200, body: BILLING_V1 },
  },
  {
    title: 'Get a department by version 1',
    operation: 'v1-departments-get',
    request: { path: `${V1}/{id of Support}` },
    response: { status: 200, body: SUPPORT_V1 },
  },
  {
    title: 'List all departments by version 1',
    operation: 'v1-departments-list-all',
    request: { path: `${V1}/all` },
    response: { status: 200, body: [SUPPORT_V1, { departmentid: 8, name: 'Sales' }, BILLING_V1] },
  },
  {
    title: 'Change a department by version 1',
    operation: 'v1-departments-update',
    request: { path: `${V1}/{id of Support}`, body: { templatecategory: 'Help' } },
    response: { status: 200, body: SUPPORT_V1 },
  },
];
