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
import { CalendarEvent } from '../domain/calendar-event/calendar-event.entity';
import { calendarEvents } from '../domain/calendar-event/calendar-event.service';
import { Call } from '../domain/call/call.entity';
import { calls } from '../domain/call/call.service';
import { ENTITIES } from '../domain/entities';
import { Feed } from '../domain/feed/feed.entity';
import { feeds } from '../domain/feed/feed.service';
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
import { Tag } from '../domain/tag/tag.entity';
import { tags } from '../domain/tag/tag.service';
import { Team } from '../domain/team/team.entity';
import { teamMembers, teams } from '../domain/team/team.service';
import { TeamMember } from '../domain/team/team-member.entity';
import { Webhook } from '../domain/webhook/webhook.entity';
import { webhooks } from '../domain/webhook/webhook.service';
import { WebhookDelivery } from '../domain/webhook/webhook-delivery.entity';
import { webhookDeliveries } from '../domain/webhook/webhook-delivery.service';
import { accountResolvers } from './account.resolver';
import { agentSessionResolvers } from './agent-session.resolver';
import { apiKeyResolvers } from './api-key.resolver';
import { callResolvers } from './call.resolver';
import { changeLogResolvers } from './change-log.resolver';
import { crudResolvers } from './crud.resolver';
import { integrationResolvers } from './integration.resolver';
import { leadResolvers } from './lead.resolver';
import { attachResolvers } from './relations';
import { attachRootFields } from './root-field';
import { smsMessageResolvers } from './sms-message.resolver';
import { subscriptionFields, subscriptionResolvers } from './subscription.resolver';
import { teamResolvers } from './team.resolver';
import { webhookResolvers } from './webhook.resolver';

/** Every subscription of the schema. */
export const SUBSCRIPTION_FIELDS = subscriptionFields(ENTITIES);

/** Everything that the schema has at its root: a line per noun, and the resolvers of what is special. */
const RESOLVERS = [
  ...crudResolvers(Agent, agents),
  ...crudResolvers(AgentSession, agentSessions, ['page']),
  ...crudResolvers(ApiKey, apiKeys, ['get', 'page', 'update']),
  ...crudResolvers(Appointment, appointments),
  ...crudResolvers(CalendarEvent, calendarEvents),
  ...crudResolvers(Call, calls),
  ...crudResolvers(Feed, feeds),
  ...crudResolvers(Integration, integrations, ['get', 'page']),
  ...crudResolvers(Lead, leads, ['get', 'page', 'update', 'delete']),
  ...crudResolvers(Note, notes),
  ...crudResolvers(PhoneNumber, phoneNumbers),
  ...crudResolvers(SmsMessage, smsMessages, ['get', 'page']),
  ...crudResolvers(Tag, tags),
  ...crudResolvers(Team, teams),
  ...crudResolvers(TeamMember, teamMembers),
  ...crudResolvers(Webhook, webhooks, ['get', 'page', 'update', 'delete']),
  ...crudResolvers(WebhookDelivery, webhookDeliveries, ['get', 'page']),
  ...subscriptionResolvers(SUBSCRIPTION_FIELDS),
  ...accountResolvers,
  ...agentSessionResolvers,
  ...apiKeyResolvers,
  ...callResolvers,
  ...changeLogResolvers,
  ...integrationResolvers,
  ...leadResolvers,
  ...smsMessageResolvers,
  ...teamResolvers,
  ...webhookResolvers,
] as const;

let built: GraphQLSchema | undefined;

/** The schema of the API, built once per process. */
export function buildApiSchema(): GraphQLSchema {
  if (!built) {
    // type-graphql wants a bus for any subscription; events come from the change log.
    const pubSub = createPubSub();
    built = buildSchemaSync({ resolvers: [...RESOLVERS] as never, validate: false, pubSub });
    attachRootFields(built);
    attachResolvers(built);
  }
  return built;
}
