import type { Example } from '../../dialect';

const PATH = '/api/calendar/external/v1/events';

const TEAM_MEETING = {
  id: '550e8400-e29b-41d4-a716-446655440000',
  title: 'Team Meeting',
  description: 'Weekly team sync',
  start_time: '2025-12-15T14:30:00.000Z',
  end_time: '2025-12-15T16:00:00.000Z',
  all_day: false,
  google_meet_enabled: true,
  meet_link: null,
  zoom_enabled: false,
  zoom_meeting_id: null,
  zoom_join_url: null,
  attendees: [{ email: 'john@example.com', display_name: 'John Doe', response_status: 'accepted' }],
  caller_phone: null,
  caller_name: null,
  source: 'local',
  created_at: '2025-12-10T10:00:00.000Z',
  updated_at: '2025-12-10T10:00:00.000Z',
};

const CLIENT = { email: 'client@example.com', display_name: 'Client Rep' };

/** What the requests with a client have in common. */
const WITH_CLIENT = {
  all_day: false,
  google_meet_enabled: false,
  zoom_enabled: true,
  attendees: [CLIENT],
  caller_phone: '+15551234567',
  caller_name: 'Jane Doe',
};

/** Its answer while Zoom is not connected. */
const WITHOUT_ZOOM = {
  ...WITH_CLIENT,
  meet_link: null,
  zoom_meeting_id: null,
  zoom_join_url: null,
  attendees: [{ ...CLIENT, response_status: 'needsAction' }],
  source: 'local',
};

const FIRST = {
  title: 'My First API Event',
  start_time: '2025-12-15T14:30:00',
  end_time: '2025-12-15T16:00:00',
};
const TWO_PROVIDERS = 'Only one video conference (Google Meet or Zoom) can be enabled per event';

/** The vendor's documented requests to its calendar, in an order in which they build on one another. */
export const eventExamples: Example[] = [
  {
    title: 'Create an event with a Google Meet',
    operation: 'calendar-create',
    request: {
      path: PATH,
      body: {
        ...{ title: 'Team Meeting', description: 'Weekly team sync' },
        ...{ start_time: '2025-12-15 14:30:00', end_time: '2025-12-15T21:30:00+05:30' },
        google_meet_enabled: true,
        attendees: TEAM_MEETING.attendees,
      },
    },
    response: {
      status: 201,
      body: { success: true, data: TEAM_MEETING, warnings: ['google_not_connected'] },
    },
  },
  {
    title: 'List calendar events',
    operation: 'calendar-list',
    request: { path: `${PATH}?from=2025-12-01T00:00:00&to=2025-12-31T23:59:59` },
    response: { status: 200, body: { success: true, data: [TEAM_MEETING] } },
  },
  {
    title: 'Get a single event',
    operation: 'calendar-get',
    request: { path: `${PATH}/{id of Team Meeting}` },
    response: { status: 200, body: { success: true, data: TEAM_MEETING } },
  },
  {
    title: 'Update an event',
    operation: 'calendar-update',
    request: {
      path: `${PATH}/{id of Team Meeting}`,
      body: {
        ...{ title: 'Updated Meeting Title', description: 'Updated description' },
        ...{ start_time: '2025-12-15T15:00:00', end_time: '2025-12-15T17:00:00' },
        ...WITH_CLIENT,
      },
    },
    response: {
      status: 200,
      body: {
        success: true,
        data: {
          ...{ id: TEAM_MEETING.id, title: 'Updated Meeting Title', description: 'Updated description' },
          ...{ start_time: '2025-12-15T15:00:00.000Z', end_time: '2025-12-15T17:00:00.000Z' },
          ...WITHOUT_ZOOM,
          ...{ created_at: '2025-12-10T10:00:00.000Z', updated_at: '2025-12-11T11:30:00.000Z' },
        },
        warnings: ['zoom_not_connected'],
      },
    },
  },
  {
    title: 'Create an event with a Zoom meeting',
    operation: 'calendar-create',
    request: {
      path: PATH,
      body: {
        ...{ title: 'Meeting with Client', description: 'Discuss project requirements' },
        ...{ start_time: '2025-12-15T14:30:00', end_time: '2025-12-15T16:00:00' },
        ...WITH_CLIENT,
      },
    },
    response: {
      status: 201,
      body: {
        success: true,
        data: {
          id: '770e8400-e29b-41d4-a716-446655440002',
          ...{ title: 'Meeting with Client', description: 'Discuss project requirements' },
          ...{ start_time: '2025-12-15T14:30:00.000Z', end_time: '2025-12-15T16:00:00.000Z' },
          ...WITHOUT_ZOOM,
          ...{ created_at: '2025-12-11T10:00:00.000Z', updated_at: '2025-12-11T10:00:00.000Z' },
        },
        warnings: ['zoom_not_connected'],
      },
    },
  },
  {
    title: 'Create your first event',
    operation: 'calendar-create',
    request: { path: PATH, body: FIRST },
    response: {
      status: 201,
      body: {
        success: true,
        data: {
          title: FIRST.title,
          ...{ start_time: '2025-12-15T14:30:00.000Z', end_time: '2025-12-15T16:00:00.000Z' },
          ...{ description: null, all_day: false, google_meet_enabled: false, zoom_enabled: false },
          attendees: [],
        },
      },
    },
  },
  {
    title: 'Delete an event',
    operation: 'calendar-delete',
    request: { path: `${PATH}/{id of My First API Event}` },
    response: { status: 200, body: { success: true, message: 'Event deleted successfully' } },
  },
  {
    title: 'An event that is gone',
    operation: 'calendar-get',
    request: { path: `${PATH}/{id of My First API Event}` },
    response: { status: 404, body: { success: false, error: 'Event not found' } },
  },
  {
    title: 'Both video conferences',
    operation: 'calendar-create',
    request: { path: PATH, body: { ...FIRST, google_meet_enabled: true, zoom_enabled: true } },
    response: { status: 400, body: { success: false, error: TWO_PROVIDERS } },
  },
];
