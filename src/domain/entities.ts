import { Account } from './account/account.entity';
import { Agent } from './agent/agent.entity';
import { AgentSession } from './agent/agent-session.entity';
import { ApiKey } from './api-key/api-key.entity';
import { Appointment } from './appointment/appointment.entity';
import { CalendarEvent } from './calendar-event/calendar-event.entity';
import { Call } from './call/call.entity';
import { CallRing } from './call/call-ring.entity';
import { Feed } from './feed/feed.entity';
import { Integration } from './integration/integration.entity';
import { Lead } from './lead/lead.entity';
import { Note } from './note/note.entity';
import { PhoneNumber } from './phone-number/phone-number.entity';
import { SmsMessage } from './sms-message/sms-message.entity';
import { Tag } from './tag/tag.entity';
import { Team } from './team/team.entity';
import { TeamMember } from './team/team-member.entity';
import { Webhook } from './webhook/webhook.entity';
import { WebhookAttempt } from './webhook/webhook-attempt.entity';
import { WebhookDelivery } from './webhook/webhook-delivery.entity';
import { WebhookMessage } from './webhook/webhook-message.entity';

/** Every noun that has a table. */
export const ENTITIES = [
  Account,
  Agent,
  AgentSession,
  ApiKey,
  Appointment,
  CalendarEvent,
  Call,
  CallRing,
  Feed,
  Integration,
  Lead,
  Note,
  PhoneNumber,
  SmsMessage,
  Tag,
  Team,
  TeamMember,
  Webhook,
  WebhookAttempt,
  WebhookDelivery,
  WebhookMessage,
] as const;
