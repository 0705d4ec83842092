import { z } from 'zod';
import { formOf, jsonOf, StandIn, type StandInReply, type StandInRequest } from './stand-in';

/** The only grant that the stand-in knows. */
export const GOOGLE_APP = {
  clientId: 'google-client-1',
  clientSecret: 'google-secret-77c1',
  refreshToken: '1//google-refresh-9e2b',
};

const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const second = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const when = z.union([z.strictObject({ date: day }), z.strictObject({ dateTime: second })]);
const changedWhen = z.strictObject({ date: day.nullable(), dateTime: second.nullable() });
const attendee = z.strictObject({
  email: z.email(),
  displayName: z.string().optional(),
  responseStatus: z.enum(['needsAction', 'declined', 'tentative', 'accepted']),
});
const conferenceData = z.strictObject({
  createRequest: z.strictObject({
    requestId: z.string().min(1),
    conferenceSolutionKey: z.strictObject({ type: z.literal('hangoutsMeet') }),
  }),
});
// https://developers.google.com/workspace/calendar/api/v3/reference/events#resource
const insertBody = z.strictObject({
  id: z.string().regex(/^[a-v0-9]{5,1024}$/),
  summary: z.string(),
  description: z.string().optional(),
  location: z.string().optional(),
  start: when,
  end: when,
  attendees: z.array(attendee),
  conferenceData: conferenceData.optional(),
  extendedProperties: z.strictObject({ private: z.record(z.string().max(44), z.string().max(1024)) }),
});
const patchBody = z.strictObject({
  summary: z.string().optional(),
  description: z.string().nullable().optional(),
  location: z.string().nullable().optional(),
  start: changedWhen.optional(),
  end: changedWhen.optional(),
  attendees: z.array(attendee).optional(),
  conferenceData: conferenceData.nullable().optional(),
});

/** An event as the stand-in keeps it. */
export interface GoogleItem {
  id: string;
  status: 'confirmed' | 'cancelled';
  updated: string;
  [field: string]: unknown;
}

interface Kept {
  item: GoogleItem;
  revision: number;
  meetRequestId?: string | undefined;
}

const error = (code: number, reason: string): StandInReply => ({
  status: code,
  body: { error: { code, message: reason, errors: [{ domain: 'global', reason }] } },
});

/** Google Calendar with one calendar of one user. */
export class GoogleStandIn extends StandIn {
  readonly tokens = new Set<string>();
  timeZone = 'UTC';
  calendarId = 'primary';
  pageSize = 250;
  /** What becomes of wishes for a Google Meet. */
  meet: 'success' | 'pending' | 'failure' = 'success';
  /** The bodies of changes, oldest first. */
  readonly patches: object[] = [];
  /** Sync tokens up to this revision are too old. */
  private forgotten = -1;
  private revision = 0;
  private meets = 0;
  private readonly kept = new Map<string, Kept>();

  /** The events that are not deleted, oldest first. */
  get items(): GoogleItem[] {
    return [...this.kept.values()].map(({ item }) => item).filter(({ status }) => status === 'confirmed');
  }

  /** The number of Google Meets that were ever made. */
  get meetCount(): number {
    return this.meets;
  }

  /** Somebody makes or changes an event in Google. */
  edit(id: string, fields: Record<string, unknown>): void {
    const known = this.kept.get(id)?.item;
    this.keep({ ...(known ?? { status: 'confirmed' }), ...fields, id } as GoogleItem);
  }

  /** Somebody deletes an event in Google. */
  cancel(id: string): void {
    const known = this.kept.get(id);
    this.keep({ id, status: 'cancelled' } as GoogleItem, known?.meetRequestId);
  }

  /** All sync tokens that were given out are too old, and what was deleted is forgotten. */
  forget(): void {
    this.forgotten = this.revision;
    for (const [id, { item }] of this.kept) if (item.status === 'cancelled') this.kept.delete(id);
  }

