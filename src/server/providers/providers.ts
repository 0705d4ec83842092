import type { Agent } from 'undici';
import type { Config } from '../../config';
import { undici } from '../../delivery/undici';
import type { Providers } from '../../domain/integration/provider';
import { googleCalendars } from './google-calendar';
import { zoomMeetings } from './zoom';

/** Where the providers are. */
export type ProviderUrls = Pick<
  Config,
  'ZOOM_API_URL' | 'ZOOM_OAUTH_URL' | 'GOOGLE_API_URL' | 'GOOGLE_OAUTH_URL'
>;

interface ProvidersOptions {
  urls: ProviderUrls;
  now: () => Date;
  onError: (error: unknown) => void;
  /** How long what is done for an event may take, all calls together. */
  timeoutMs?: number;
}

/** The providers as a process reaches them, until it closes them. */
export interface OpenProviders extends Providers {
  close: () => Promise<void>;
}

const TIMEOUT_MS = 10_000;

/** Opens the way to the providers. */
export function openProviders({
  urls,
  now,
  onError,
  timeoutMs = TIMEOUT_MS,
}: ProvidersOptions): OpenProviders {
  let opened: Agent | undefined;
  const dispatcher = () => {
    opened ??= new (undici().Agent)({ connect: { timeout: timeoutMs }, pipelining: 1 });
    return opened;
  };
  const outside = { dispatcher, now };
  return {
    zoom: zoomMeetings({ ...outside, apiUrl: urls.ZOOM_API_URL, oauthUrl: urls.ZOOM_OAUTH_URL }),
    google_calendar: googleCalendars({
      ...outside,
      ...{ apiUrl: urls.GOOGLE_API_URL, oauthUrl: urls.GOOGLE_OAUTH_URL },
    }),
    ...{ timeoutMs, onError },
    close: async () => opened?.destroy(),
  };
}
