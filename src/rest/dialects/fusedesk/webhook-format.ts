import type { Agent } from '../../../domain/agent/agent.entity';
import { agentRecords } from '../../../domain/agent/agent-record';
import type { Chat } from '../../../domain/chat/chat.entity';
import type { Contact } from '../../../domain/contact/contact.entity';
import type { Context } from '../../../domain/context';
import type { InboundEmail } from '../../../domain/email/inbound-email.entity';
import { caseRecordsOf } from '../../../domain/support-case/case-records';
import type { SupportCase } from '../../../domain/support-case/support-case.entity';
import { caseTags } from '../../../domain/tag/case-tags.service';
import type { Tag } from '../../../domain/tag/tag.entity';
import { supportTeams } from '../../../domain/team/support-team.service';
import type { Team } from '../../../domain/team/team.entity';
import { standardFormat } from '../../../domain/webhook/standard-format';
import { type OutboundEvent, type WebhookFormat, WHOLE } from '../../../domain/webhook/webhook-format';
import { supportCase } from './case.fields';
import { caseTag } from './casetags';
import { chat, chatRecord } from './chat.fields';
import { wireTime } from './codecs';
import { contact } from './contacts';
import { department } from './department.fields';
import { email, emailRecords } from './emails';
import { rep } from './reps';
import { type ObjectType, wordsOf } from './webhook.mapping';

/** The name of the format. */
export const FUSEDESK_FORMAT = 'fusedesk';

/** The record of an event as the vendor's GET shows it. */
const DATA: Record<ObjectType, (ctx: Context, payload: unknown) => Promise<object>> = {
  async case(ctx, payload) {
    const [record] = await caseRecordsOf(ctx, [payload as SupportCase]);
    return record ? supportCase.format(record) : {};
  },
  chat: async (ctx, payload) => chat.format(await chatRecord(ctx, payload as Chat)),
  contact: async (_, payload) => contact.format(payload as Contact),
  async email(ctx, payload) {
    const [record] = await emailRecords(ctx, [payload as InboundEmail]);
    return record ? email.format(record) : {};
  },
  async department(ctx, payload) {
    const [record] = await supportTeams.records(ctx, [payload as Team]);
    return record ? department.format(record) : {};
  },
  async rep(ctx, payload) {
    const [record] = await agentRecords.records(ctx, [payload as Agent]);
    return record ? rep.format(record) : {};
  },
  async casetag(ctx, payload) {
    const [record] = await caseTags.records(ctx, [payload as Tag]);
    return record ? caseTag.format(record) : {};
  },
};

/** A case that was changed is told of once, although its change is several events; tags of leads are not told of. */
function partsOf({ name, subject, changes, payload }: OutboundEvent): string[] {
  const words = wordsOf(name);
  if (!words || (subject === 'tag' && payload.scope !== 'case')) return [];
  const isToldAlready =
    words.action === 'edit' && !name.endsWith('.updated') && Object.keys(changes).length > 0;
  return isToldAlready ? [] : [WHOLE];
}

/** A bare object under the headers of Standard Webhooks; tests are sent as they are. */
export const fusedeskFormat: WebhookFormat = {
  ...standardFormat,
  name: FUSEDESK_FORMAT,
  parts: partsOf,
  body: async (event, context) => {
    const words = wordsOf(event.name);
    const data = words ? await DATA[words.objectType](await context(), event.payload) : event.payload;
    return JSON.stringify({ ...words, data, date: wireTime(event.createdAt) });
  },
};
