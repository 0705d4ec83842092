import type { Context } from '../../../src/domain/context';
import type { TestAccount } from '../../support/account';
import { type TestServer, testServer } from '../../support/server';

/** The documented path of calendar events. */
export const EVENTS = '/api/calendar/external/v1/events';

/** A calendar event in the vendor's words. */
export interface WireEvent {
  id: string;
  title: string;
  [field: string]: unknown;
}

/** An answer; a failure has `error` in place of `data`. */
export interface Answer<Data> {
  status: number;
  headers: Record<string, unknown>;
  body: { success: boolean; data: Data; warnings?: string[]; message?: string };
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Sends requests with the key of an account, as a client of the vendor would. */
export class CalendarClient {
  constructor(
    readonly server: TestServer,
    readonly account: TestAccount,
  ) {}

  /** The client of a new account. */
  static async open(): Promise<CalendarClient> {
    const server = await testServer();
    return new CalendarClient(server, await server.openAccount());
  }

  get ctx(): Context {
    return this.account.ctx;
  }

  create(body: unknown): Promise<Answer<WireEvent>> {
    return this.send('POST', EVENTS, body);
  }

  /** Creates an event that must be taken, and answers it as it was answered. */
  async created(body: object): Promise<WireEvent> {
    const { status, body: answered } = await this.create(body);
    expect({ status, body: answered }).toEqual({ status: 201, body: expect.anything() });
    return answered.data;
  }

  update(id: string, body: unknown): Promise<Answer<WireEvent>> {
    return this.send('PATCH', `${EVENTS}/${id}`, body);
  }

  get(id: string): Promise<Answer<WireEvent>> {
    return this.send('GET', `${EVENTS}/${id}`);
  }

  delete(id: string): Promise<Answer<never>> {
    return this.send('DELETE', `${EVENTS}/${id}`);
  }

  /** The list of a query as it stands in the address. */
  list(query = ''): Promise<Answer<WireEvent[]>> {
    return this.send('GET', EVENTS + query);
  }

  async send<Data>(method: Method, url: string, body?: unknown): Promise<Answer<Data>> {
    const response = await this.server.app.inject({
      ...{ method, url },
      headers: {
        authorization: `Bearer ${this.account.key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  /** What a new event of the account looks like, but for these fields. */
  expected(fields: object): object {
    const now = this.ctx.instant();
    return {
      ...{
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      },
      ...{ title: 'Team Meeting', description: null, all_day: false },
      ...{ start_time: '2025-12-15T14:30:00.000Z', end_time: '2025-12-15T16:00:00.000Z' },
      ...{ google_meet_enabled: false, meet_link: null },
      ...{ zoom_enabled: false, zoom_meeting_id: null, zoom_join_url: null },
      ...{ attendees: [], caller_phone: null, caller_name: null, source: 'local' },
      ...{ created_at: now, updated_at: now },
      ...fields,
    };
  }
}

/** The fields that an event needs. */
export const MEETING = {
  title: 'Team Meeting',
  start_time: '2025-12-15T14:30:00',
  end_time: '2025-12-15T16:00:00',
};

/** The guest of the documentation. */
export const CLIENT = { email: 'client@example.com', display_name: 'Client Rep' };

/** An event with all that the documentation gives in a request. */
export const WITH_CLIENT = {
  ...{ title: 'Meeting with Client', description: 'Discuss project requirements' },
  ...{ start_time: '2025-12-15T14:30:00', end_time: '2025-12-15T16:00:00' },
  ...{ all_day: false, google_meet_enabled: false, zoom_enabled: true },
  ...{ attendees: [CLIENT], caller_phone: '+15551234567', caller_name: 'Jane Doe' },
};

/** Status and body of an answer, to compare with what was expected. */
export function essence({ status, body }: Answer<unknown>): object {
  return { status, body };
}
