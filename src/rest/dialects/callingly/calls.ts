import { z } from 'zod';
import { calls } from '../../../domain/call/call.service';
import type { AccountScope } from '../../../domain/context-seed';
import type { Filter } from '../../../domain/filter';
import { pathNumber } from '../../codecs';
import { type Route, route } from '../../dialect';
import { call, listedCall } from './call.fields';
import { day, queryNumber, queryRecord, seen, withinDays } from './codecs';
import { NO_OBJECT, ok } from './replies';
import { startedCall } from './started-call.fields';

const PATH = '/v1/calls';
const LIMIT = { min: 1, max: 500, fallback: 50 };

const listQuery = z.object({
  start: day('start').describe('Only calls from this day on, of the account’s zone.'),
  end: day('end').describe('Only calls to this day, itself included.'),
  team_id: queryRecord('team_id').describe('Only calls of this team.'),
  limit: queryNumber('limit', LIMIT).describe('Calls per page (default 50).'),
  page: queryNumber('page', { min: 1, max: 1_000_000, fallback: 1 }).describe('Page number (default 1).'),
});

/** Calls that began within the days, or when they have not, were asked for. */
function filterOf({ start, end }: z.output<typeof listQuery>, account: AccountScope): Filter {
  if (!start && !end) return {};
  const days = withinDays({ start, end }, account);
  return { or: [{ startedAt: days }, { startedAt: { isNull: true }, createdAt: days }] };
}

/** Calls: make one, list them, look at one. */
export const callRoutes: Route[] = [
  route({
    operation: 'calls-list',
    method: 'GET',
    path: PATH,
    summary: 'List Calls',
    query: listQuery,
    answer: z.object({ data: z.array(listedCall.output()) }),
    run: (ctx, { query }) =>
      calls.records(ctx, {
        ...{ teamId: query.team_id, filter: filterOf(query, ctx.account) },
        ...{ limit: query.limit, offset: (query.page - 1) * query.limit },
      }),
    reply: (records, _, ctx) => ok({ data: records.map((record) => listedCall.format(seen(record, ctx))) }),
  }),
  route({
    operation: 'calls-get',
    method: 'GET',
    path: `${PATH}/{call_id}`,
    summary: 'Get Call',
    params: z.object({ call_id: pathNumber.describe('The call.') }),
    answer: call.output(),
    run: (ctx, { params }) => calls.record(ctx, params.call_id),
    reply: (record, _, ctx) => ok(call.format(seen(record, ctx))),
  }),
  route({
    operation: 'calls-create',
    method: 'POST',
    path: PATH,
    summary: 'Create Call',
    body: startedCall.creation(NO_OBJECT),
    answer: startedCall.output(),
    wireNames: startedCall.wireNames,
    run: (ctx, { body }) => calls.startRecord(ctx, body),
    reply: (record, _, ctx) => ok(startedCall.format(seen(record, ctx))),
  }),
];
