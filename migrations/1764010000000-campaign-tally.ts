import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each number with the SQL that counts it among recipients. */
const COUNTS = {
  recipients: 'count(*)',
  pending: `count(*) filter (where status in ('pending', 'sending'))`,
  sent: `count(*) filter (where status in ('sent', 'delivered', 'bounced'))`,
  delivered: `count(*) filter (where status in ('sent', 'delivered'))`,
  opened: 'count(opened_at)',
  clicked: 'count(clicked_at)',
  bounced: `count(*) filter (where status = 'bounced')`,
  unsubscribed: 'count(unsubscribed_at)',
  failed: `count(*) filter (where status = 'failed')`,
  unknown: `count(*) filter (where status = 'unknown')`,
  skipped: `count(*) filter (where status = 'skipped')`,
  credits_used: 'coalesce(sum(credits), 0)',
};
const NAMES = Object.keys(COUNTS);
const each = (sqlOf: (name: string) => string, separator = ', ') => NAMES.map(sqlOf).join(separator);

/** The numbers of some recipients by campaign and quarter of an hour, added or taken away. */
const counted = (sign: '' | '-', rows: string) => `
    select account_id, campaign_id, date_bin('15 minutes', coalesce(sent_at, created_at), 'epoch') as at,
      ${Object.entries(COUNTS)
        .map(([name, sql]) => `${sign}${sql} as ${name}`)
        .join(', ')}
    from ${rows} group by 1, 2, 3`;

/** Adds what has changed; what only moves a lease changes nothing. */
const tally = (changes: string) => `
    insert into campaign_tally as tally (account_id, campaign_id, at, slot, ${NAMES.join(', ')})
    select account_id, campaign_id, at, pg_backend_pid() % 16, ${each((name) => `sum(${name})`)}
    from (${changes}) change group by 1, 2, 3
    having ${each((name) => `sum(${name}) <> 0`, ' or ')} order by 1, 2, 3
    on conflict (account_id, campaign_id, at, slot) do update
      set ${each((name) => `${name} = tally.${name} + excluded.${name}`)};`;

/*
 * Recipients are counted by quarters of an hour, like submissions: of when a message was handed over, or else written
 * down. Each connection counts in one of sixteen slots, whose sum is exact; one slot alone may be below zero.
 */
const UP = `
  -- The recipients of all accounts are counted.
  select set_config('switchboard.account_id', '*', true);
  create table campaign_tally (
    account_id uuid not null references account (id),
    campaign_id uuid not null,
    at timestamptz(3) not null,
    slot smallint not null,
    ${each((name) => `${name} integer not null`)},
    primary key (account_id, campaign_id, at, slot)
  ) with (fillfactor = 50);
  create index campaign_tally_by_time on campaign_tally (account_id, at);
  select lock_to_account('campaign_tally');

  create function count_recipients() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then ${tally(counted('', 'added'))}
    elsif tg_op = 'DELETE' then ${tally(counted('-', 'removed'))}
    else ${tally(`${counted('', 'added')} union all ${counted('-', 'removed')}`)}
    end if;
    return null;
  end $$;
  create trigger campaign_recipient_added after insert on campaign_recipient
    referencing new table as added for each statement execute function count_recipients();
  create trigger campaign_recipient_changed after update on campaign_recipient
    referencing old table as removed new table as added for each statement execute function count_recipients();
  create trigger campaign_recipient_removed after delete on campaign_recipient
    referencing old table as removed for each statement execute function count_recipients();
  ${tally(counted('', 'campaign_recipient'))}

  drop view campaign_metrics;
  create view campaign_metrics as
  select campaign.account_id, campaign.id, campaign.created_at, counted.*,
    case when delivered = 0 then 0 else opened / delivered::float8 end as open_rate,
    case when delivered = 0 then 0 else clicked / delivered::float8 end as click_rate
  from campaign cross join lateral (
    select ${each((name) => `coalesce(sum(${name}), 0)::int as ${name}`)}
    from campaign_tally tally
    where tally.account_id = campaign.account_id and tally.campaign_id = campaign.id
  ) counted;
  drop index campaign_recipient_by_time;
`;

const DOWN = `
  create index campaign_recipient_by_time on campaign_recipient (account_id, coalesce(sent_at, created_at));
  drop view campaign_metrics;
  create view campaign_metrics as
  select campaign.account_id, campaign.id, campaign.created_at, counted.*,
    case when delivered = 0 then 0 else opened / delivered::float8 end as open_rate,
    case when delivered = 0 then 0 else clicked / delivered::float8 end as click_rate
  from campaign cross join lateral (
    select ${Object.entries(COUNTS)
      .map(([name, sql]) => `(${sql})::int as ${name}`)
      .join(', ')}
    from campaign_recipient recipient
    where recipient.account_id = campaign.account_id and recipient.campaign_id = campaign.id
  ) counted;
  drop trigger campaign_recipient_added on campaign_recipient;
  drop trigger campaign_recipient_changed on campaign_recipient;
  drop trigger campaign_recipient_removed on campaign_recipient;
  drop function count_recipients;
  drop table campaign_tally;
`;

/** The numbers of campaigns as a tally, so that nothing has to count a million recipients. */
export class CampaignTally1764010000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
