// The limit: bare node:http, one prepared statement per request, the whole answer made by PostgreSQL. No sign-in,
// no checks, no change log.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { ACCOUNT_ID, listen } from './listen.mjs';
import { openPool } from './pool.mjs';

const pool = openPool();
const instant = (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const agent = (alias) => `case when ${alias}.id is null then null else
  json_build_object('id', ${alias}.id, 'firstName', ${alias}.first_name, 'lastName', ${alias}.last_name) end`;
const OWN = `'id', l.id, 'name', trim(l.first_name || ' ' || l.last_name), 'phone', l.phone, 'email', l.email,
  'stage', l.stage, 'createdAt', ${instant('l.created_at')}`;
const list = (table, fields, joins = '') => `coalesce((
  select json_agg(json_build_object(${fields}) order by x.id desc)
  from (select * from ${table} where account_id = l.account_id and lead_id = l.id order by id desc limit 20) x
  ${joins}), '[]')`;

const NESTED = `
select json_build_object('data', json_build_object('leads', json_build_object('nodes', coalesce(json_agg(
  json_build_object(${OWN},
    'team', case when t.id is null then null else json_build_object('id', t.id, 'name', t.name) end,
    'owner', ${agent('o')},
    'notes', ${list('note', `'id', x.id, 'body', x.body, 'createdAt', ${instant('x.created_at')}`)},
    'calls', ${list(
      'call',
      `'id', x.id, 'status', upper(x.status), 'seconds', x.seconds, 'startedAt', ${instant('x.started_at')}, 'agent', ${agent('a')}`,
      'left join agent a on a.account_id = x.account_id and a.id = x.agent_id',
    )},
    'appointments', ${list('appointment', `'id', x.id, 'startsAt', ${instant('x.starts_at')}, 'endsAt', ${instant('x.ends_at')}`)}
  ) order by l.id desc), '[]'))))::text as body
from (select * from lead where account_id = $1 and id < $2 and deleted_at is null order by id desc limit 50) l
left join team t on t.account_id = l.account_id and t.id = l.team_id
left join agent o on o.account_id = l.account_id and o.id = l.owner_id`;

const ONE = `
select json_build_object('data', json_build_object('lead', json_build_object(${OWN})))::text as body
from lead l where account_id = $1 and id = $2 and deleted_at is null`;

const CREATE = `
insert into lead as l (id, account_id, feed_id, first_name, last_name, phone, email, created_at, updated_at)
values ($1, $2, (select id from feed where account_id = $2 and is_default), $3, $4, $5, $6, now(), now())
returning json_build_object('data', json_build_object('createLead', json_build_object(${OWN})))::text as body`;

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}

async function answer(request) {
  const url = new URL(request.url, 'http://limit');
  const [, kind, id] = url.pathname.split('/');
  if (kind === 'nested')
    return { name: kind, text: NESTED, values: [ACCOUNT_ID, url.searchParams.get('after')] };
  if (kind === 'lead') return { name: kind, text: ONE, values: [ACCOUNT_ID, id] };
  const { firstName, lastName, phone, email } = await bodyOf(request);
  return { name: kind, text: CREATE, values: [randomUUID(), ACCOUNT_ID, firstName, lastName, phone, email] };
}

listen(
  createServer((request, response) => {
    answer(request)
      .then((statement) => pool.query(statement))
      .then(({ rows: [{ body }] }) => {
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(body);
      })
      .catch((error) => response.writeHead(500).end(String(error)));
  }),
);
