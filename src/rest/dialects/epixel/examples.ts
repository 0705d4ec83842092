import type { Example } from '../../dialect';
import { CREATE_LEAD, LOGIN, pathsOf, REFRESH } from './paths';

const BIN = 'binuser';
const SLUG = 'jane-doe-{id of Jane Doe}';

const jane = {
  first_name: 'Jane',
  last_name: 'Doe',
  email: 'jane@example.com',
  phone: '+12025550143',
  location: 'Springfield',
  message: 'Please call me.',
  status: 'prospect',
  source: 'website',
  assignee: BIN,
};
const lead = {
  ...{ id: 12, slug: 'jane-doe-12', ...jane },
  ...{ owner: BIN, campaign: 'default-feed', created_at: '2026-06-17T12:00:00.000Z' },
};
const visit = {
  appointment_date: '2026-06-18 10:00',
  appointment_to: '2026-06-18 10:30',
  appointment_note: 'A first talk.',
  appointment_status: 'pending',
};
const ofJane = { slug: 'jane-doe-12', first_name: 'Jane', last_name: 'Doe' };
const appointment = { id: 34, ...visit, lead: ofJane };
const note = { id: 56, note: 'Wants a callback.', created_at: '2026-06-17T12:00:00.000Z', author: BIN };

const ok = (data: unknown) => ({ status: 200, body: { status_code: 200, errors: {}, data } });
const bad = (status: number, errors: object) => ({ status, body: { status_code: status, errors, data: {} } });
const page = (results: unknown[]) => ok({ results, count: results.length, previous: null, next: null });

/** Requests with their answers, in an order in which they build on one another. */
export const examples: Example[] = [
  {
    title: 'Login',
    operation: 'user-login',
    request: { path: LOGIN, body: { username: BIN, password: 'a password that is long' } },
    response: { status: 200, body: {} },
  },
  {
    title: 'Login with a wrong password',
    operation: 'user-login',
    request: { path: LOGIN, body: { username: BIN, password: 'a guess' } },
    response: bad(401, { detail: 'The supplied authentication credentials are invalid.' }),
  },
  {
    title: 'Refresh with something that is no token',
    operation: 'user-token-refresh',
    request: { path: REFRESH, body: { refresh: 'no token' } },
    response: bad(401, { detail: 'The refresh token is not valid.', code: 'token_not_valid' }),
  },
  {
    title: 'Create lead',
    operation: 'leads-create',
    remember: 'Jane Doe',
    request: { path: CREATE_LEAD.path, body: jane },
    response: ok(lead),
  },
  {
    title: 'Create lead without a name',
    operation: 'leads-create',
    request: { path: CREATE_LEAD.path, body: { ...jane, first_name: '', last_name: undefined } },
    response: bad(400, {
      first_name: ['This field may not be blank.'],
      last_name: ['This field is required.'],
    }),
  },
  {
    title: 'Update lead',
    operation: 'leads-update',
    request: { path: pathsOf('update/lead').path, body: { ...jane, slug: SLUG, status: 'contact' } },
    response: ok({ ...lead, status: 'contact' }),
  },
  {
    title: 'Update a lead that is not there',
    operation: 'leads-update',
    request: { path: pathsOf('update/lead').path, body: { ...jane, slug: 'nobody-1' } },
    response: bad(401, { detail: 'Requested lead does not esixt.' }),
  },
  {
    title: 'Create appointment',
    operation: 'appointments-create',
    remember: 'the visit',
    request: { path: pathsOf('create/appointment').path, body: { slug: SLUG, ...visit } },
    response: ok(appointment),
  },
  {
    title: 'Create appointment at a time that is taken',
    operation: 'appointments-create',
    request: { path: pathsOf('create/appointment').path, body: { slug: SLUG, ...visit } },
    response: bad(401, { detail: 'Appointment schedule exists for this time.' }),
  },
  {
    title: 'Update appointment',
    operation: 'appointments-update',
    request: {
      path: pathsOf('update/appointment').path,
      body: { appointment_id: '{id of the visit}', appointment_status: 'confirmed' },
    },
    response: ok({ ...appointment, appointment_status: 'confirmed' }),
  },
  {
    title: 'Create lead note',
    operation: 'leadnotes-create',
    remember: 'the note',
    request: { path: pathsOf('create/leadnote').path, body: { slug: SLUG, note: note.note } },
    response: ok(note),
  },
  {
    title: 'Lead overview',
    operation: 'leads-overview',
    request: { path: `${pathsOf('overview').path}?appointment=upcoming` },
    response: ok({
      LeadsData: {
        status: [
          { status: 'prospect', count: 0, Description: 'May become a customer.', Color: '#5b8def' },
          { status: 'tentative', count: 0, Description: 'Has shown interest.', Color: '#a67bf0' },
          { status: 'potential', count: 0, Description: 'Is likely to become a customer.', Color: '#f0a33b' },
          { status: 'closed', count: 0, Description: 'Given up or done.', Color: '#8a8f98' },
          { status: 'contact', count: 1, Description: 'Has been spoken to.', Color: '#2fb5a8' },
          { status: 'customer', count: 0, Description: 'Has bought.', Color: '#4caf50' },
        ],
        source: [{ source: 'website', count: 1 }],
      },
      TotalLeads: 1,
      appointments: [{ ...visit, appointment_status: 'confirmed' }],
    }),
  },
  {
    title: 'Lead overview of a period that there is none of',
    operation: 'leads-overview',
    request: { path: `${pathsOf('overview').path}?appointment=someday` },
    response: bad(400, { appointment: ['Invalid appointment filter value.'] }),
  },
  {
    title: 'List leads',
    operation: 'leads-list',
    request: { path: `${pathsOf('list').path}?first_name=jan&limit=10` },
    response: page([{ ...lead, status: 'contact' }]),
  },
  {
    title: 'List appointments',
    operation: 'appointments-list',
    request: { path: `${pathsOf('appointments/list').path}?datesetting=on&ondate=06/18/2026` },
    response: page([{ ...appointment, appointment_status: 'confirmed' }]),
  },
  {
    title: 'Lead details',
    operation: 'leads-view',
    request: { path: `${pathsOf('view/lead').path}?slug=${SLUG}` },
    response: ok({
      ...{ ...lead, status: 'contact' },
      notes: [note],
      appointments: [{ ...appointment, appointment_status: 'confirmed' }],
    }),
  },
  {
    title: 'Lead details without a slug',
    operation: 'leads-view',
    request: { path: pathsOf('view/lead').path },
    response: bad(400, { slug: ['This field is required and this may not be blank.'] }),
  },
  {
    title: 'Delete lead note',
    operation: 'leadnotes-delete',
    request: { path: pathsOf('delete/leadnote').path, body: { note_id: '{id of the note}' } },
    response: ok({}),
  },
  {
    title: 'Delete appointment',
    operation: 'appointments-delete',
    request: { path: pathsOf('delete/appointment').path, body: { appointment_id: '{id of the visit}' } },
    response: ok({}),
  },
  {
    title: 'Delete lead',
    operation: 'leads-delete',
    request: { path: pathsOf('delete/lead').path, body: { slug: SLUG } },
    response: ok({}),
  },
  {
    title: 'Delete a lead that was deleted',
    operation: 'leads-delete',
    request: { path: pathsOf('delete/lead').path, body: { slug: SLUG } },
    response: bad(400, { slug: ['Requested lead already has a deleted status.'] }),
  },
];
