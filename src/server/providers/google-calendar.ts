import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Calendars, ChangesRequest, GoogleCredentials } from '../../domain/integration/provider';
import { AuthorizedLine } from './authorized-line';
import { fromGoogle, googleEvent, insertBody, patchBody } from './google-event';

interface GoogleOptions {
  /** `https://www.googleapis.com/calendar/v3` */
  apiUrl: string;
  /** `https://oauth2.googleapis.com/token` */
  oauthUrl: string;
  dispatcher: () => Dispatcher;
  now: () => Date;
}

const PAGE_SIZE = 250;
/** Who is invited hears of it; links to Google Meet are read and written. */
const WRITE = 'conferenceDataVersion=1&sendUpdates=all';
/** What else a calendar shows as events: places of work, hours of focus, birthdays. */
const EVENT_TYPES = [undefined, 'default', 'fromGmail'];

const changesPage = z.object({
  timeZone: z.string(),
  items: z.array(googleEvent).default([]),
  nextPageToken: z.string().optional(),
  nextSyncToken: z.string().optional(),
});
const nothing = z.unknown();

function tokenRequestOf(url: string) {
  return ({ clientId, clientSecret, refreshToken }: GoogleCredentials) => ({
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      ...{ grant_type: 'refresh_token', client_id: clientId },
      ...{ client_secret: clientSecret, refresh_token: refreshToken },
    }).toString(),
  });
}

// The same on every request of a sync: https://developers.google.com/workspace/calendar/api/guides/sync
function changesQuery({ syncToken, pageToken, since }: ChangesRequest): URLSearchParams {
  const query = new URLSearchParams({
    ...{ singleEvents: 'true', showDeleted: 'true', maxResults: String(PAGE_SIZE) },
    ...(syncToken ? { syncToken } : { timeMin: since }),
  });
  if (pageToken) query.set('pageToken', pageToken);
  return query;
}

/** Google Calendar by its REST API (https://developers.google.com/workspace/calendar/api/v3/reference/events). */
export function googleCalendars({ apiUrl, oauthUrl, dispatcher, now }: GoogleOptions): Calendars {
  const line = new AuthorizedLine<GoogleCredentials>({
    ...{ name: 'Google Calendar', dispatcher, now },
    tokenRequest: tokenRequestOf(oauthUrl),
  });
  const eventsOf = ({ calendarId }: GoogleCredentials) =>
    `${apiUrl}/calendars/${encodeURIComponent(calendarId)}/events`;
  const urlOf = (credentials: GoogleCredentials, id: string) =>
    `${eventsOf(credentials)}/${encodeURIComponent(id)}`;
  return {
    prove: async (call) => {
      await line.renew(call);
      const url = `${eventsOf(call.credentials)}?maxResults=1`;
      const { timeZone } = await line.send(call, { method: 'GET', url }, changesPage);
      return { timeZone };
    },
    insert: async (call, id, eventId, write) => {
      const url = `${eventsOf(call.credentials)}?${WRITE}`;
      const json = insertBody(id, eventId, write);
      return fromGoogle(await line.send(call, { method: 'POST', url, json }, googleEvent));
    },
    patch: async (call, id, write) => {
      const url = `${urlOf(call.credentials, id)}?${WRITE}`;
      return fromGoogle(await line.send(call, { method: 'PATCH', url, json: patchBody(write) }, googleEvent));
    },
    get: async (call, id) =>
      fromGoogle(await line.send(call, { method: 'GET', url: urlOf(call.credentials, id) }, googleEvent)),
    remove: async (call, id) => {
      const url = `${urlOf(call.credentials, id)}?sendUpdates=all`;
      await line.send(call, { method: 'DELETE', url }, nothing);
    },
    changes: async (call, request) => {
      const url = `${eventsOf(call.credentials)}?${changesQuery(request)}`;
      const page = await line.send(call, { method: 'GET', url }, changesPage);
      return {
        events: page.items.filter(({ eventType }) => EVENT_TYPES.includes(eventType)).map(fromGoogle),
        timeZone: page.timeZone,
        nextPageToken: page.nextPageToken ?? null,
        nextSyncToken: page.nextSyncToken ?? null,
      };
    },
  };
}
