import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * The second lock. A connection says by a setting whose rows it may see and write: an account's id, or * for the
 * program's own work across accounts. One that says nothing sees nothing. The setting is read once per statement and
 * table (the subselects see to it), and `force` makes it hold for the owner of the tables, who the program is.
 */
const UP = `
  create function bound_account() returns uuid language sql stable as $$
    select nullif(nullif(current_setting('switchboard.account_id', true), ''), '*')::uuid
  $$;
  create function is_bound_to_all() returns boolean language sql stable as $$
    select current_setting('switchboard.account_id', true) = '*'
  $$;

  -- Each table with an account_id needs it: a migration that makes one calls it too.
  create function lock_to_account(one regclass) returns void language plpgsql as $$
  begin
    execute format('alter table %s enable row level security, force row level security', one);
    execute format('create policy account on %s using (account_id = (select bound_account()) or (select is_bound_to_all()))', one);
  end $$;

  select lock_to_account(attrelid::regclass)
  from pg_attribute join pg_class on pg_class.oid = attrelid
  where relnamespace = current_schema::regnamespace and relkind in ('r', 'p') and attname = 'account_id' and not attisdropped
  order by relname;

  alter table account enable row level security, force row level security;
  create policy account on account
    using (id = (select bound_account()) or parent_id = (select bound_account()) or (select is_bound_to_all()));

  -- Slugs are addresses of the installation: each account may hear that one is taken, and no more.
  create function is_slug_taken(wanted text) returns boolean language plpgsql as $$
  declare
    bound text := current_setting('switchboard.account_id', true);
    is_taken boolean;
  begin
    perform set_config('switchboard.account_id', '*', true);
    is_taken := exists (select from form_page where slug = wanted and deleted_at is null);
    perform set_config('switchboard.account_id', bound, true);
    return is_taken;
  end $$;
`;

const DOWN = `
  do $$
  declare one regclass;
  begin
    for one in select polrelid::regclass from pg_policy where polname = 'account' loop
      execute format('drop policy account on %s', one);
      execute format('alter table %s disable row level security, no force row level security', one);
    end loop;
  end $$;
  drop function is_slug_taken;
  drop function lock_to_account;
  drop function is_bound_to_all;
  drop function bound_account;
`;

/** Row level security: a connection sees the rows of the account that it is bound to, and no others. */
export class RowSecurity1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
