import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Meeting, MeetingPlan, Meetings, ZoomCredentials } from '../../domain/integration/provider';
import { AuthorizedLine } from './authorized-line';

interface ZoomOptions {
  /** `https://api.zoom.us/v2` */
  apiUrl: string;
  /** `https://zoom.us/oauth/token` */
  oauthUrl: string;
  dispatcher: () => Dispatcher;
  now: () => Date;
}

const SCHEDULED = 2;
const TOPIC_MAX = 200;
const AGENDA_MAX = 2000;
const PAGE_SIZE = 300;

const meeting = z.object({ id: z.number().int(), join_url: z.string() });
const page = z.object({
  meetings: z.array(meeting.extend({ agenda: z.string().optional() })),
  next_page_token: z.string().optional(),
});
const nothing = z.unknown();

// First in the agenda: lists show only its first 250 characters.
const markOf = (eventId: string) => `Reference: ${eventId}`;
const cut = (text: string, max: number) => Array.from(text).slice(0, max).join('');

function bodyOf(eventId: string, plan: MeetingPlan): object {
  const { title, description, startsAt, endsAt, emails } = plan;
  const minutes = Math.ceil((Date.parse(endsAt) - Date.parse(startsAt)) / 60_000);
  return {
    ...{ topic: cut(title, TOPIC_MAX), type: SCHEDULED, timezone: 'UTC', duration: minutes },
    start_time: `${startsAt.slice(0, 19)}Z`,
    agenda: cut([markOf(eventId), description].filter(Boolean).join('\n\n'), AGENDA_MAX),
    settings: { meeting_invitees: emails.map((email) => ({ email })) },
  };
}

const meetingOf = ({ id, join_url }: z.infer<typeof meeting>): Meeting => ({ id: String(id), url: join_url });

function tokenRequestOf(url: string) {
  return ({ accountId, clientId, clientSecret }: ZoomCredentials) => ({
    url,
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'account_credentials', account_id: accountId }).toString(),
  });
}

/** Zoom Meetings by its REST API (https://developers.zoom.us/docs/api/meetings/), with server-to-server OAuth. */
export function zoomMeetings({ apiUrl, oauthUrl, dispatcher, now }: ZoomOptions): Meetings {
  const line = new AuthorizedLine<ZoomCredentials>({
    ...{ name: 'Zoom', dispatcher, now },
    tokenRequest: tokenRequestOf(oauthUrl),
  });
  const own = `${apiUrl}/users/me/meetings`;
  const urlOf = (id: string) => `${apiUrl}/meetings/${encodeURIComponent(id)}`;
  return {
    prove: async (call) => {
      await line.renew(call);
    },
    create: async (call, eventId, plan) =>
      meetingOf(await line.send(call, { method: 'POST', url: own, json: bodyOf(eventId, plan) }, meeting)),
    update: async (call, id, eventId, plan) => {
      await line.send(call, { method: 'PATCH', url: urlOf(id), json: bodyOf(eventId, plan) }, nothing);
    },
    remove: async (call, id) => {
      await line.send(call, { method: 'DELETE', url: urlOf(id) }, nothing);
    },
    find: async (call, eventId) => {
      const found: Meeting[] = [];
      for (let token = ''; ; ) {
        const query = new URLSearchParams({ type: 'scheduled', page_size: String(PAGE_SIZE) });
        if (token) query.set('next_page_token', token);
        const { meetings, next_page_token } = await line.send(
          call,
          { method: 'GET', url: `${own}?${query}` },
          page,
        );
        found.push(...meetings.filter(({ agenda }) => agenda?.startsWith(markOf(eventId))).map(meetingOf));
        if (!next_page_token) return found;
        token = next_page_token;
      }
    },
  };
}
