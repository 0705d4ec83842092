import 'reflect-metadata';
import { createPubSub } from '@graphql-yoga/subscription';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { Agent } from '../domain/agent/agent.entity';
import { agents } from '../domain/agent/agent.service';
import { AgentSession } from '../domain/agent/agent-session.entity';
import { agentSessions } from '../domain/agent/agent-session.service';
import { ApiKey } from '../domain/api-key/api-key.entity';
import { apiKeys } from '../domain/api-key/api-key.service';
import { Appointment } from '../domain/appointment/appointment.entity';
import { appointments } from '../domain/appointment/appointment.service';
import { Audience } from '../domain/audience/audience.entity';
import { audiences } from '../domain/audience/audience.service';
import { AudienceGroup } from '../domain/audience/audience-group.entity';
import { audienceGroups } from '../domain/audience/audience-group.service';
import { CalendarEvent } from '../domain/calendar-event/calendar-event.entity';
import { calendarEvents } from '../domain/calendar-event/calendar-event.service';
import { Call } from '../domain/call/call.entity';
import { calls } from '../domain/call/call.service';
import { Campaign } from '../domain/campaign/campaign.entity';
import { campaignRecipients, campaigns } from '../domain/campaign/campaign.service';
import { CampaignRecipient } from '../domain/campaign/campaign-recipient.entity';
import { Chat } from '../domain/chat/chat.entity';
import { chatMessages, chats } from '../domain/chat/chat.service';
import { ChatMessage } from '../domain/chat/chat-message.entity';
import { Contact } from '../domain/contact/contact.entity';
import { contacts } from '../domain/contact/contact.service';
import { Email } from '../domain/email/email.entity';
import { emails } from '../domain/email/email.service';
import { InboundEmail } from '../domain/email/inbound-email.entity';
import { inboundEmails } from '../domain/email/inbound-email.service';
import { ENTITIES } from '../domain/entities';
import { Feed } from '../domain/feed/feed.entity';
import { feeds } from '../domain/feed/feed.service';
import { FormPage } from '../domain/form-page/form-page.entity';
import { formPages } from '../domain/form-page/form-page.service';
import { ImportJob } from '../domain/import-job/import-job.entity';
import { importJobs } from '../domain/import-job/import-job.service';
import { Integration } from '../domain/integration/integration.entity';
import { integrations } from '../domain/integration/integration.service';
import { Lead } from '../domain/lead/lead.entity';
import { leads } from '../domain/lead/lead.service';
import { Note } from '../domain/note/note.entity';
import { notes } from '../domain/note/note.service';
import { PhoneNumber } from '../domain/phone-number/phone-number.entity';
import { phoneNumbers } from '../domain/phone-number/phone-number.service';
import { SmsMessage } from '../domain/sms-message/sms-message.entity';
import { smsMessages } from '../domain/sms-message/sms-message.service';
import { Submission } from '../domain/submission/submission.entity';
import { submissions } from '../domain/submission/submission.service';
import { CaseEntry } from '../domain/support-case/case-entry.entity';
import { SupportCase } from '../domain/support-case/support-case.entity';
import { caseEntries, supportCases } from '../domain/support-case/support-case.service';
import { Suppression } from '../domain/suppression/suppression.entity';
import { suppressions } from '../domain/suppression/suppression.service';
import { Tag } from '../domain/tag/tag.entity';
import { tags } from '../domain/tag/tag.service';
import { Team } from '../domain/team/team.entity';
import { teamMembers, teams } from '../domain/team/team.service';
import { TeamMember } from '../domain/team/team-member.entity';
import { Template } from '../domain/template/template.entity';
import { templates } from '../domain/template/template.service';
import { Webhook } from '../domain/webhook/webhook.entity';
import { webhooks } from '../domain/webhook/webhook.service';
import { WebhookDelivery } from '../domain/webhook/webhook-delivery.entity';
import { webhookDeliveries } from '../domain/webhook/webhook-delivery.service';
import { attachResolvers } from './relations';
import { accountResolvers } from './resolvers/account.resolver';
import { agentSessionResolvers } from './resolvers/agent-session.resolver';
import { analyticsResolvers } from './resolvers/analytics.resolver';
import { apiKeyResolvers } from './resolvers/api-key.resolver';
import { callResolvers } from './resolvers/call.resolver';
import { campaignResolvers } from './resolvers/campaign.resolver';
import { changeLogResolvers } from './resolvers/change-log.resolver';
import { chatResolvers } from './resolvers/chat.resolver';
import { contactResolvers } from './resolvers/contact.resolver';
import { crudResolvers } from './resolvers/crud.resolver';
import { explainCostResolvers } from './resolvers/explain-cost.resolver';
import { importJobResolvers } from './resolvers/import-job.resolver';
import { inboundEmailResolvers } from './resolvers/inbound-email.resolver';
import { integrationResolvers } from './resolvers/integration.resolver';
import { leadResolvers } from './resolvers/lead.resolver';
import { smsMessageResolvers } from './resolvers/sms-message.resolver';
import { subscriptionFields, subscriptionResolvers } from './resolvers/subscription.resolver';
import { supportCaseResolvers } from './resolvers/support-case.resolver';
import { teamResolvers } from './resolvers/team.resolver';
import { webhookResolvers } from './resolvers/webhook.resolver';
import { attachRootFields } from './root-field';

