import { accounts } from '../../../src/domain/account/account.service';
import { agents } from '../../../src/domain/agent/agent.service';
import type { Context } from '../../../src/domain/context';
import { leads } from '../../../src/domain/lead/lead.service';
import { Tag } from '../../../src/domain/tag/tag.entity';
import { teams } from '../../../src/domain/team/team.service';

/** A lead that has nothing but a phone number, as it is answered. */
export const bareLead = (ctx: Context, id: number, phone_number: string) => ({
  ...{ id, account_id: ctx.account.number, fname: '', lname: '', phone_number, source: null },
  ...{ source_id: null, created_at: '2026-03-02 10:00:00', company: null, category: null, status: null },
  ...{ result: null, tags: [], stage: null, scheduled_call_at: null, is_stopped: 0, is_blocked: 0 },
});

/** A lead that has everything, with what it is answered as. */
export async function openFullLead(ctx: Context) {
  await accounts.update(ctx, { timeZone: 'America/Phoenix' });
  const team = await teams.create(ctx, { name: 'Team 1' });
  const owner = await agents.create(ctx, {
    ...{ firstName: 'Bartholome', lastName: 'Wilkinson', phone: '+14801239876' },
  });
  const lead = await leads.create(ctx, {
    ...{ firstName: 'Test', lastName: 'Lead', email: 'test@lead.com', phone: '+14801234567' },
    ...{ source: 'Webhook', sourceId: 'w-1', company: 'Callingly', category: 'Pools', status: 'missed' },
    ...{ result: 'voicemail', stage: 'prospect', teamId: team.id, ownerId: owner.id, tagNames: ['hot'] },
    ...{ scheduledCallAt: '2024-06-13T22:48:00Z', isStopped: true },
  });
  const tag = await ctx.repo(Tag).findBy({ name: 'hot' });
  const wire = {
    ...{ id: lead.number, account_id: ctx.account.number, lead_owner_id: owner.number, fname: 'Test' },
    ...{ lname: 'Lead', email: 'test@lead.com', phone_number: '+14801234567', source: 'Webhook' },
    ...{ source_id: 'w-1', created_at: '2026-03-02 10:00:00', company: 'Callingly', category: 'Pools' },
    ...{ status: 'missed', result: 'voicemail', team: { id: team.number, name: 'Team 1' } },
    ...{ tags: [{ id: tag?.number, name: 'hot' }], stage: 'prospect' },
    ...{ scheduled_call_at: '06/13/24 3:48pm MST', is_stopped: 1, is_blocked: 0 },
  };
  return { lead, wire };
}
