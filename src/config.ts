import { isIP } from 'node:net';
import { z } from 'zod';

const wholeNumber = (name: string, min: number, max: number, fallback: number) =>
  z.coerce
    .number(`${name} must be a whole number.`)
    .int(`${name} must be a whole number.`)
    .min(min, `${name} must be at least ${min}.`)
    .max(max, `${name} must be at most ${max}.`)
    .default(fallback);

const postgresUrl = (name: string) =>
  z
    .string()
    .regex(
      /^postgres(ql)?:\/\//,
      `${name} must be an address like postgres://user:password@host:5432/database.`,
    )
    .optional();

const providerUrl = (name: string, fallback: string) =>
  z
    .url({ protocol: /^https?$/, error: `${name} must be an address like ${fallback}.` })
    .transform((url) => url.replace(/\/+$/, ''))
    .default(fallback);
const MAIL_FROM_FORM = 'MAIL_FROM must be an address like news@example.com or Name <news@example.com>.';

/** `ann@example.com` or `Ann <ann@example.com>`. */
const mailbox = z
  .string()
  .transform((text) => {
    const [, name = '', address = text] = /^(.*)<([^<>]+)>$/.exec(text.trim()) ?? [];
    return { address: address.trim(), name: name.trim().replace(/^"(.*)"$/, '$1') || null };
  })
  .refine(({ address }) => z.email().safeParse(address).success, MAIL_FROM_FORM)
  .optional();

const commaList = (isItem: (item: string) => boolean, message: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((item) => item.trim()))
    .refine((items) => items.every(isItem), message)
    .optional();

function isRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  const isPrefix =
    prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
  return isPrefix && rest.length === 0;
}

function isHostOrRange(text: string): boolean {
  return (
    isRange(text) || (isIP(text.split('/')[0] ?? '') === 0 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text))
  );
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

