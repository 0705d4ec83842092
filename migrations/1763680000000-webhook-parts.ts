import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
  alter table webhook_message add part text not null default '';
  drop index webhook_message_once;
  -- One message for each part of an event in each format.
  create unique index webhook_message_once on webhook_message (account_id, position, format, part);
  drop index webhook_delivery_pending;
  -- The first delivery of a record that is not finished is the one to send; parts of one event go in their order.
  create index webhook_delivery_pending on webhook_delivery (account_id, webhook_id, subject_id, position, id)
    where status = 'pending';

  alter table webhook add team_id uuid, add foreign key (account_id, team_id) references team (account_id, id);
  create unique index webhook_of_team on webhook (account_id, team_id) where team_id is not null and deleted_at is null;
`;

const DOWN = `
  -- The older release knows neither parts nor webhooks that belong to teams.
  delete from webhook_lane lane using webhook
    where webhook.account_id = lane.account_id and webhook.id = lane.webhook_id and webhook.team_id is not null;
  delete from webhook_delivery delivery using webhook
    where webhook.account_id = delivery.account_id and webhook.id = delivery.webhook_id and webhook.team_id is not null;
  delete from webhook where team_id is not null;
  delete from webhook_delivery delivery using webhook_message message
    where message.account_id = delivery.account_id and message.id = delivery.message_id and message.part <> '';
  delete from webhook_message where part <> '';
  drop index webhook_of_team;
  alter table webhook drop team_id;
  drop index webhook_delivery_pending;
  create index webhook_delivery_pending on webhook_delivery (account_id, webhook_id, subject_id, position)
    where status = 'pending';
  drop index webhook_message_once;
  alter table webhook_message drop part;
  create unique index webhook_message_once on webhook_message (account_id, position, format);
`;

/** Events that make several messages, and the webhooks by which teams are told of their calls. */
export class WebhookParts1763680000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
