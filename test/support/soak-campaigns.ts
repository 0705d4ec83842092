import { setTimeout as sleep } from 'node:timers/promises';
import { audiences } from '../../src/domain/audience/audience.service';
import type { TestAccount } from './account';
import type { SoakSender } from './soak-writers';

const ADDRESSES = 60;
const EVERY_MS = 3_000;

/** What was sent to how many. */
export interface SentCampaigns {
  campaignIds: string[];
  addresses: number;
}

const FILL = `
insert into contact (id, account_id, audience_id, first_name, email, created_at, updated_at)
select gen_random_uuid(), $1, $2, 'R' || at, 'r' || at || '@example.com', now(), now() from generate_series(1, $3) as at`;

const CREATE = `mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }`;
const SEND = 'mutation ($id: ID!) { sendCampaign(id: $id) { id } }';

/** Sends campaigns to the same people until it is over, each with a subject of its own. */
export async function runCampaigns(
  { ctx, key }: TestAccount,
  sender: SoakSender,
  isOver: () => boolean,
): Promise<SentCampaigns> {
  const { id: audienceId } = await audiences.create(ctx, { name: 'Readers' });
  await ctx.query(FILL, [ctx.account.id, audienceId, ADDRESSES]);
  const headers = { authorization: `Bearer ${key}` };
  const ask = (query: string, variables: object) =>
    sender.insist({ path: '/graphql', headers, body: { query, variables } });
  const campaignIds: string[] = [];
  while (!isOver()) {
    const name = `Round ${campaignIds.length + 1}`;
    const input = { name, subject: name, audienceId, text: 'Dear {{ name }}: {{ unsubscribe_url }}' };
    const { createCampaign } = (await ask(CREATE, { input })) as { createCampaign: { id: string } };
    await ask(SEND, { id: createCampaign.id });
    campaignIds.push(createCampaign.id);
    await sleep(EVERY_MS);
  }
  return { campaignIds, addresses: ADDRESSES };
}
