import type { MigrationInterface, QueryRunner } from 'typeorm';

const UP = `
  create table agent_session (
    id uuid not null,
    account_id uuid not null references account (id),
    agent_id uuid not null,
    address text,
    is_rotating boolean not null,
    refreshes integer not null default 0,
    expires_at timestamptz(3) not null,
    ended_at timestamptz(3),
    end_reason text check (end_reason in ('logout', 'reused', 'password', 'agent')),
    created_at timestamptz(3) not null,
    primary key (account_id, id),
    foreign key (account_id, agent_id) references agent (account_id, id),
    check ((ended_at is null) = (end_reason is null))
  );
  create index agent_session_by_agent on agent_session (account_id, agent_id, id);
`;

const DOWN = `
  drop table agent_session;
`;

/** Sessions of agents who sign in with a password. */
export class AgentSessions1763690000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