/** Every setting, once: its check, its default, and what the README says of it. */
const SETTINGS = {
  PORT: wholeNumber('PORT', 0, 65_535, 4000).describe('Port to listen on; 0 takes a free one.'),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on.'),
  DATA_DIR: z
    .string()
    .min(1, 'DATA_DIR must name a folder.')
    .default('.data')
    .describe('Folder of the embedded PostgreSQL and of the generated secret.'),
  DATABASE_URL: postgresUrl('DATABASE_URL').describe(
    'An existing PostgreSQL (14 or newer) to use instead of the embedded one.',
  ),
  DATABASE_POOL: wholeNumber('DATABASE_POOL', 2, 500, 16).describe(
    'Most connections to PostgreSQL for requests, per process.',
  ),
  SECRET: z
    .string()
    .min(32, 'SECRET must be at least 32 characters long.')
    .optional()
    .describe(
      'Secret that hashes API keys; the same for all processes. Generated into DATA_DIR when not set.',
    ),
  SECRET_PREVIOUS: commaList(
    (secret) => secret.length >= 32,
    'SECRET_PREVIOUS must be secrets of at least 32 characters, with commas between them.',
  ).describe('Secrets that SECRET has replaced: what they encrypted can still be read.'),
  WEBHOOK_ALLOW: commaList(
    isHostOrRange,
    'WEBHOOK_ALLOW must be host names, addresses and ranges like hooks.internal,10.0.0.0/8.',
  ).describe('Hosts and address ranges that webhooks may be sent to although they are not public.'),
  TRUSTED_PROXIES: commaList(
    isRange,
    'TRUSTED_PROXIES must be addresses and ranges like 10.0.0.0/8,::1.',
  ).describe('Proxies before this server that are believed when they say who sends (X-Forwarded-For).'),
  ROLE: z
    .enum(['api', 'worker', 'all'], { error: 'ROLE must be one of api, worker, all.' })
    .default('all')
    .describe('api answers requests, worker sends webhooks, all does both.'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'REDIS_URL must be an address like redis://host:6379.')
    .optional()
    .describe('Redis through which several processes share rate limits and wake one another.'),
  CHANGE_LOG_DAYS: wholeNumber('CHANGE_LOG_DAYS', 1, 3650, 30).describe(
    'Days that entries of the change log are kept; a cursor older than that is refused.',
  ),
  SOCKETS_PER_KEY: wholeNumber('SOCKETS_PER_KEY', 1, 1_000_000, 1_000).describe(
    'Most WebSockets that one key may keep open per process.',
  ),
  MAX_CONNECTIONS: wholeNumber('MAX_CONNECTIONS', 1, 1_000_000, 20_000).describe(
    'Most connections of clients to one process, WebSockets among them; more are closed at once.',
  ),
  DIALER: z
    .enum(['manual', 'simulated'], { error: 'DIALER must be one of manual, simulated.' })
    .default('manual')
    .describe('What makes calls: people and programs that report them, or a simulation for trials.'),
  EPIXEL_BASE: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'EPIXEL_BASE must be a path like /backoffice/v2.')
    .optional()
    .describe('Path, besides /api/v1, that the operations of Epixel are below.'),
  ZOOM_API_URL: providerUrl('ZOOM_API_URL', 'https://api.zoom.us/v2').describe('Where Zoom’s API is.'),
  ZOOM_OAUTH_URL: providerUrl('ZOOM_OAUTH_URL', 'https://zoom.us/oauth/token').describe(
    'Where Zoom gives access tokens.',
  ),
  GOOGLE_API_URL: providerUrl('GOOGLE_API_URL', 'https://www.googleapis.com/calendar/v3').describe(
    'Where Google Calendar’s API is.',
  ),
  GOOGLE_OAUTH_URL: providerUrl('GOOGLE_OAUTH_URL', 'https://oauth2.googleapis.com/token').describe(
    'Where Google gives access tokens.',
  ),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/./, 'SMTP_URL must be an address like smtp://user:password@host:587.')
    .optional()
    .describe('Mail server that e-mails are sent through; without it they are kept and not sent.'),
  MAIL_FROM: mailbox.describe('Who writes e-mails that name nobody.'),
  CORS_ORIGINS: commaList(
    isOrigin,
    'CORS_ORIGINS must be origins like https://app.example.com, with commas between them, or *.',
  ).describe('Web sites whose scripts may use the doors from a browser; without it none may.'),
  METRICS_TOKEN: z
    .string()
    .regex(/^\S{16,}$/, 'METRICS_TOKEN must be at least 16 characters long and have no spaces.')
    .optional()
    .describe('What reads /metrics sends this as a bearer token.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({
      protocol: /^https?$/,
      error: 'OTEL_EXPORTER_OTLP_ENDPOINT must be an address like http://host:4318.',
    })
    .optional()
    .describe('Where traces go (OTLP over HTTP); without it there are none.'),
  PUBLIC_URL: z
    .url('PUBLIC_URL must be an address like https://crm.example.com.')
    .optional()
    .describe('Address that callers use, for links in answers and documents.'),
  PERSISTED_DOCUMENTS: z
    .string()
    .optional()
    .describe('Manifest of GraphQL documents that clients may name by their ids, or a folder of them.'),
  PERSISTED_ONLY: z
    .enum(['true', 'false'], { error: 'PERSISTED_ONLY must be true or false.' })
    .default('false')
    .transform((text) => text === 'true')
    .describe('true: the GraphQL door serves no documents but those of PERSISTED_DOCUMENTS.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.',
    })
    .default('info')
    .describe('Least grave log lines that are written.'),
  NODE_ENV: z
    .enum(['development', 'production', 'test'], {
      error: 'NODE_ENV must be one of development, production, test.',
    })
    .default('development')
    .describe('production: no introspection, no suggestions, no GraphiQL, no demo key.'),
} as const;

const schema = z
  .object(SETTINGS)
  .refine(({ PERSISTED_ONLY, PERSISTED_DOCUMENTS }) => !PERSISTED_ONLY || PERSISTED_DOCUMENTS !== undefined, {
    error: 'PERSISTED_ONLY needs PERSISTED_DOCUMENTS, which says what is served.',
  });

/** The settings of a process, checked. */
export type Config = z.infer<typeof schema>;

/** The address that callers use, without a slash at its end. */
export function publicUrlOf({ PUBLIC_URL, PORT }: Config): string {
  return (PUBLIC_URL ?? `http://localhost:${PORT}`).replace(/\/+$/, '');
}

/** The settings with their descriptions, for the README's table. */
export function describeSettings(): { name: string; about: string }[] {
  return Object.entries(SETTINGS).map(([name, setting]) => ({ name, about: setting.description ?? '' }));
}

/** Reads the settings from an environment; an empty value counts as not set. Throws a sentence that names the first wrong one. */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues[0]?.message ?? 'The settings are wrong.');
}