  protected answer(request: StandInRequest): StandInReply {
    const { method, path } = request;
    if (`${method} ${path}` === 'POST /token') return this.token(request);
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!bearer || !this.tokens.has(bearer)) return error(401, 'authError');
    const [, calendarId = '', id] =
      /^\/calendar\/v3\/calendars\/([^/]+)\/events(?:\/([^/]+))?$/.exec(path) ?? [];
    if (!calendarId) return this.refuse(404, `${method} ${path}`);
    if (decodeURIComponent(calendarId) !== this.calendarId) return error(404, 'notFound');
    if (id === undefined) return method === 'POST' ? this.insert(request) : this.list(request);
    if (method === 'GET') return this.get(id);
    if (method === 'PATCH') return this.patch(id, request);
    return method === 'DELETE' ? this.remove(id) : this.refuse(405, `${method} ${path}`);
  }

  private token(request: StandInRequest): StandInReply {
    const { grant_type, client_id, client_secret, refresh_token, ...more } = formOf(request);
    if (grant_type !== 'refresh_token' || Object.keys(more).length > 0) this.refuse(400, 'token form');
    const { clientId, clientSecret, refreshToken } = GOOGLE_APP;
    if (client_id !== clientId || client_secret !== clientSecret) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    if (refresh_token !== refreshToken) return { status: 400, body: { error: 'invalid_grant' } };
    const access_token = `ya29.token-${this.calls.length}`;
    this.tokens.add(access_token);
    return {
      status: 200,
      body: { access_token, expires_in: 3599, token_type: 'Bearer', scope: 'calendar.events' },
    };
  }

  private keep(item: GoogleItem, meetRequestId?: string): GoogleItem {
    this.revision += 1;
    const updated = new Date(Date.UTC(2026, 2, 2) + this.revision * 1000).toISOString();
    const kept = { ...item, updated, etag: `"${this.revision}"` };
    this.kept.set(item.id, { item: kept, revision: this.revision, meetRequestId });
    return kept;
  }

  private requireWriteQuery({ query }: StandInRequest): void {
    if (query.toString() !== 'conferenceDataVersion=1&sendUpdates=all') this.refuse(400, `query ${query}`);
  }

  private meetOf(requestId: string): Record<string, unknown> {
    const createRequest = { requestId, status: { statusCode: this.meet } };
    if (this.meet !== 'success') return { conferenceData: { createRequest } };
    this.meets += 1;
    const conferenceId = `aaa-bbbb-${String(this.meets).padStart(3, '0')}`;
    const uri = `https://meet.google.com/${conferenceId}`;
    return {
      hangoutLink: uri,
      conferenceData: {
        ...{ conferenceId, createRequest, entryPoints: [{ entryPointType: 'video', uri }] },
        conferenceSolution: { key: { type: 'hangoutsMeet' }, name: 'Google Meet' },
      },
    };
  }

  private insert(request: StandInRequest): StandInReply {
    this.requireWriteQuery(request);
    const { data, error: problem } = insertBody.safeParse(jsonOf(request));
    if (!data) return this.refuse(400, z.prettifyError(problem));
    if (this.kept.has(data.id)) return error(409, 'duplicate');
    const { conferenceData: wish, ...fields } = data;
    const requestId = wish?.createRequest.requestId;
    const item = { ...fields, status: 'confirmed', ...(requestId && this.meetOf(requestId)) };
    return { status: 200, body: this.keep(item as unknown as GoogleItem, requestId) };
  }

  private get(id: string): StandInReply {
    const known = this.kept.get(id);
    return known ? { status: 200, body: known.item } : error(404, 'notFound');
  }

  private patch(id: string, request: StandInRequest): StandInReply {
    this.requireWriteQuery(request);
    const { data, error: problem } = patchBody.safeParse(jsonOf(request));
    if (!data) return this.refuse(400, z.prettifyError(problem));
    const known = this.kept.get(id);
    if (!known) return error(404, 'notFound');
    if (known.item.status === 'cancelled') return error(403, 'forbidden');
    this.patches.push(data);
    const { conferenceData: wish, ...fields } = data;
    const item: Record<string, unknown> = { ...known.item };
    for (const [name, value] of Object.entries(fields)) {
      const plain = JSON.parse(JSON.stringify(value, (_, inner) => inner ?? undefined) ?? 'null');
      if (plain === null) delete item[name];
      else item[name] = plain;
    }
    if (wish === null) {
      delete item.conferenceData;
      delete item.hangoutLink;
    }
    const requestId = wish?.createRequest.requestId;
    // A wish of the same name as the one before is ignored.
    const isNew = requestId !== undefined && requestId !== known.meetRequestId;
    if (isNew) Object.assign(item, this.meetOf(requestId));
    return { status: 200, body: this.keep(item as GoogleItem, requestId ?? known.meetRequestId) };
  }

  /** The Google Meet that an event waits for is there. */
  finishMeet(id: string): void {
    const known = this.kept.get(id);
    this.meet = 'success';
    if (known?.meetRequestId) {
      this.keep({ ...known.item, ...this.meetOf(known.meetRequestId) } as GoogleItem, known.meetRequestId);
    }
  }

  private remove(id: string): StandInReply {
    const known = this.kept.get(id);
    if (!known) return error(404, 'notFound');
    if (known.item.status === 'cancelled') return error(410, 'deleted');
    this.cancel(id);
    return { status: 204 };
  }

  private list({ query }: StandInRequest): StandInReply {
    const {
      syncToken,
      pageToken = '0',
      timeMin,
      maxResults,
      singleEvents,
      showDeleted,
      ...more
    } = Object.fromEntries(query);
    if (Object.keys(more).length > 0 || (syncToken && timeMin)) this.refuse(400, `list ${query}`);
    const isSync = singleEvents === 'true' && showDeleted === 'true';
    if (!isSync && maxResults !== '1') this.refuse(400, `list ${query}`);
    const since = syncToken === undefined ? -1 : Number(syncToken.replace('sync-', ''));
    if (syncToken !== undefined && since <= this.forgotten) return error(410, 'fullSyncRequired');
    const isIn = ({ item, revision }: Kept) => {
      const end = (item.end ?? {}) as { date?: string; dateTime?: string };
      const text = end.dateTime ?? end.date;
      return revision > since && (!timeMin || !text || Date.parse(text) > Date.parse(timeMin));
    };
    const rows = [...this.kept.values()].filter(isIn).toSorted((a, b) => a.revision - b.revision);
    const [from, size] = [Number(pageToken), Math.min(Number(maxResults), this.pageSize)];
    const isMore = from + size < rows.length;
    const token = isMore
      ? { nextPageToken: String(from + size) }
      : { nextSyncToken: `sync-${this.revision}` };
    const items = rows.slice(from, from + size).map(({ item }) => item);
    return { status: 200, body: { kind: 'calendar#events', timeZone: this.timeZone, items, ...token } };
  }
}
