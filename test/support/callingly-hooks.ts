import { accounts } from '../../src/domain/account/account.service';
import type { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import type { Call } from '../../src/domain/call/call.entity';
import { calls } from '../../src/domain/call/call.service';
import type { Context } from '../../src/domain/context';
import type { Lead } from '../../src/domain/lead/lead.entity';
import type { PhoneNumber } from '../../src/domain/phone-number/phone-number.entity';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { Tag } from '../../src/domain/tag/tag.entity';
import type { Team } from '../../src/domain/team/team.entity';
import { teams } from '../../src/domain/team/team.service';
import type { WebhookRecord } from '../../src/domain/webhook/webhook-record';
import { webhookRecords } from '../../src/domain/webhook/webhook-record';
import { registerDialects } from '../../src/rest/dialects';
import { type GivenWebhook, webhookInput } from '../../src/rest/dialects/callingly/webhook.mapping';
import { CALLINGLY_FORMAT } from '../../src/rest/dialects/callingly/webhook-format';
import { TestClock } from './account';
import { type DeliveryBench, openBench } from './delivery';
import { Receiver } from './receiver';

type Body = Record<string, unknown>;

/** An account in São Paulo with what calls are made of, and an endpoint that gets what is told of them. */
export interface HookBench extends DeliveryBench {
  ctx: Context;
  receiver: Receiver;
  agent: Agent;
  team: Team;
  number: PhoneNumber;
  tagNamed: (name: string) => Promise<Tag>;
  /** A webhook of the vendor's, to the receiver. */
  hook: (given: GivenWebhook) => Promise<WebhookRecord>;
  /** What has come since the last time, sent first. */
  told: () => Promise<Body[]>;
  /** A call that lasted so many seconds, with its end. */
  makeCall: (lead: Lead, input: object, end?: object) => Promise<Call>;
}

/** What is known of the lead of most tests. */
export const WHO = {
  name: 'Example Lead',
  phone: '+15705550101',
  email: 'example@example.com',
  company: 'Acme',
  category: 'Pools',
  source: 'Web',
  crmId: '77',
  comments: 'Call <me>\nsoon',
};

/** What every payload says of that lead. */
export const WHO_TOLD = {
  ...{ fname: 'Example', lname: 'Lead', email: 'example@example.com', phone_number: '+15705550101' },
  ...{ company: 'Acme', category: 'Pools', source: 'Web', crm: null, comments: 'Call <me>\nsoon' },
  comments_formatted: 'Call &lt;me&gt;<br />\nsoon',
};

/** When a bench is opened, as payloads write it. */
export const OPENED_AT = '2026-01-29T21:02:05.000000Z';

/** Opens one; its day begins at 18:02:05 there. */
export async function openHookBench(): Promise<HookBench> {
  registerDialects();
  const bench = await openBench({ clock: new TestClock(new Date('2026-01-29T21:02:05.000Z')) });
  const { ctx } = bench.account;
  await accounts.update(ctx, { timeZone: 'America/Sao_Paulo' });
  const receiver = await Receiver.start();
  let seen = 0;
  return {
    ...{ ...bench, ctx, receiver },
    agent: await agents.create(ctx, {
      ...{ firstName: 'Michael', lastName: 'Scott', email: 'michael@example.com', phone: '+15705550123' },
      customId: 'crm-7',
    }),
    team: await teams.create(ctx, { name: 'Main Team' }),
    number: await phoneNumbers.create(ctx, { phone: '+15705550100', name: 'Front desk' }),
    tagNamed: (name) => ctx.repo(Tag).findBy({ name }) as Promise<Tag>,
    hook: (given) =>
      webhookRecords.create(
        ctx,
        CALLINGLY_FORMAT,
        webhookInput({ name: 'hook', target_url: receiver.url, ...given }),
      ),
    async told() {
      await bench.run();
      const fresh = receiver.received.slice(seen).map(({ body }) => JSON.parse(body));
      seen = receiver.received.length;
      return fresh;
    },
    async makeCall(lead, input, end = { status: 'completed', result: 'contacted' }) {
      const startedAt = ctx.instant();
      const begun = { leadId: lead.id, direction: 'outbound', status: 'ringing', startedAt };
      const call = await calls.create(ctx, { ...begun, ...input });
      return calls.progress(ctx, call.id, end);
    },
  };
}
