import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which mails that came in a program wrote by itself: nobody is to be answered there. */
export class AutomaticMails1763722000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table inbound_email add is_automatic boolean not null default false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table inbound_email drop is_automatic');
  }
}
