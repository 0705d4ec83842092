import type { Context } from '../context';
import { saveChanges } from '../crud';
import { toInstant } from '../datetime';
import { type DueOptions, eachFound } from '../due';
import { rowEvent } from '../event';
import { Campaign } from './campaign.entity';
import { missingOf } from './campaign.service';

const BATCH = 100;
/** Writing a million recipients down takes longer than a statement usually may. */
const PREPARE_MS = 300_000;

const DUE = `
select account_id as "accountId", id from campaign
where status = 'scheduled' and scheduled_at <= $1 and deleted_at is null
  and exists (select from account where account.id = campaign.account_id and is_active)
order by scheduled_at limit ${BATCH}`;

const UNPREPARED = `
select account_id as "accountId", id from campaign
where status = 'sending' and prepared_at is null and deleted_at is null limit ${BATCH}`;

// Others who are at the same campaign are not waited for: it is theirs.
const TRY_LOCK = 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as "isMine"';

/** Where the addresses of a channel are, and how the list of suppressions writes them. */
const ADDRESS = {
  email: { column: 'contact.email', suppressed: 'lower(contact.email)' },
  sms: { column: 'contact.phone_e164', suppressed: 'contact.phone_e164' },
} as const;

// The ids are UUIDv7 of the moment ($4, in milliseconds), counted up so that they are in the order of the contacts.
const insertSql = ({ column, suppressed }: (typeof ADDRESS)[keyof typeof ADDRESS]) => `
insert into campaign_recipient (id, account_id, campaign_id, contact_id, address, status, due_at, created_at)
select (lpad(to_hex($4::bigint + place / 4096), 12, '0') || '7' || lpad(to_hex(place % 4096), 3, '0') || '8'
    || substr(replace(gen_random_uuid()::text, '-', ''), 18))::uuid,
  $1, $2, id, address, 'pending', $5, $5
from (
  select row_number() over (order by id) - 1 as place, id, address from (
    select distinct on (${suppressed}) contact.id, ${column} as address
    from contact
    where contact.account_id = $1 and contact.audience_id = $3 and contact.status = 'subscribed'
      and ${column} is not null
      and not exists (
        select from suppression where suppression.account_id = $1 and suppression.address = ${suppressed})
      and ($6 = false or exists (
        select from contact_group join campaign_group on campaign_group.account_id = contact_group.account_id
          and campaign_group.group_id = contact_group.group_id
        where contact_group.account_id = $1 and contact_group.contact_id = contact.id
          and campaign_group.campaign_id = $2))
    order by ${suppressed}, contact.id
  ) once
) numbered
on conflict do nothing`;

const INSERT = { email: insertSql(ADDRESS.email), sms: insertSql(ADDRESS.sms) } as const;

async function lockMine(tx: Context, id: string): Promise<Campaign | undefined> {
  const [row] = await tx.query<{ isMine: boolean }>(TRY_LOCK, [`campaign ${id}`]);
  return row?.isMine ? tx.repo(Campaign).lockIfThere(id) : undefined;
}

/** Begins to send the campaigns whose time has come, in every account; any number of processes may. Answers how many. */
export function startDueCampaigns(options: DueOptions): Promise<number> {
  return eachFound(options, { text: DUE, values: [toInstant(options.now())] }, (ctx, id) =>
    ctx.transaction(async (tx) => {
      const campaign = await lockMine(tx, id);
      const isDue = campaign?.status === 'scheduled' && (campaign.scheduledAt ?? '') <= tx.instant();
      if (isDue) await saveChanges(tx, Campaign, campaign, { status: 'sending', startedAt: tx.instant() });
      return isDue;
    }),
  );
}

/** Writes the recipients of a campaign down, each address once: who is subscribed, has one, and is not suppressed. */
async function prepare(tx: Context, campaign: Campaign): Promise<void> {
  await tx.query(`select set_config('statement_timeout', $1, true)`, [String(PREPARE_MS)]);
  const { id, audienceId, isGrouped, channel } = campaign;
  const at = tx.instant();
  await tx.query(INSERT[channel], [tx.account.id, id, audienceId, tx.now().getTime(), at, isGrouped]);
  const after = await tx.repo(Campaign).update(id, { preparedAt: at, progressedAt: at });
  await tx.emit(rowEvent(Campaign, 'progressed', after));
}

/** Writes down the recipients of campaigns that begin to go out; answers how many campaigns there were. */
export function prepareCampaigns(options: DueOptions): Promise<number> {
  return eachFound(options, { text: UNPREPARED, values: [] }, (ctx, id) =>
    ctx.transaction(async (tx) => {
      const campaign = await lockMine(tx, id);
      if (campaign?.status !== 'sending' || campaign.preparedAt) return false;
      const isReady = Object.keys(missingOf(campaign)).length === 0;
      if (isReady) await prepare(tx, campaign);
      else await saveChanges(tx, Campaign, campaign, { status: 'failed' });
      return true;
    }),
  );
}
