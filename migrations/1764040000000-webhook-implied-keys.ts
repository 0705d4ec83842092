import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
  -- That their accounts exist follows from the other keys of these rows; each key that is looked up costs a delivery
  -- as much as an index.
  alter table webhook_delivery drop constraint webhook_delivery_account_id_fkey;
  alter table webhook_attempt drop constraint webhook_attempt_account_id_fkey;
  -- A lane is made and dropped with its deliveries, which have this key themselves.
  alter table webhook_lane drop constraint webhook_lane_account_id_webhook_id_fkey;
`;

const DOWN = `
  alter table webhook_lane add foreign key (account_id, webhook_id) references webhook (account_id, id);
  alter table webhook_attempt add foreign key (account_id) references account (id);
  alter table webhook_delivery add foreign key (account_id) references account (id);
`;

/** What is written for every delivery refers to nothing twice. */
export class WebhookImpliedKeys1764040000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
