import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
  drop index webhook_lane_due;
  -- Workers go from endpoint to endpoint, so the backlog of one is not in the way of the others. The condition is true
  -- of all lanes, and keeps the index for those who name it: a planner that knows no numbers yet would look for single
  -- lanes in it too, and read the whole backlog of their endpoint for each.
  create index webhook_lane_due on webhook_lane (account_id, webhook_id, due_at) where due_at > '-infinity';
`;

const DOWN = `
  drop index webhook_lane_due;
  create index webhook_lane_due on webhook_lane (account_id, webhook_id, due_at);
`;

/** Lanes are found by their key in the primary key alone, however long the queue is. */
export class WebhookLaneDue1764020000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
