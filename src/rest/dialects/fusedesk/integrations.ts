import { z } from 'zod';
import type { Integration } from '../../../domain/integration/integration.entity';
import { integrations } from '../../../domain/integration/integration.service';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { permitting } from './permissions';
import { ok } from './replies';

const NAMES: Record<Integration['provider'], string> = { zoom: 'Zoom', google_calendar: 'Google Calendar' };

const integration = fieldMap<Integration>()({
  id: { about: 'Identifier.', key: 'number', output: z.int() },
  name: { about: 'Name.', format: ({ provider }) => NAMES[provider], output: z.string() },
  platform: { about: 'What is connected.', key: 'provider', output: z.string() },
});

/** What the account has connected. */
export const integrationRoutes: Route[] = [
  permitting(
    'integrations',
    route({
      operation: 'integrations-list',
      method: 'GET',
      path: '/api/v1/integrations',
      summary: 'List integrations',
      answer: z.array(integration.output()),
      run: (ctx) => integrations.page(ctx, { first: 100 }),
      reply: ({ rows }) => ok(rows.map((row) => integration.format(row))),
    }),
  ),
];
