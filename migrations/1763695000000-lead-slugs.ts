import type { MigrationInterface, QueryRunner } from 'typeorm';

// The number makes a slug unique, and it is known only when the row is written: so the database makes it.
const UP = `
  create function lead_slug() returns trigger language plpgsql as $$
  begin
    new.slug := ltrim(
      trim(both '-' from left(regexp_replace(lower(new.first_name || ' ' || new.last_name), '[^a-z0-9]+', '-', 'g'), 240))
        || '-' || new.number, '-');
    return new;
  end $$;
  alter table lead add slug text;
  create trigger lead_slug before insert on lead for each row execute function lead_slug();
  update lead set slug = ltrim(
    trim(both '-' from left(regexp_replace(lower(first_name || ' ' || last_name), '[^a-z0-9]+', '-', 'g'), 240))
      || '-' || number, '-');
  alter table lead alter slug set not null;
  create unique index lead_slug_once on lead (account_id, slug);

  alter table account add lead_sources text[];
`;

const DOWN = `
  alter table account drop lead_sources;
  drop trigger lead_slug on lead;
  alter table lead drop slug;
  drop function lead_slug();
`;

/** Names of leads in addresses, and the sources that leads of an account may come from. */
export class LeadSlugs1763695000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
