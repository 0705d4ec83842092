import { Client } from 'pg';

/** The role that acts in place of a user whom row level security does not bind. */
const ROLE = 'switchboard_bound';

// They say nothing of a row but whether it is found, so PostgreSQL may look conditions of theirs up in an index before
// the policy of the table has let the row through. Only a superuser can say so.
const SEARCHES = ['lower(text)', 'textlike(text, text)', 'ts_match_vq(tsvector, tsquery)'];

const UNMARKED = `
select proc::text as name from unnest($1::text[]::regprocedure[]) as one(proc)
join pg_proc on pg_proc.oid = proc where not proleakproof`;

/** What a superuser runs in a database so that searches use their indexes under row level security. */
export const MARK_SEARCHES = SEARCHES.map((name) => `alter function pg_catalog.${name} leakproof;`).join(
  '\n',
);

/** The functions that are not marked; see {@link MARK_SEARCHES}. */
export async function unmarkedSearches(
  query: (text: string, values: unknown[]) => Promise<{ name: string }[]>,
): Promise<string[]> {
  return (await query(UNMARKED, [SEARCHES])).map(({ name }) => name);
}

/** Marks what is not marked; the session is a superuser's. */
export async function markSearches(client: Client): Promise<void> {
  const unmarked = await unmarkedSearches(async (text, values) => (await client.query(text, values)).rows);
  if (unmarked.length > 0) await client.query(MARK_SEARCHES);
}

const USER = `
select rolsuper as "isSuperuser", rolsuper or rolbypassrls as "isUnbound" from pg_roles where rolname = current_user`;

const MAKE_ROLE = `
do $$ begin
  if to_regrole('${ROLE}') is null then create role ${ROLE} nologin; end if;
exception when duplicate_object or unique_violation then null; end $$`;

const OF_NO_EXTENSION = (catalog: string) =>
  `not exists (select from pg_depend where classid = '${catalog}'::regclass and objid = one.oid and deptype in ('a', 'e', 'i'))`;

// What the user made before the role was there.
const HAND_OVER = `
do $$
declare command text;
begin
  for command in
    select format('alter %s %s owner to ${ROLE}', case relkind when 'S' then 'sequence' when 'v' then 'view' else 'table' end, one.oid::regclass)
    from pg_class one
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S') and relowner <> '${ROLE}'::regrole
      and ${OF_NO_EXTENSION('pg_class')}
    union all
    select format('alter function %s owner to ${ROLE}', one.oid::regprocedure) from pg_proc one
    where pronamespace = 'public'::regnamespace and proowner <> '${ROLE}'::regrole and ${OF_NO_EXTENSION('pg_proc')}
  loop
    execute command;
  end loop;
end $$`;

const LOCK = `select pg_advisory_lock(hashtext('switchboard role'))`;

async function makeRole(client: Client, database: string): Promise<void> {
  await client.query(LOCK);
  await client.query(MAKE_ROLE);
  // Since version 16 who makes a role is a member of it and yet may not take it on.
  const { rows } = await client.query<{ isTakeable: boolean; isGranted: boolean }>(
    `select pg_has_role($1, case when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end)
      as "isTakeable", has_database_privilege($1, current_database(), 'create')
      and has_schema_privilege($1, 'public', 'create') as "isGranted"`,
    [ROLE],
  );
  const [role] = rows;
  if (!role?.isTakeable) await client.query(`grant ${ROLE} to current_user`);
  if (!role?.isGranted) {
    await client.query(`grant all on database ${client.escapeIdentifier(database)} to ${ROLE}`);
    await client.query(`grant all on schema public to ${ROLE}`);
  }
  await client.query(HAND_OVER);
}

/** How the user of an address is bound: by nature, by taking on a role, or, with the reason why, not at all. */
export interface Binding {
  role?: string;
  unboundBecause?: string;
}

/** Finds out whether row level security binds the user of the address, and else makes the role that it does bind. */
export async function bindingOf(url: string, waitMs: number): Promise<Binding> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: waitMs });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ isSuperuser: boolean; isUnbound: boolean }>(USER);
    if (!rows[0]?.isUnbound) return {};
    try {
      await makeRole(client, client.database as string);
      if (rows[0].isSuperuser) await markSearches(client);
      return { role: ROLE };
    } catch (error) {
      return { unboundBecause: (error as Error).message };
    }
  } finally {
    await client.end().catch(() => {});
  }
}
