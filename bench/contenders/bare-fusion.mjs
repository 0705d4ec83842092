// Two operations of Fusion Calling by hand: Fastify, and one prepared statement each that makes the whole answer.
// The batch writes the same rows as ours, its change events included; nobody signs in, nothing is counted or checked.
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { ACCOUNT_ID, ready } from './listen.mjs';
import { openPool } from './pool.mjs';

const PATH = '/api/leads/external/v1/leads';
const pool = openPool();
const instant = (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const LEAD = `json_build_object('id', l.id, 'name', trim(l.first_name || ' ' || l.last_name), 'phone', l.phone,
  'email', l.email, 'company', l.company, 'status', replace(l.dial_status, '_', '-'), 'campaign_id', l.feed_id,
  'campaign_name', f.name, 'tags', (
    select json_agg(t.name order by x.position) from lead_tag x
    join tag t on t.account_id = x.account_id and t.id = x.tag_id
    where x.account_id = l.account_id and x.lead_id = l.id),
  'custom_fields', nullif(l.custom_fields, '{}'), 'call_attempts', l.call_attempts,
  'last_called_at', ${instant('l.last_called_at')}, 'created_at', ${instant('l.created_at')},
  'updated_at', ${instant('l.updated_at')})`;

const LOOKUP = `
select ${LEAD} as lead from lead l join feed f on f.account_id = l.account_id and f.id = l.feed_id
where l.account_id = $1 and l.phone = $2 and l.deleted_at is null order by l.id desc limit 1`;

const BATCH = `
with made as (
  insert into lead (id, account_id, feed_id, first_name, last_name, phone, email, created_at, updated_at)
  select r.id, $1, feed.id, split_part(r.name, ' ', 1), split_part(r.name, ' ', 2), r.phone, r.email, now(), now()
  from json_to_recordset($2) as r(id uuid, name text, phone text, email text)
  cross join (select id from feed where account_id = $1 and is_default) feed
  returning *
), told as (
  insert into change_event (account_id, name, subject, subject_id, changes, payload, actor, request_id, created_at)
  select $1, 'lead.created', 'lead', id, '{}', to_jsonb(made), '{"kind":"system","id":null,"name":"bare"}', $3, now()
  from made
)
select json_agg(${LEAD} order by l.id) as leads
from made l join feed f on f.account_id = l.account_id and f.id = l.feed_id`;

const app = Fastify();
app.get(PATH, async ({ query: { phone } }) => {
  const { rows } = await pool.query({ name: 'lookup', text: LOOKUP, values: [ACCOUNT_ID, phone] });
  const [{ lead }] = rows;
  return { success: true, data: { ...lead, lookup: 'phone', lead } };
});
app.post(PATH, async ({ body }, reply) => {
  const drafts = body.leads.map((draft) => ({ ...draft, id: randomUUID() }));
  const values = [ACCOUNT_ID, JSON.stringify(drafts), randomUUID()];
  const { rows } = await pool.query({ name: 'batch', text: BATCH, values });
  const [{ leads }] = rows;
  return reply.code(201).send({ success: true, data: { mode: 'atomic', inserted: leads.length, leads } });
});
ready(await app.listen({ port: 0, host: '127.0.0.1' }));
