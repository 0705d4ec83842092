import { createHmac } from 'node:crypto';
import { Audience } from '../../../domain/audience/audience.entity';
import { AudienceGroup } from '../../../domain/audience/audience-group.entity';
import type { Campaign } from '../../../domain/campaign/campaign.entity';
import { campaignRecordsOf } from '../../../domain/campaign/campaign-lookup';
import { stateAt } from '../../../domain/change-log';
import { Contact } from '../../../domain/contact/contact.entity';
import type { Context } from '../../../domain/context';
import { FormPage } from '../../../domain/form-page/form-page.entity';
import type { Submission } from '../../../domain/submission/submission.entity';
import {
  type OutboundEvent,
  type OutboundMessage,
  type WebhookFormat,
  WHOLE,
} from '../../../domain/webhook/webhook-format';
import { campaign } from './campaign.fields';
import { wireTime } from './codecs';
import { contact } from './contact.fields';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

interface Numbered {
  number: number;
}

/** The record as the log knows it, when it is gone since. */
async function lastOf(ctx: Context, id: string): Promise<Numbered | null> {
  return ((await stateAt(ctx, id, Number.MAX_SAFE_INTEGER)) as Numbered | undefined) ?? null;
}

async function audienceOf(ctx: Context, id: string | null): Promise<Numbered | null> {
  return id === null ? null : ((await ctx.repo(Audience).find(id)) ?? lastOf(ctx, id));
}

async function groupsOf(ctx: Context, ids: string[]): Promise<Numbered[]> {
  const groups = await ctx.repo(AudienceGroup).findMany(ids);
  const groupById = new Map<string, Numbered>(groups.map((group) => [group.id, group]));
  const all = await Promise.all(ids.map((id) => groupById.get(id) ?? lastOf(ctx, id)));
  return all.filter((group) => group !== null);
}

async function contactData(ctx: Context, event: OutboundEvent): Promise<object> {
  const row = event.payload as unknown as Contact;
  const audience = await audienceOf(ctx, row.audienceId);
  return contact.format({ ...row, audience, groups: await groupsOf(ctx, row.groupIds ?? []) });
}

async function campaignData(ctx: Context, event: OutboundEvent): Promise<object> {
  const [record] = await campaignRecordsOf(ctx, [event.payload as unknown as Campaign]);
  return record ? campaign.format(record) : {};
}

interface Bounce {
  contactId: string;
  address: string;
  kind: string;
  reason: string | null;
}

async function bounceData(ctx: Context, event: OutboundEvent): Promise<object> {
  const { contactId, address: email, kind: type, reason } = (event.changes.bounce as { new: Bounce }).new;
  const number = ((await ctx.repo(Contact).find(contactId)) ?? (await lastOf(ctx, contactId)))?.number;
  const bounce = { contact_id: number ?? null, email, type, reason };
  return { ...(await campaignData(ctx, event)), bounce };
}

async function submissionData(ctx: Context, event: OutboundEvent): Promise<object> {
  const { number: id, pageId, contactId, values, createdAt } = event.payload as unknown as Submission;
  const page = (await ctx.repo(FormPage).find(pageId)) ?? (await lastOf(ctx, pageId));
  const contact = contactId && ((await ctx.repo(Contact).find(contactId)) ?? (await lastOf(ctx, contactId)));
  return {
    ...{ id, page_id: page?.number ?? null, contact_id: contact ? contact.number : null },
    ...{ fields: values, created_at: wireTime(createdAt) },
  };
}

interface Told {
  /** The vendor's word for the event. */
  event: string;
  data: (ctx: Context, event: OutboundEvent) => Promise<object>;
}

/** The events that the vendor knows, by our words. */
const TOLD: Record<string, Told> = {
  'contact.created': { event: 'contact.created', data: contactData },
  'contact.updated': { event: 'contact.updated', data: contactData },
  'contact.deleted': { event: 'contact.deleted', data: contactData },
  'campaign.sent': { event: 'campaign.sent', data: campaignData },
  'campaign.bounced': { event: 'campaign.bounced', data: bounceData },
  'submission.created': { event: 'page.submission', data: submissionData },
};

/** Whether the vendor has such an event: contacts of the help desk, which are in no audience, it does not know. */
function isTold({ name, subject, payload }: OutboundEvent): boolean {
  return Object.hasOwn(TOLD, name) && !(subject === 'contact' && payload.audienceId === null);
}

function signature({ keys: [key], body }: OutboundMessage): Record<string, string> {
  return key ? { 'X-Furiosa-Signature': createHmac('sha256', key.secret).update(body).digest('hex') } : {};
}

/** What the vendor sends: event, timestamp and resource, signed with the newest secret; tests are sent as they are. */
export const furiosaFormat: WebhookFormat = {
  name: 'furiosa',
  contentType: 'application/json',
  timeoutMs: 10 * SECOND_MS,
  retryDelaysMs: [1, 5, 30, 120].map((minutes) => minutes * MINUTE_MS),
  jitter: 0,
  isSignedWithText: true,
  // Its documentation has one schedule for everything but 2xx.
  heedsGone: false,
  isSuccess: (statusCode) => statusCode >= 200 && statusCode < 300,
  parts: (event) => (isTold(event) ? [WHOLE] : []),
  body: async (event, context) => {
    const told = TOLD[event.name];
    return JSON.stringify({
      event: told?.event ?? event.name,
      timestamp: wireTime(event.createdAt),
      data: told ? await told.data(await context(), event) : event.payload,
    });
  },
  headers: signature,
};
