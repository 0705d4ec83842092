import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeSettings, loadConfig } from '../../src/config';

test('the defaults', () => {
  expect(loadConfig({ PORT: '' })).toEqual({
    PORT: 4000,
    HOST: '0.0.0.0',
    DATA_DIR: '.data',
    DATABASE_POOL: 16,
    ROLE: 'all',
    DIALER: 'manual',
    ZOOM_API_URL: 'https://api.zoom.us/v2',
    ZOOM_OAUTH_URL: 'https://zoom.us/oauth/token',
    GOOGLE_API_URL: 'https://www.googleapis.com/calendar/v3',
    GOOGLE_OAUTH_URL: 'https://oauth2.googleapis.com/token',
    CHANGE_LOG_DAYS: 30,
    SOCKETS_PER_KEY: 1000,
    MAX_CONNECTIONS: 20_000,
    PERSISTED_ONLY: false,
    LOG_LEVEL: 'info',
    NODE_ENV: 'development',
  });
});

test.each([
  [{ PORT: 'http' }, 'PORT must be a whole number.'],
  [{ PORT: '70000' }, 'PORT must be at most 65535.'],
  [
    { DATABASE_URL: 'mysql://x' },
    'DATABASE_URL must be an address like postgres://user:password@host:5432/database.',
  ],
  [{ SECRET: 'short' }, 'SECRET must be at least 32 characters long.'],
  [
    { SECRET_PREVIOUS: `${'a'.repeat(32)},short` },
    'SECRET_PREVIOUS must be secrets of at least 32 characters, with commas between them.',
  ],
  [
    { WEBHOOK_ALLOW: '10.0.0.0/33' },
    'WEBHOOK_ALLOW must be host names, addresses and ranges like hooks.internal,10.0.0.0/8.',
  ],
  [{ TRUSTED_PROXIES: 'proxy' }, 'TRUSTED_PROXIES must be addresses and ranges like 10.0.0.0/8,::1.'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.'],
  [{ DIALER: 'robot' }, 'DIALER must be one of manual, simulated.'],
  [{ EPIXEL_BASE: 'backoffice' }, 'EPIXEL_BASE must be a path like /backoffice/v2.'],
  [{ NODE_ENV: 'staging' }, 'NODE_ENV must be one of development, production, test.'],
  [{ ZOOM_API_URL: 'zoom' }, 'ZOOM_API_URL must be an address like https://api.zoom.us/v2.'],
  [
    { GOOGLE_OAUTH_URL: 'ftp://x.example.com' },
    'GOOGLE_OAUTH_URL must be an address like https://oauth2.googleapis.com/token.',
  ],
  [{ SMTP_URL: 'http://mail' }, 'SMTP_URL must be an address like smtp://user:password@host:587.'],
  [{ MAIL_FROM: 'Acme' }, 'MAIL_FROM must be an address like news@example.com or Name <news@example.com>.'],
  [{ PERSISTED_ONLY: 'yes' }, 'PERSISTED_ONLY must be true or false.'],
  [{ PERSISTED_ONLY: 'true' }, 'PERSISTED_ONLY needs PERSISTED_DOCUMENTS, which says what is served.'],
  [
    { CORS_ORIGINS: 'https://app.example.com/' },
    'CORS_ORIGINS must be origins like https://app.example.com, with commas between them, or *.',
  ],
  [{ METRICS_TOKEN: 'short' }, 'METRICS_TOKEN must be at least 16 characters long and have no spaces.'],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' },
    'OTEL_EXPORTER_OTLP_ENDPOINT must be an address like http://host:4318.',
  ],
  [{ PUBLIC_URL: 'crm' }, 'PUBLIC_URL must be an address like https://crm.example.com.'],
])('%j is refused in a sentence that names it', (environment, sentence) => {
  expect(() => loadConfig(environment)).toThrow(new Error(sentence));
});

test('lists are read item by item', () => {
  const { WEBHOOK_ALLOW } = loadConfig({ WEBHOOK_ALLOW: '127.0.0.1/32, ::1,hooks.internal' });
  expect(WEBHOOK_ALLOW).toEqual(['127.0.0.1/32', '::1', 'hooks.internal']);
});

test('a sender is read with its name', () => {
  const sender = (text: string) => loadConfig({ MAIL_FROM: text }).MAIL_FROM;
  expect(sender('news@acme.example')).toEqual({ address: 'news@acme.example', name: null });
  expect(sender('"Acme, Inc." <news@acme.example>')).toEqual({
    ...{ address: 'news@acme.example', name: 'Acme, Inc.' },
  });
});

test('the README lists every setting', () => {
  const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
  for (const { name, about } of describeSettings()) {
    expect(about).not.toBe('');
    expect(readme).toContain(`| \`${name}\` |`);
  }
});
