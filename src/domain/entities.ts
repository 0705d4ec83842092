import { Account } from './account/account.entity';
import { Agent } from './agent/agent.entity';
import { AgentSession } from './agent/agent-session.entity';
import { ApiKey } from './api-key/api-key.entity';
import { Appointment } from './appointment/appointment.entity';
import { Audience } from './audience/audience.entity';
import { AudienceGroup } from './audience/audience-group.entity';
import { CalendarEvent } from './calendar-event/calendar-event.entity';
import { Call } from './call/call.entity';
import { CallRing } from './call/call-ring.entity';
import { Campaign } from './campaign/campaign.entity';
import { CampaignRecipient } from './campaign/campaign-recipient.entity';
import { Chat } from './chat/chat.entity';
import { ChatMessage } from './chat/chat-message.entity';
import { Contact } from './contact/contact.entity';
import { Email } from './email/email.entity';
import { InboundEmail } from './email/inbound-email.entity';
import { Feed } from './feed/feed.entity';
import { FormPage } from './form-page/form-page.entity';
import { ImportJob } from './import-job/import-job.entity';
import { Integration } from './integration/integration.entity';
import { Lead } from './lead/lead.entity';
import { Note } from './note/note.entity';
import { PhoneNumber } from './phone-number/phone-number.entity';
import { SmsMessage } from './sms-message/sms-message.entity';
import { Submission } from './submission/submission.entity';
import { CaseEntry } from './support-case/case-entry.entity';
import { SupportCase } from './support-case/support-case.entity';
import { Suppression } from './suppression/suppression.entity';
import { Tag } from './tag/tag.entity';
import { Team } from './team/team.entity';
import { TeamMember } from './team/team-member.entity';
import { Template } from './template/template.entity';
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
  Audience,
  AudienceGroup,
  CalendarEvent,
  Call,
  CallRing,
  Campaign,
  CampaignRecipient,
  CaseEntry,
  Chat,
  ChatMessage,
  Contact,
  Email,
  Feed,
  Integration,
  FormPage,
  ImportJob,
  InboundEmail,
  Lead,
  Note,
  PhoneNumber,
  SmsMessage,
  Submission,
  SupportCase,
  Suppression,
  Tag,
  Team,
  TeamMember,
  Template,
  Webhook,
  WebhookAttempt,
  WebhookDelivery,
  WebhookMessage,
] as const;