/** Every subscription of the schema. */
export const SUBSCRIPTION_FIELDS = subscriptionFields(ENTITIES);

/** Everything that the schema has at its root: a line per noun, and the resolvers of what is special. */
const RESOLVERS = [
  ...crudResolvers(Agent, agents),
  ...crudResolvers(AgentSession, agentSessions, ['page']),
  ...crudResolvers(ApiKey, apiKeys, ['get', 'page', 'update']),
  ...crudResolvers(Appointment, appointments),
  ...crudResolvers(Audience, audiences),
  ...crudResolvers(AudienceGroup, audienceGroups),
  ...crudResolvers(CalendarEvent, calendarEvents),
  ...crudResolvers(Call, calls),
  ...crudResolvers(Campaign, campaigns),
  ...crudResolvers(CampaignRecipient, campaignRecipients, ['get', 'page']),
  ...crudResolvers(CaseEntry, caseEntries, ['get', 'page']),
  ...crudResolvers(Chat, chats, ['get', 'page', 'create', 'update']),
  ...crudResolvers(ChatMessage, chatMessages, ['get', 'page']),
  ...crudResolvers(Contact, contacts),
  ...crudResolvers(Email, emails, ['get', 'page']),
  ...crudResolvers(Feed, feeds),
  ...crudResolvers(Integration, integrations, ['get', 'page']),
  ...crudResolvers(FormPage, formPages),
  ...crudResolvers(ImportJob, importJobs, ['get', 'page']),
  ...crudResolvers(InboundEmail, inboundEmails, ['get', 'page']),
  ...crudResolvers(Lead, leads, ['get', 'page', 'update', 'delete']),
  ...crudResolvers(Note, notes),
  ...crudResolvers(PhoneNumber, phoneNumbers),
  ...crudResolvers(SmsMessage, smsMessages, ['get', 'page']),
  ...crudResolvers(Submission, submissions, ['get', 'page']),
  ...crudResolvers(SupportCase, supportCases),
  ...crudResolvers(Suppression, suppressions),
  ...crudResolvers(Tag, tags),
  ...crudResolvers(Team, teams),
  ...crudResolvers(TeamMember, teamMembers),
  ...crudResolvers(Template, templates),
  ...crudResolvers(Webhook, webhooks, ['get', 'page', 'update', 'delete']),
  ...crudResolvers(WebhookDelivery, webhookDeliveries, ['get', 'page']),
  ...subscriptionResolvers(SUBSCRIPTION_FIELDS),
  ...accountResolvers,
  ...agentSessionResolvers,
  ...analyticsResolvers,
  ...apiKeyResolvers,
  ...callResolvers,
  ...campaignResolvers,
  ...changeLogResolvers,
  ...integrationResolvers,
  ...contactResolvers,
  ...explainCostResolvers,
  ...importJobResolvers,
  ...chatResolvers,
  ...inboundEmailResolvers,
  ...leadResolvers,
  ...smsMessageResolvers,
  ...supportCaseResolvers,
  ...teamResolvers,
  ...webhookResolvers,
] as const;

let built: GraphQLSchema | undefined;

/** The schema of the API, built once per process. */
export function buildApiSchema(): GraphQLSchema {
  if (!built) {
    // type-graphql wants a bus for any subscription; events come from the change log.
    const pubSub = createPubSub();
    // Apollo Server validates the schema; the introspection that type-graphql would run on it is a tenth of a start.
    built = buildSchemaSync({ resolvers: [...RESOLVERS] as never, validate: false, skipCheck: true, pubSub });
    attachRootFields(built);
    attachResolvers(built);
  }
  return built;
}
