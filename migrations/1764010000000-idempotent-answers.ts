import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
  create table idempotent_answer (
    account_id uuid not null references account (id),
    holder_id uuid not null,
    key text collate "C" not null check (length(key) between 1 and 255),
    answer text not null,
    created_at timestamptz(3) not null,
    primary key (account_id, holder_id, key)
  );
  create index idempotent_answer_by_age on idempotent_answer (created_at);
  select lock_to_account('idempotent_answer');
`;

/** The answers of requests with an Idempotency-Key. */
export class IdempotentAnswers1764010000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotent_answer');
  }
}
