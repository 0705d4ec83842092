import { type FieldMessages, invalid } from '../error';
import { EnumField, TextField } from '../field';
import { capitalize, words } from '../text';
import { type IntegrationProvider, integrationProvider } from './integration.entity';

const SECRET = { inputOnly: true, min: 1, max: 2048 } as const;

/** What connects a provider. */
export class ConnectIntegration {
  @EnumField(integrationProvider, 'What is connected.', { inputOnly: true, required: true })
  provider!: IntegrationProvider;

  @TextField('Zoom: account id of the server-to-server OAuth app.', SECRET)
  accountId?: string;

  @TextField('Client id of the OAuth app.', SECRET)
  clientId?: string;

  @TextField('Client secret of the OAuth app.', SECRET)
  clientSecret?: string;

  @TextField(
    'Google: refresh token that the user has granted to the app, with the scope calendar.events.',
    SECRET,
  )
  refreshToken?: string;

  @TextField('Google: the calendar; `primary` when not given.', { inputOnly: true, min: 1, max: 255 })
  calendarId?: string;
}

type Part = Exclude<keyof ConnectIntegration, 'provider'>;

const NEEDED: Record<IntegrationProvider, readonly Part[]> = {
  zoom: ['accountId', 'clientId', 'clientSecret'],
  google_calendar: ['clientId', 'clientSecret', 'refreshToken'],
};
const ALLOWED: Record<IntegrationProvider, readonly Part[]> = {
  zoom: NEEDED.zoom,
  google_calendar: [...NEEDED.google_calendar, 'calendarId'],
};

/** Checks that the input has what its provider needs and nothing else. Throws INVALID. */
export function checkParts({ provider, ...parts }: ConnectIntegration): void {
  const fields: FieldMessages = {};
  const given = Object.keys(parts) as Part[];
  for (const part of NEEDED[provider]) {
    if (!given.includes(part)) fields[part] = [`${capitalize(words(part))} is required for ${provider}.`];
  }
  for (const part of given) {
    if (!ALLOWED[provider].includes(part))
      fields[part] = [`${capitalize(words(part))} is not for ${provider}.`];
  }
  if (Object.keys(fields).length > 0) throw invalid(fields);
}
