import { DateTime } from 'luxon';
import type { Agent } from '../../../domain/agent/agent.entity';
import type { Call } from '../../../domain/call/call.entity';
import type { AccountScope } from '../../../domain/context-seed';
import { joinName } from '../../../domain/lead/lead.rules';
import type { PhoneNumber } from '../../../domain/phone-number/phone-number.entity';
import type { Team } from '../../../domain/team/team.entity';
import { microTime } from './webhook-fields';
import { type LeadFile, noteItem, tagItem } from './webhook-payload';

/** A call with all that is told of it; what was deleted is null. */
export type CallFile = Omit<Call, 'lead' | 'team' | 'agent' | 'phoneNumber'> & {
  lead: LeadFile | null;
  team: Team | null;
  agent: Agent | null;
  phoneNumber: PhoneNumber | null;
};

function leadPart(lead: LeadFile) {
  const { number, firstName, lastName, email, phone, company, category, source, crmId } = lead;
  return {
    ...{ id: number, first_name: firstName, last_name: lastName, email, phone_number: phone },
    ...{ company, category, source, crm_id: crmId, tags: lead.tags.map(tagItem) },
  };
}

function agentPart(agent: Agent) {
  const { phone, customId, email } = agent;
  return { name: joinName(agent), phone_number: phone, custom_id: customId, fub_id: null, email };
}

const numberPart = ({ name, phone }: PhoneNumber) => ({ name, phone_number: phone });

/** When the call took place, in the zone of the account. */
function timePart({ startedAt, endedAt, createdAt }: CallFile, { timeZone }: AccountScope) {
  const at = DateTime.fromISO(startedAt ?? endedAt ?? createdAt, { zone: timeZone, locale: 'en-US' });
  return {
    date: at.toFormat('LLL d, yyyy'),
    time: at.toFormat('HH:mm:ss'),
    datetime: at.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ"),
  };
}

/** Seconds from the moment that the lead was there until an agent took the call; null when none did. */
function responseSeconds({ answeredAt, lead }: CallFile): number | null {
  if (answeredAt === null || !lead) return null;
  return Math.max(0, Math.round((Date.parse(answeredAt) - Date.parse(lead.createdAt)) / 1000));
}

/** Who took part, and how it went. */
function coursePart(call: CallFile) {
  return {
    user: call.agent && agentPart(call.agent),
    number: call.phoneNumber && numberPart(call.phoneNumber),
    ...{ lead_attempt: call.leadRetry + 1, agent_attempt: call.agentRetry + 1 },
    ...{ recording_url: call.recordingUrl, transcript: call.transcript },
    response_time: responseSeconds(call),
  };
}

const wordOf = ({ status }: CallFile) => status.replace('_', '-');

/** The whole of what `call_completed` tells. The vendor's tags of calls and fallbacks are nothing here. */
export function callPayload(call: CallFile, account: AccountScope) {
  const { lead, team, result, direction, seconds } = call;
  return {
    ...{ id: call.number, account_id: account.number },
    ...{ team_id: team?.number ?? null, team_name: team?.name ?? null },
    ...{ status: wordOf(call), result, lead_status: result, direction, is_fallback: 0, tag: null },
    stage: lead?.stage ?? null,
    lead: lead && {
      ...leadPart(lead),
      ...{ notes: lead.notes.map(noteItem), comments: lead.comments },
      ...{ status: lead.status, result: lead.result },
      next_call: lead.scheduledCallAt && microTime(lead.scheduledCallAt),
    },
    ...coursePart(call),
    ...{ call_seconds: seconds, seconds },
    ...timePart(call, account),
  };
}

/** The whole of what a team's callback address is told of a call (the vendor's help article 97). */
export function callbackPayload(call: CallFile, account: AccountScope) {
  const { lead, team, result, direction, seconds } = call;
  return {
    ...{ id: call.number, account_id: account.number, team_id: team?.number ?? null },
    ...{ status: wordOf(call), result, direction, is_fallback: false, tag: null },
    stage: lead?.stage ? { id: null, name: lead.stage } : null,
    lead: lead && {
      ...leadPart(lead),
      notes: lead.notes.map(({ body }) => ({ content: body })),
      ...{ comments: lead.comments, params: lead.customFields },
    },
    ...coursePart(call),
    seconds,
    ...timePart(call, account),
  };
}
