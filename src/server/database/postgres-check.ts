/** What the program's PostgreSQL is, and what its user may do there. */
interface Found {
  version: string;
  isOld: boolean;
  encoding: string;
  isReadOnly: boolean;
  hasStartSettings: boolean;
  user: string;
  database: string;
  mayMakeTemporary: boolean;
  mayMakeTables: boolean;
  mayMakeExtensions: boolean;
  /** Extensions that migrations are going to make, and those of them that the server does not have. */
  toMake: string[];
  absent: string[];
}

const FOUND = `
select current_setting('server_version') as version, current_setting('server_version_num')::int < 140000 as "isOld",
  current_setting('server_encoding') as encoding,
  pg_is_in_recovery() or current_setting('transaction_read_only')::bool as "isReadOnly",
  current_setting('switchboard.account_id', true) is not distinct from '*' as "hasStartSettings",
  quote_ident(current_user) as "user", quote_ident(current_database()) as database,
  has_database_privilege(current_database(), 'temporary') as "mayMakeTemporary",
  to_regclass('migration') is not null or coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayMakeTables",
  has_database_privilege(current_database(), 'create') as "mayMakeExtensions",
  coalesce(array_agg(name), '{}') as "toMake",
  coalesce(array_agg(name) filter (where name not in (select name from pg_available_extensions)), '{}') as absent
from unnest(array['btree_gin', 'btree_gist', 'pg_trgm']) name where name not in (select extname from pg_extension)`;

const list = (names: string[]) => names.join(', ');

/** What is missing, and who can do what about it, a sentence each. */
function complaintsOf(found: Found): string[] {
  const { user, database, toMake, absent } = found;
  const commands = toMake.map((name) => `create extension ${name};`).join(' ');
  const complaints: [boolean, string][] = [
    [found.isOld, `PostgreSQL is ${found.version}; it must be 14 or newer.`],
    [
      found.encoding !== 'UTF8',
      `The database ${database} has the encoding ${found.encoding}: make one with UTF8.`,
    ],
    [found.isReadOnly, `The database ${database} can only be read from this address: name its primary.`],
    [
      !found.hasStartSettings,
      'The settings that connections start with do not arrive: DATABASE_URL must lead to PostgreSQL itself, ' +
        'through no pooler, and have no options of its own.',
    ],
    [
      !found.mayMakeTables,
      `The user may make no tables: let the owner of the database run grant create on schema public to ${user};`,
    ],
    [
      !found.mayMakeTemporary,
      `The user may make no temporary tables: let the owner of the database run grant temporary on database ${database} to ${user};`,
    ],
    [
      absent.length > 0,
      `The server does not have ${list(absent)}: install PostgreSQL's additional modules (contrib).`,
    ],
    [
      absent.length === 0 && toMake.length > 0 && !found.mayMakeExtensions,
      `The user may make no extensions: let the owner of the database run ${commands}`,
    ],
  ];
  return complaints.filter(([is]) => is).map(([, sentence]) => sentence);
}

/** Throws sentences about what a PostgreSQL, or the user in it, lacks for migrations and everything after them. */
export async function requirePostgres(query: (text: string) => Promise<Found[]>): Promise<void> {
  const [found] = await query(FOUND);
  const complaints = found ? complaintsOf(found) : [];
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
}
