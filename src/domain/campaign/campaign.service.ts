import { groupIdsOf, STRANGE_GROUPS } from '../audience/audience-group-ids';
import type { Context } from '../context';
import { type Crud, crud, saveChanges } from '../crud';
import { type Instant, parseInstant } from '../datetime';
import type { RowRef } from '../entity';
import { DomainError, invalid } from '../error';
import { setLinks } from '../links';
import type { Page, PageRequest } from '../page';
import { Campaign, type CampaignChannel } from './campaign.entity';
import { CampaignRecipient } from './campaign-recipient.entity';
import { templateProblems } from './campaign-template';
import { type Decision, decideUnknown } from './unknown-recipients';

const IS_OVER = {
  sending: 'is going out already',
  sent: 'was sent already',
  failed: 'has failed; make a new one of it',
} as const;

/** Throws CONFLICT when the campaign is past being written. */
function requireUnsent({ status }: Campaign): void {
  if (status !== 'draft' && status !== 'scheduled')
    throw new DomainError('CONFLICT', `The campaign ${IS_OVER[status]}.`);
}

const NEEDED: Record<CampaignChannel, (campaign: Campaign) => Record<string, boolean>> = {
  email: ({ subject, text, html }) => ({ subject: !!subject, text: !!text || !!html }),
  sms: ({ text, phoneNumberId }) => ({ text: !!text, phoneNumberId: !!phoneNumberId }),
};

const MISSING: Record<string, string> = {
  subject: 'Subject must be given before the campaign can be sent.',
  text: 'Text (or html, for e-mails) must be given before the campaign can be sent.',
  phoneNumberId: 'Phone number id must be given before texts can be sent.',
};

/** What a campaign lacks to be sent, by field; empty when it lacks nothing. */
export function missingOf(campaign: Campaign): Record<string, string[]> {
  const needed = Object.entries(NEEDED[campaign.channel](campaign));
  return Object.fromEntries(
    needed.filter(([, isThere]) => !isThere).map(([name]) => [name, [MISSING[name] ?? '']]),
  );
}

function requireReady(campaign: Campaign): void {
  requireUnsent(campaign);
  const missing = missingOf(campaign);
  if (Object.keys(missing).length > 0) throw invalid(missing);
}

const base: Crud<Campaign> = crud(Campaign, {
  async prepare(ctx, draft, current) {
    if (current) requireUnsent(current);
    const audienceId = current?.audienceId ?? (draft.audienceId as string);
    const refs = draft.groupIds as RowRef[] | undefined;
    const ids = refs && (await groupIdsOf(ctx, audienceId, refs));
    const problems = {
      // What waits for its time must be able to go out then.
      ...(current?.status === 'scheduled' && missingOf({ ...current, ...draft })),
      ...templateProblems(draft),
      ...(refs && !ids && STRANGE_GROUPS),
    };
    if (Object.keys(problems).length > 0) throw invalid(problems);
    if (ids) Object.assign(draft, { groupIds: ids, isGrouped: ids.length > 0 });
  },
  complete: (ctx, { id }, draft) =>
    setLinks(ctx, Campaign, 'groupIds', id, draft.groupIds as string[] | undefined),
  beforeDelete(_, { status }) {
    if (status === 'sending') throw new DomainError('CONFLICT', 'The campaign is going out.');
  },
});

/** Mailings. They are sent by workers: see the steps of `campaign-start` and the queue of `recipient-queue`. */
export const campaigns = {
  ...base,

  /** Sends a campaign now. Throws CONFLICT when it was sent already, INVALID when something is missing. */
  async send(ctx: Context, ref: RowRef): Promise<Campaign> {
    ctx.require('campaigns:write');
    return ctx.transaction(async (tx) => {
      const before = await tx.repo(Campaign).lock(ref);
      requireReady(before);
      return saveChanges(tx, Campaign, before, { status: 'sending', startedAt: tx.instant() });
    });
  },

  /** Sends a campaign at a time to come; null makes it a draft again. Throws CONFLICT and INVALID like `send`. */
  async schedule(ctx: Context, ref: RowRef, at: Instant | null): Promise<Campaign> {
    ctx.require('campaigns:write');
    const scheduledAt = at === null ? null : parseInstant(at);
    if (scheduledAt === undefined || (scheduledAt !== null && scheduledAt <= ctx.instant()))
      throw invalid({ at: ['At must be a point in time to come, like 2026-01-31T14:30:00Z.'] });
    return ctx.transaction(async (tx) => {
      const before = await tx.repo(Campaign).lock(ref);
      if (scheduledAt === null) requireUnsent(before);
      else requireReady(before);
      return saveChanges(tx, Campaign, before, { status: scheduledAt ? 'scheduled' : 'draft', scheduledAt });
    });
  },

  /**
   * Decides on messages that may have arrived or not: RESEND sends them again, LEAVE gives them up. All of the
   * campaign's, or those that are named. Answers how many. Throws NOT_FOUND.
   */
  async resolveUnknown(ctx: Context, ref: RowRef, decision: Decision, ids?: string[]): Promise<number> {
    ctx.require('campaigns:write');
    return decideUnknown(ctx, ref, decision, ids);
  },
};

/** Whom campaigns go to. */
export const campaignRecipients = {
  /** The recipient; it has no number to ask for it by. Throws NOT_FOUND. */
  async get(ctx: Context, id: RowRef): Promise<CampaignRecipient> {
    ctx.require('campaignRecipients:read');
    return ctx.repo(CampaignRecipient).get(String(id));
  },

  /** One page by cursors. Throws INVALID. */
  async page(ctx: Context, request: PageRequest): Promise<Page<CampaignRecipient>> {
    ctx.require('campaignRecipients:read');
    return ctx.repo(CampaignRecipient).page(request);
  },
};
