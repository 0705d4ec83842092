import { uuidv7 } from 'uuidv7';
import { DomainError } from '../error';
import type { OutboundEvent } from './webhook-format';
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
  body: string | null;
  error: string | null;
}

const FIND = `
select m.id, m.account_id || ' ' || m.position || ' ' || m.format as key
from unnest($1::uuid[], $2::bigint[], $3::text[]) as asked(account_id, position, format)
join webhook_message m on m.account_id = asked.account_id and m.position = asked.position
  and m.format = asked.format and m.body is not null`;

// Who makes the same message at the same time gets the one that was first, unless that one failed.
const STORE = `
insert into webhook_message as kept (id, account_id, position, format, body, error, created_at)
select m.id, m.account_id, m.position, m.format, m.body, m.error, $2
from jsonb_to_recordset($1) as m(id uuid, account_id uuid, position bigint, format text, body text, error text)
on conflict (account_id, position, format) do update set body = coalesce(kept.body, excluded.body),
  error = case when coalesce(kept.body, excluded.body) is null then kept.error end
returning id, body is not null as "isSendable", account_id || ' ' || coalesce(position::text, 'null') || ' ' || format as key`;

const keyOf = ({ accountId, position }: OutboundEvent, format: string) =>
  `${accountId} ${position} ${format}`;

async function draftOf({ event, format: name }: Route, { contextOf }: QueueOptions): Promise<Draft> {
  const base = { id: uuidv7(), account_id: event.accountId, position: event.position, format: name };
  const format = formatOf(name);
  if (!format) return { ...base, body: null, error: `No webhook format is called ${name}.` };
  try {
    const body = await format.body(event, () => contextOf(event.accountId));
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
  return statements.query<StoredMessage & { key: string }>(STORE, values, 'store messages');
}

/** Finds or makes the messages of the routes; answers the look-up of the message of an event in a format. */
export async function messagesOf(
  statements: Statements,
  routes: readonly Route[],
  options: QueueOptions,
): Promise<(event: OutboundEvent, format: string) => StoredMessage> {
  const routeByKey = new Map(routes.map((route) => [keyOf(route.event, route.format), route]));
  const wanted = [...routeByKey.values()];
  const found = await statements.query<{ id: string; key: string }>(
    FIND,
    [
      wanted.map(({ event }) => event.accountId),
      wanted.map(({ event }) => event.position),
      wanted.map(({ format }) => format),
    ],
    'find messages',
  );
  const messageByKey = new Map(found.map(({ id, key }) => [key, { id, isSendable: true }]));
  const drafts: Draft[] = [];
  for (const [key, route] of routeByKey) {
    if (!messageByKey.has(key)) drafts.push(await draftOf(route, options));
  }
  const stored = drafts.length ? await store(statements, drafts, options) : [];
  for (const { key, id, isSendable } of stored) messageByKey.set(key, { id, isSendable });
  return (event, format) => {
    const message = messageByKey.get(keyOf(event, format));
    if (!message) throw new Error(`The message ${keyOf(event, format)} was not stored.`);
    return message;
  };
}
