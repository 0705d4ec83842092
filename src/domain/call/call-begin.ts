import type { Context } from '../context';
import { saveChanges } from '../crud';
import { Lead } from '../lead/lead.entity';
import { PhoneNumber } from '../phone-number/phone-number.entity';
import type { Team } from '../team/team.entity';
import { leadValues, renderTemplate, type TemplateValues } from '../template';
import { Call } from './call.entity';
import { route, writeRings } from './call-routing';
import { emitCompleted, insertCall } from './call-rows';
import { settleCall } from './call-settle';
import { nextCallableAt } from './routing.rules';

const SPOKEN_MAX = 5_000;

const OWN_NUMBER = `
select "id" from phone_number
where "account_id" = $1 and "deleted_at" is null and "is_active" and ("team_id" = $2 or "team_id" is null)
order by "team_id" is null, "number" limit 1`;

/** The number that a team calls from: its own, else one of no team; null when there is none. */
export async function numberOf(ctx: Context, teamId: string): Promise<string | null> {
  const [row] = await ctx.query<{ id: string }>(OWN_NUMBER, [ctx.account.id, teamId], 'own number');
  return row?.id ?? null;
}

/** The texts that are spoken to the agent; null where the team has none. */
async function spokenTexts(
  ctx: Context,
  { team, lead }: { team: Team; lead: Lead },
  phoneNumberId: string | null,
): Promise<Pick<Call, 'whisperText' | 'postWhisperText'>> {
  const number = phoneNumberId ? await ctx.repo(PhoneNumber).find(phoneNumberId) : undefined;
  const from = { name: number?.name ?? '', phone_number: number?.phone ?? '' };
  const values: TemplateValues = { lead: leadValues(lead), from, team: { name: team.name } };
  // Templates were checked when they were saved; one that fails for this lead is not spoken.
  const spoken = (template: string) => {
    const rendered = renderTemplate(template, values, SPOKEN_MAX);
    return ('text' in rendered && rendered.text) || null;
  };
  return { whisperText: spoken(team.whisperText), postWhisperText: spoken(team.postWhisperText) };
}

interface Beginning {
  /** The call that was scheduled; undefined for a new one, which is made of `values`. */
  before?: Call;
  values?: Partial<Call>;
  /** Locked. */
  lead: Lead;
  team: Team;
}

/** Begins a call: it rings at the agents who can be rung, or is over at once as `offline`. */
export async function beginCall(ctx: Context, { before, values, lead, team }: Beginning): Promise<Call> {
  const { candidates, turns } = await route(ctx, team, lead.id);
  const now = ctx.instant();
  const phoneNumberId = before ? before.phoneNumberId : await numberOf(ctx, team.id);
  const begun: Partial<Call> = {
    ...(await spokenTexts(ctx, { team, lead }, phoneNumberId)),
    ...{ startedAt: now, phoneNumberId },
    ...(turns.length > 0
      ? { status: 'ringing', attempts: 1, dialAt: now }
      : { status: 'offline', endedAt: now }),
  };
  const call = before
    ? await saveChanges(ctx, Call, before, begun)
    : await insertCall(ctx, { ...values, leadId: lead.id, teamId: team.id, ...begun });
  if (turns.length > 0) {
    await writeRings(ctx, call.id, team.id, turns);
    const callAttempts = lead.callAttempts + 1;
    const called = { dialStatus: 'in_progress', callAttempts, lastCalledAt: now, scheduledCallAt: null };
    await saveChanges(ctx, Lead, lead, called);
  } else {
    await emitCompleted(ctx, call);
    await settleCall(ctx, { call, lead, team, workAt: nextCallableAt(candidates, ctx.now()) });
  }
  return call;
}
