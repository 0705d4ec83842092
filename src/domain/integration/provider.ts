import type { Instant } from '../datetime';

/** How a provider failed: what it means for what was asked of it. */
export type ProviderFailure =
  /** The credentials are not accepted. */
  | 'credentials'
  /** What was asked for is not there (404). */
  | 'missing'
  /** It was there and is no more; of a sync token: it is too old (410). */
  | 'gone'
  /** It is there already (409). */
  | 'exists'
  /** Nothing was done, for another reason. */
  | 'refused'
  /** No answer, or none that says what was done. */
  | 'unavailable';

/** A provider did not do what was asked of it; the message is for the account and holds no secret. */
export class ProviderError extends Error {
  constructor(
    readonly reason: ProviderFailure,
    message: string,
    /** How long the provider asks to wait. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
    this.name = 'ProviderError';
  }
}

/** Whether the error says that there is nothing (any more) of what was asked for. */
export function isAbsence(error: unknown): boolean {
  return error instanceof ProviderError && (error.reason === 'missing' || error.reason === 'gone');
}

/** For whom a provider is called, and until when. */
export interface ProviderCall<Credentials> {
  credentials: Credentials;
  signal: AbortSignal;
}

/** A server-to-server app of a Zoom account (https://developers.zoom.us/docs/internal-apps/s2s-oauth/). */
export interface ZoomCredentials {
  accountId: string;
  clientId: string;
  clientSecret: string;
}

/** What a meeting is to be. */
export interface MeetingPlan {
  title: string;
  description: string | null;
  startsAt: Instant;
  endsAt: Instant;
  emails: string[];
}

/** An online meeting as its provider knows it. */
export interface Meeting {
  id: string;
  url: string;
}

/** Makes online meetings. Every method throws {@link ProviderError}. */
export interface Meetings {
  /** Throws when the credentials are not accepted. */
  prove: (call: ProviderCall<ZoomCredentials>) => Promise<void>;
  /** Makes a meeting that `find` knows by the event; called twice, it makes two. */
  create: (call: ProviderCall<ZoomCredentials>, eventId: string, plan: MeetingPlan) => Promise<Meeting>;
  update: (
    call: ProviderCall<ZoomCredentials>,
    id: string,
    eventId: string,
    plan: MeetingPlan,
  ) => Promise<void>;
  remove: (call: ProviderCall<ZoomCredentials>, id: string) => Promise<void>;
  /** The meetings that were made for the event. */
  find: (call: ProviderCall<ZoomCredentials>, eventId: string) => Promise<Meeting[]>;
}

/** An OAuth client and what a Google user has granted it, for one of the user's calendars. */
export interface GoogleCredentials {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  calendarId: string;
}

/** Somebody invited to an event of a calendar. */
export interface RemoteAttendee {
  email: string;
  displayName: string | null;
  responseStatus: 'needs_action' | 'accepted' | 'declined' | 'tentative';
}

/** What an event of a calendar says; both sides are compared in this form. */
export interface RemoteFields {
  title: string;
  description: string | null;
  /** Days as `2026-03-02` (the end is the day after), else times as `2026-03-02T10:00:00Z`. */
  span: { start: string; end: string };
  attendees: RemoteAttendee[];
  hasMeet: boolean;
  /** Written only: where people meet when that is not Google Meet. */
  location?: string | null;
}

/** An event of a calendar. */
export interface RemoteEvent {
  id: string;
  isCancelled: boolean;
  updatedAt: Instant | null;
  /** The event of ours that it was made for. */
  eventId: string | null;
  /** Missing where a cancelled one says nothing of itself. */
  fields: RemoteFields | null;
  meeting: { state: 'none' | 'pending' | 'ready' | 'failed'; url: string | null; id: string | null };
}

/** What is written to an event of a calendar; what is not named stays. */
export interface RemoteWrite {
  fields: Partial<RemoteFields>;
  /** Names the wish for a Google Meet: repeated, it makes no second one. */
  meetRequestId: string;
}

/** Which changes of a calendar are asked for: since the token, or else all events that end after `since`. */
export interface ChangesRequest {
  syncToken: string | null;
  pageToken: string | null;
  since: Instant;
}

/** One page of the changes of a calendar; the last one has the token of the next look. */
export interface ChangesPage {
  events: RemoteEvent[];
  timeZone: string;
  nextPageToken: string | null;
  nextSyncToken: string | null;
}

/** Keeps events in a calendar. Every method throws {@link ProviderError}. */
export interface Calendars {
  /** Answers the time zone of the calendar. Throws when the credentials are not accepted, MISSING without such a calendar. */
  prove: (call: ProviderCall<GoogleCredentials>) => Promise<{ timeZone: string }>;
  /** Makes an event of the given id; throws EXISTS when there was one. */
  insert: (
    call: ProviderCall<GoogleCredentials>,
    id: string,
    eventId: string,
    write: RemoteWrite,
  ) => Promise<RemoteEvent>;
  patch: (call: ProviderCall<GoogleCredentials>, id: string, write: RemoteWrite) => Promise<RemoteEvent>;
  get: (call: ProviderCall<GoogleCredentials>, id: string) => Promise<RemoteEvent>;
  remove: (call: ProviderCall<GoogleCredentials>, id: string) => Promise<void>;
  changes: (call: ProviderCall<GoogleCredentials>, request: ChangesRequest) => Promise<ChangesPage>;
}

/** The providers as this process reaches them. */
export interface Providers {
  zoom: Meetings;
  google_calendar: Calendars;
  /** How long what is done for an event may take, all calls together. */
  timeoutMs: number;
  /** Hears of failures on this side. */
  onError: (error: unknown) => void;
}
