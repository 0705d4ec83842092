import { z } from 'zod';
import { formOf, jsonOf, Refused, StandIn, type StandInReply, type StandInRequest } from './stand-in';

/** The only app that the stand-in knows. */
export const ZOOM_APP = {
  accountId: 'zoom-account-1',
  clientId: 'zoom-client-1',
  clientSecret: 'zoom-secret-0f9a',
};

// https://developers.zoom.us/docs/api/meetings/#tag/meetings/post/users/{userId}/meetings
const meetingBody = z.strictObject({
  topic: z.string().min(1).max(200),
  type: z.literal(2),
  start_time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  duration: z.int().min(1),
  timezone: z.literal('UTC'),
  agenda: z.string().max(2000),
  settings: z.strictObject({ meeting_invitees: z.array(z.strictObject({ email: z.email() })) }),
});

/** A meeting as the stand-in keeps it. */
export type ZoomMeeting = z.infer<typeof meetingBody> & { id: number; join_url: string };

/** Zoom with one server-to-server app and one user. */
export class ZoomStandIn extends StandIn {
  readonly meetings = new Map<number, ZoomMeeting>();
  /** Tokens that are accepted. */
  readonly tokens = new Set<string>();
  /** Whether any token is accepted at all. */
  acceptsTokens = true;
  /** More than 0: too many requests, and how long to wait. */
  retryAfterSeconds = 0;
  pageSize = 300;
  private lastId = 81_000_000_000;

  protected answer(request: StandInRequest): StandInReply {
    const { method, path } = request;
    if (`${method} ${path}` === 'POST /oauth/token') return this.token(request);
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!bearer || !this.acceptsTokens || !this.tokens.has(bearer)) {
      return { status: 401, body: { code: 124, message: 'Invalid access token.' } };
    }
    if (this.retryAfterSeconds > 0) {
      const headers = { 'retry-after': String(this.retryAfterSeconds) };
      return { status: 429, headers, body: { code: 429, message: 'You have reached the limit.' } };
    }
    if (path === '/v2/users/me/meetings' && method === 'POST') return this.create(request);
    if (path === '/v2/users/me/meetings' && method === 'GET') return this.list(request);
    const id = Number(/^\/v2\/meetings\/(\d{10,11})$/.exec(path)?.[1]);
    if (!id || !['PATCH', 'DELETE'].includes(method)) return this.refuse(404, `${method} ${path}`);
    const known = this.meetings.get(id);
    if (!known) {
      return { status: 404, body: { code: 3001, message: `Meeting does not exist: ${id}.` } };
    }
    if (method === 'DELETE') this.meetings.delete(id);
    else this.meetings.set(id, { ...known, ...this.bodyOf(request) });
    return { status: 204 };
  }

  /** The one meeting that there has to be. */
  only(): ZoomMeeting {
    expect(this.meetings.size).toBe(1);
    return [...this.meetings.values()][0] as ZoomMeeting;
  }

  private token(request: StandInRequest): StandInReply {
    const { grant_type, account_id, ...more } = formOf(request);
    if (grant_type !== 'account_credentials' || Object.keys(more).length > 0) this.refuse(400, 'token form');
    const { accountId, clientId, clientSecret } = ZOOM_APP;
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    if (request.headers.authorization !== basic || account_id !== accountId) {
      const reason = 'Invalid client_id or client_secret';
      return { status: 400, body: { reason, error: 'invalid_client' } };
    }
    const access_token = `zoom-token-${this.calls.length}`;
    this.tokens.add(access_token);
    return {
      status: 200,
      body: { access_token, token_type: 'bearer', expires_in: 3599, scope: 'meeting:write' },
    };
  }

  private bodyOf(request: StandInRequest): z.infer<typeof meetingBody> {
    const { data, error } = meetingBody.safeParse(jsonOf(request));
    return data ?? this.refuse(400, z.prettifyError(error as z.ZodError));
  }

  private create(request: StandInRequest): StandInReply {
    const body = this.bodyOf(request);
    this.lastId += 1;
    const meeting = { ...body, id: this.lastId, join_url: `https://us02web.zoom.us/j/${this.lastId}` };
    this.meetings.set(meeting.id, meeting);
    return { status: 201, body: { ...meeting, uuid: 'x==', status: 'waiting' } };
  }

  private list({ query }: StandInRequest): StandInReply {
    const { type, page_size, next_page_token = '0', ...more } = Object.fromEntries(query);
    const isKnown = type === 'scheduled' && Number(page_size) <= 300 && Object.keys(more).length === 0;
    if (!isKnown) throw new Refused({ status: 400, body: { code: 300, message: `list: ${query}` } });
    const from = Number(next_page_token);
    const size = Math.min(Number(page_size), this.pageSize);
    const rows = [...this.meetings.values()].slice(from, from + size);
    const isMore = from + size < this.meetings.size;
    const meetings = rows.map(({ agenda, ...row }) => ({ ...row, agenda: agenda.slice(0, 250) }));
    return {
      status: 200,
      body: { page_size: size, meetings, next_page_token: isMore ? String(from + size) : '' },
    };
  }
}
