import { uuidv7 } from 'uuidv7';
import { DomainError } from '../error';
import { formatOf } from './webhook-formats';
import type { QueueOptions, Route, Statements } from './webhook-queue';

interface StoredMessage {
  id: string;
  isSendable: boolean;
}

interface Draft {
  id: string;
  account_id: string;
  position: number | null;
  format: string;
  part: string;
  body: string | null;
  error: string | null;
}

const FIND = `
select m.id, m.account_id as "accountId", m.position::float8 as position, m.format, m.part
from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[]) as asked(account_id, position, format, part)
join webhook_message m on m.account_id = asked.account_id and m.position = asked.position
  and m.format = asked.format and m.part = asked.part and m.body is not null`;

// Who makes the same message at the same time gets the one that was first, unless that one failed.
const STORE = `
insert into webhook_message as kept (id, account_id, position, format, part, body, error, created_at)
select m.id, m.account_id, m.position, m.format, m.part, m.body, m.error, $2
from jsonb_to_recordset($1) as m(id uuid, account_id uuid, position bigint, format text, part text, body text, error text)
on conflict (account_id, position, format, part) do update set body = coalesce(kept.body, excluded.body),
  error = case when coalesce(kept.body, excluded.body) is null then kept.error end
returning id, body is not null as "isSendable", account_id as "accountId", position::float8 as position, format, part`;

/** What a message is known by. */
interface MessageKey {
  accountId: string;
  position: number | null;
  format: string;
  part: string;
}

const keyOf = ({ accountId, position, format, part }: MessageKey) =>
  `${accountId} ${position} ${format} ${part}`;

const keyOfRoute = ({ event: { accountId, position }, format, part }: Route) =>
  keyOf({ accountId, position, format, part });

async function draftOf({ event, format: name, part }: Route, { contextOf }: QueueOptions): Promise<Draft> {
  const base = { id: uuidv7(), account_id: event.accountId, position: event.position, format: name, part };
  const format = formatOf(name);
  if (!format) return { ...base, body: null, error: `No webhook format is called ${name}.` };
  try {
    const body = await format.body(event, () => contextOf(event.accountId), part);
    return { ...base, body, error: null };
  } catch (error) {
    // A database that is away is no fault of the event: the whole batch is tried again.
    if (error instanceof DomainError && error.code === 'UNAVAILABLE') throw error;
    return {
      ...base,
      body: null,
      error: `The body could not be made: ${(error as Error).message}`.slice(0, 500),
    };
  }
}

function store(statements: Statements, drafts: Draft[], { at }: QueueOptions) {
  const values = [JSON.stringify(drafts), at];
  return statements.query<StoredMessage & MessageKey & Record<string, unknown>>(
    STORE,
    values,
    'store messages',
  );
}

/** Finds or makes the messages of the routes; answers the look-up of the message of a route. */
export async function messagesOf(
  statements: Statements,
  routes: readonly Route[],
  options: QueueOptions,
): Promise<(route: Route) => StoredMessage> {
  const routeByKey = new Map(routes.map((route) => [keyOfRoute(route), route]));
  const wanted = [...routeByKey.values()];
  const found = await statements.query<{ id: string } & MessageKey & Record<string, unknown>>(
    FIND,
    [
      wanted.map(({ event }) => event.accountId),
      wanted.map(({ event }) => event.position),
      wanted.map(({ format }) => format),
      wanted.map(({ part }) => part),
    ],
    'find messages',
  );
  const messageByKey = new Map(found.map(({ id, ...key }) => [keyOf(key), { id, isSendable: true }]));
  const drafts: Draft[] = [];
  for (const [key, route] of routeByKey) {
    if (!messageByKey.has(key)) drafts.push(await draftOf(route, options));
  }
  const stored = drafts.length ? await store(statements, drafts, options) : [];
  for (const { id, isSendable, ...key } of stored) messageByKey.set(keyOf(key), { id, isSendable });
  return (route) => {
    const message = messageByKey.get(keyOfRoute(route));
    if (!message) throw new Error(`The message ${keyOfRoute(route)} was not stored.`);
    return message;
  };
}
