import type { Agent } from '../agent/agent.entity';
import type { Context } from '../context';
import type { Lead } from '../lead/lead.entity';
import type { Note } from '../note/note.entity';
import type { PhoneNumber } from '../phone-number/phone-number.entity';
import { attach, attachMany } from '../related';
import type { Team } from '../team/team.entity';
import { Call } from './call.entity';

/** A call with what flat records show of it; what was deleted is null. */
export type CallRecord = Call & {
  lead: Lead | null;
  team: Team | null;
  agent: Agent | null;
  phoneNumber: PhoneNumber | null;
  notes: Note[];
};

/** The calls with what belongs to them: five statements, however many calls. */
export async function recordsOf(ctx: Context, calls: Call[]): Promise<CallRecord[]> {
  let records = calls;
  for (const name of ['lead', 'team', 'agent', 'phoneNumber'] as const)
    records = await attach(ctx, Call, records, name);
  return (await attachMany(ctx, Call, records, 'notes')) as CallRecord[];
}
