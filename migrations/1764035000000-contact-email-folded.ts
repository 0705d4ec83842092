import type { MigrationInterface, QueryRunner } from 'typeorm';

/*
 * Behind a policy, PostgreSQL looks a condition up in an index only when all its functions are leakproof. The equality
 * of texts is; lower() is only where a superuser has said so, which on a hosted server nobody can.
 */
const UP = `
  alter table contact add column email_folded text generated always as (lower(email)) stored;
  drop index contact_email_once;
  -- Contacts without an audience are not unique: in an index, null is like nothing else.
  create unique index contact_email_once on contact (account_id, email_folded, audience_id) where email_folded is not null;
`;

const DOWN = `
  drop index contact_email_once;
  create unique index contact_email_once on contact (account_id, lower(email), audience_id) where email is not null;
  alter table contact drop column email_folded;
`;

/** Contacts are found by their e-mail address on every PostgreSQL alike. */
export class ContactEmailFolded1764035000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
