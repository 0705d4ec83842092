import type { Context } from '../context';
import { saveChanges } from '../crud';
import { DomainError, invalid } from '../error';
import { checkReferences, parseInput } from '../input';
import { Lead } from '../lead/lead.entity';
import { leads } from '../lead/lead.service';
import { Team } from '../team/team.entity';
import type { Call } from './call.entity';
import { isLive } from './call.rules';
import { beginCall, numberOf } from './call-begin';
import { StartCall } from './call-input';
import { reportCall } from './call-progress';
import { insertCall, pendingCalls } from './call-rows';

interface LeadToCall {
  /** Locked. */
  lead: Lead;
  isNew: boolean;
}

const LEAD_FIELDS = ['firstName', 'lastName', 'email', 'company', 'category', 'source', 'crmId'] as const;

/** What the input knows of the lead and the lead itself does not. */
function newsOf(lead: Lead, input: StartCall): Partial<Lead> {
  const news = LEAD_FIELDS.filter((name) => !lead[name] && input[name]).map((name) => [name, input[name]]);
  return { ...Object.fromEntries(news), ...(lead.teamId === null && { teamId: input.teamId }) };
}

async function createLead(ctx: Context, input: StartCall): Promise<LeadToCall> {
  const given = LEAD_FIELDS.filter((name) => input[name]).map((name) => [name, input[name]]);
  const draft = { ...Object.fromEntries(given), phone: input.phone, teamId: input.teamId };
  const [outcome] = await leads.createMany(ctx, [draft], 'skip_invalid', { onDuplicate: 'match' });
  if (!outcome?.row) throw outcome?.error ?? new Error('a lead was neither found nor made');
  return { lead: await ctx.repo(Lead).lock(outcome.row.id), isNew: outcome.isNew };
}

/** The lead of the input, locked: by its id, else the newest of the phone number, else a new one. */
async function leadToCall(ctx: Context, input: StartCall): Promise<LeadToCall> {
  const { leadId, phone } = input;
  const known = leadId ? { id: leadId } : await ctx.repo(Lead).findBy({ phone: phone as string });
  if (!known) return createLead(ctx, input);
  const lead = await ctx.repo(Lead).lock(known.id);
  return { lead: await saveChanges(ctx, Lead, lead, newsOf(lead, input)), isNew: false };
}

function checkContactable({ isBlocked, isStopped }: Lead): void {
  if (isBlocked) throw new DomainError('CONFLICT', 'The lead is blocked and must not be contacted.');
  if (isStopped)
    throw new DomainError(
      'CONFLICT',
      'Calls to the lead were stopped: set isStopped to false to call again.',
    );
}

/** When the call is to be made; undefined is now. */
function timeOf(ctx: Context, { scheduledAt }: StartCall, team: Team, isNew: boolean): string | undefined {
  if (scheduledAt && scheduledAt > ctx.instant()) return scheduledAt;
  if (scheduledAt || !isNew || team.delaySeconds === 0) return undefined;
  return new Date(ctx.now().getTime() + team.delaySeconds * 1000).toISOString();
}

/** The call that is asked for and is there already: made at the moment, at the same time, or waiting out the delay. */
function sameCall(pending: Call[], { teamId, scheduledAt }: StartCall, at: string | undefined) {
  const isSame = (call: Call) =>
    call.teamId === teamId && (call.scheduledAt === at || (call.scheduleReason === 'delay' && !scheduledAt));
  return (
    pending.find(({ status }) => isLive(status)) ??
    pending.find((call) => call.status === 'scheduled' && isSame(call))
  );
}

async function schedule(ctx: Context, input: StartCall, lead: Lead, at: string): Promise<Call> {
  const call = await insertCall(ctx, {
    ...{ leadId: lead.id, teamId: input.teamId, source: input.source ?? null, status: 'scheduled' },
    ...{ scheduledAt: at, scheduleReason: input.scheduledAt ? 'requested' : 'delay' },
    phoneNumberId: await numberOf(ctx, input.teamId),
  });
  await saveChanges(ctx, Lead, lead, { scheduledCallAt: at });
  return call;
}

async function start(ctx: Context, input: StartCall): Promise<Call> {
  await checkReferences(ctx, StartCall, input);
  const team = await ctx.repo(Team).get(input.teamId);
  const { lead: found, isNew } = await leadToCall(ctx, input);
  checkContactable(found);
  const at = timeOf(ctx, input, team, isNew);
  const pending = await pendingCalls(ctx, found.id);
  const same = sameCall(pending, input, at);
  if (same) return same;
  for (const { id } of pending) await reportCall(ctx, id, { status: 'cancelled' }, 'always');
  // What was called off has changed the lead.
  const lead = pending.length > 0 ? await ctx.repo(Lead).get(found.id) : found;
  if (at) return schedule(ctx, input, lead, at);
  return beginCall(ctx, { values: { source: input.source ?? null }, lead, team });
}

/** Starts a call; see `calls.start`. */
export function startCall(ctx: Context, input: object): Promise<Call> {
  const draft = parseInput(ctx, StartCall, 'create', input) as unknown as StartCall;
  if ((draft.leadId == null) === (draft.phone == null))
    throw invalid({ phone: ['Give the phone number or the leadId, one of the two.'] });
  return ctx.transaction((tx) => start(tx, draft));
}
