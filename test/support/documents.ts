/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Conditions on a yes or no. All that is given must hold. */
export type BooleanFilter = {
  /** Is this value; null: is empty. */
  eq?: boolean | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: boolean | null | undefined;
};

/** Where a call stands. */
export type CallStatus =
  /** The line was engaged. */
  | 'BUSY'
  /** Called off before it was made. */
  | 'CANCELLED'
  /** Over. */
  | 'COMPLETED'
  /** It failed for a technical reason. */
  | 'ERROR'
  /** Turned away by the agent. */
  | 'IGNORED'
  /** An agent has taken it. */
  | 'IN_PROGRESS'
  /** No agent answered. */
  | 'MISSED'
  /** No agent was available. */
  | 'OFFLINE'
  /** Ringing at the agents. */
  | 'RINGING'
  /** To be made at its time. */
  | 'SCHEDULED';

/** Contact: which ones are wanted. All that is given must hold. */
export type ContactFilter = {
  /** All of these hold. */
  and?: Array<ContactFilter> | null | undefined;
  /** The audience; none for a contact of the help desk. */
  audienceId?: IdFilter | null | undefined;
  /** City. */
  city?: TextFilter | null | undefined;
  /** Company. */
  company?: TextFilter | null | undefined;
  /** Country. */
  country?: TextFilter | null | undefined;
  /** When it was made. */
  createdAt?: DateTimeFilter | null | undefined;
  /** The contact’s identifier in a CRM. */
  crmId?: TextFilter | null | undefined;
  /** E-mail address; stands once in an audience, upper and lower case alike. */
  email?: TextFilter | null | undefined;
  /** Second e-mail address. */
  email2?: TextFilter | null | undefined;
  /** Third e-mail address. */
  email3?: TextFilter | null | undefined;
  /** First name. */
  firstName?: TextFilter | null | undefined;
  /** Its groups, all of its audience, in order. Replaces those it is in. */
  groupIds?: IdFilter | null | undefined;
  /** Identifier: a UUIDv7, so ids sort by the time of creation. */
  id?: IdFilter | null | undefined;
  /** Last name. */
  lastName?: TextFilter | null | undefined;
  /** First and last name, joined by a space. */
  name?: TextFilter | null | undefined;
  /** This does not hold. */
  not?: ContactFilter | null | undefined;
  /** Whole-number identifier, unique over the installation, for systems that need one. */
  number?: IntFilter | null | undefined;
  /** At least one of these holds. */
  or?: Array<ContactFilter> | null | undefined;
  /** Phone number, as it was written. */
  phone?: TextFilter | null | undefined;
  /** Second phone number, as it was written. */
  phone2?: TextFilter | null | undefined;
  /** The phone number as E.164; empty when it cannot be read as one. */
  phoneE164?: TextFilter | null | undefined;
  /** Postal code. */
  postalCode?: TextFilter | null | undefined;
  /** State or region. */
  state?: TextFilter | null | undefined;
  /** Whether it may be written to. */
  status?: ContactStatusFilter | null | undefined;
  /** Time zone (IANA). */
  timeZone?: TextFilter | null | undefined;
  /** When it was last changed. */
  updatedAt?: DateTimeFilter | null | undefined;
};

/** Contact: the order of a list. */
export type ContactSort = {
  /** Which end comes first. */
  direction: SortDirection;
  /** What the list is ordered by; equal ones by order of creation. */
  field: ContactSortField;
};

/** Contact: what a list can be ordered by. */
export type ContactSortField =
  /** Order of creation. */
  | 'ID'
  /** First and last name, joined by a space. */
  | 'NAME'
  /** Whole-number identifier, unique over the installation, for systems that need one. */
  | 'NUMBER'
  /** When it was last changed. */
  | 'UPDATED_AT';

/** Whether a contact may be written to. */
export type ContactStatus =
  /** Mail to it came back. */
  | 'BOUNCED'
  /** It complained of mail. */
  | 'COMPLAINED'
  /** It may be written to. */
  | 'SUBSCRIBED'
  /** It asked not to be written to. */
  | 'UNSUBSCRIBED';

/** Conditions on a ContactStatus. All that is given must hold. */
export type ContactStatusFilter = {
  /** Is this value; null: is empty. */
  eq?: ContactStatus | null | undefined;
  /** Is one of these values, at most 100. */
  in?: Array<ContactStatus> | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: ContactStatus | null | undefined;
};

/** Contact: the values of a new one. */
export type CreateContactInput = {
  /** The audience; none for a contact of the help desk. */
  audienceId?: string | number | null | undefined;
  /** City. */
  city?: string | null | undefined;
  /** Company. */
  company?: string | null | undefined;
  /** Country. */
  country?: string | null | undefined;
  /** The contact’s identifier in a CRM. */
  crmId?: string | null | undefined;
  /** Values of the account’s own, by name. */
  customFields?: Record<string, unknown> | null | undefined;
  /** E-mail address; stands once in an audience, upper and lower case alike. */
  email?: string | null | undefined;
  /** Second e-mail address. */
  email2?: string | null | undefined;
  /** Third e-mail address. */
  email3?: string | null | undefined;
  /** First name. */
  firstName?: string | null | undefined;
  /** Its groups, all of its audience, in order. Replaces those it is in. */
  groupIds?: Array<string | number> | null | undefined;
  /** Last name. */
  lastName?: string | null | undefined;
  /** Phone number, as it was written. */
  phone?: string | null | undefined;
  /** Second phone number, as it was written. */
  phone2?: string | null | undefined;
  /** Extension of the second phone number. */
  phone2Extension?: string | null | undefined;
  /** Extension of the phone number. */
  phoneExtension?: string | null | undefined;
  /** Postal code. */
  postalCode?: string | null | undefined;
  /** State or region. */
  state?: string | null | undefined;
  /** Whether it may be written to. */
  status?: ContactStatus | null | undefined;
  /** Street of the billing address. */
  street1?: string | null | undefined;
  /** Second line of the street. */
  street2?: string | null | undefined;
  /** Time zone (IANA). */
  timeZone?: string | null | undefined;
  /** Website. */
  website?: string | null | undefined;
};

/** Lead: the values of a new one. */
export type CreateLeadInput = {
  /** The agent it is assigned to. */
  assigneeId?: string | number | null | undefined;
  /** What the lead is interested in. */
  category?: string | null | undefined;
  /** What the team wrote about the lead. */
  comments?: string | null | undefined;
  /** Company. */
  company?: string | null | undefined;
  /** The lead’s identifier in a CRM. */
  crmId?: string | null | undefined;
  /** Values of the account’s own, by name. */
  customFields?: Record<string, unknown> | null | undefined;
  /** E-mail address. */
  email?: string | null | undefined;
  /** The feed it belongs to; the default feed when not given. */
  feedId?: string | number | null | undefined;
  /** The kind that the feed must have; a guard against the wrong feed. */
  feedKind?: FeedKind | null | undefined;
  /** First name. */
  firstName?: string | null | undefined;
  /** Whether it must not be contacted at all. */
  isBlocked?: boolean | null | undefined;
  /** Whether calling it has been stopped. */
  isStopped?: boolean | null | undefined;
  /** Last name. */
  lastName?: string | null | undefined;
  /** Where the lead is. */
  location?: string | null | undefined;
  /** What the lead wrote. */
  message?: string | null | undefined;
  /** Both names in one text, split at the first space; instead of firstName and lastName. */
  name?: string | null | undefined;
  /** The agent who owns it. */
  ownerId?: string | number | null | undefined;
  /** Phone number (E.164); stands once in a feed. */
  phone: string;
  /** Outcome of the last call, such as contacted, voicemail, missed or removed. */
  result?: string | null | undefined;
  /** When its next call is due. */
  scheduledCallAt?: string | null | undefined;
  /** Where the lead came from. */
  source?: string | null | undefined;
  /** The lead’s identifier at its source. */
  sourceId?: string | null | undefined;
  /** Place in the sales process. */
  stage?: string | null | undefined;
  /** Status in words, such as called or contacted. */
  status?: string | null | undefined;
  /** Names of its tags, in order; unknown ones are made. Replaces the tags it has. */
  tagNames?: Array<string> | null | undefined;
  /** The team that works it. */
  teamId?: string | number | null | undefined;
};

/** Conditions on a point in time. All that is given must hold. */
export type DateTimeFilter = {
  /** Is this value; null: is empty. */
  eq?: string | null | undefined;
  /** Comes after this value. */
  gt?: string | null | undefined;
  /** Is this value or comes after it. */
  gte?: string | null | undefined;
  /** Is one of these values, at most 100. */
  in?: Array<string> | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Comes before this value. */
  lt?: string | null | undefined;
  /** Is this value or comes before it. */
  lte?: string | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: string | null | undefined;
};

/** How far the attempts to reach a lead have come. */
export type DialStatus =
  /** Reached. */
  | 'COMPLETED'
  /** Given up. */
  | 'FAILED'
  /** Being tried now. */
  | 'IN_PROGRESS'
  /** Not tried yet. */
  | 'PENDING'
  /** Tried without success; to be tried again. */
  | 'RETRY';

/** Conditions on a DialStatus. All that is given must hold. */
export type DialStatusFilter = {
  /** Is this value; null: is empty. */
  eq?: DialStatus | null | undefined;
  /** Is one of these values, at most 100. */
  in?: Array<DialStatus> | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: DialStatus | null | undefined;
};

/** Kinds of failure; the same words stand in `errors[].extensions.code`. */
export type ErrorCode =
  /** It contradicts a record that is there. */
  | 'CONFLICT'
  /** The key lacks a scope, or the record is another agent’s; the message says which. */
  | 'FORBIDDEN'
  /** A fault of the server; quote the request id when you report it. */
  | 'INTERNAL'
  /** The request or one of its values is wrong; the message says which. */
  | 'INVALID'
  /** A request with this Idempotency-Key is still running; send it again in a moment. */
  | 'KEY_IN_USE'
  /** This Idempotency-Key was used for another request. */
  | 'KEY_REUSED'
  /** There is no such record in the account. */
  | 'NOT_FOUND'
  /** The request is too large. */
  | 'PAYLOAD_TOO_LARGE'
  /** Too many requests; try again later. */
  | 'RATE_LIMITED'
  /** The API key or the access token is missing, unknown, expired or revoked. */
  | 'UNAUTHENTICATED'
  /** Something that is needed cannot be reached; try again. */
  | 'UNAVAILABLE';

/** What becomes of good rows when others are bad. */
export type ErrorPolicy =
  /** Nothing is written unless every row is good. */
  | 'ALL_OR_NOTHING'
  /** The good rows are written, the bad ones are not. */
  | 'SKIP_INVALID';

/** How the leads of a feed are reached. */
export type FeedKind =
  /** By calls. */
  | 'CALL'
  /** By text messages. */
  | 'SMS';

/** Conditions on an id. All that is given must hold. */
export type IdFilter = {
  /** Is this value; null: is empty. */
  eq?: string | number | null | undefined;
  /** Is one of these values, at most 100. */
  in?: Array<string | number> | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: string | number | null | undefined;
};

/** Conditions on a whole number. All that is given must hold. */
export type IntFilter = {
  /** Is this value; null: is empty. */
  eq?: number | null | undefined;
  /** Comes after this value. */
  gt?: number | null | undefined;
  /** Is this value or comes after it. */
  gte?: number | null | undefined;
  /** Is one of these values, at most 100. */
  in?: Array<number> | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Comes before this value. */
  lt?: number | null | undefined;
  /** Is this value or comes before it. */
  lte?: number | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: number | null | undefined;
};

/** Lead: which ones are wanted. All that is given must hold. */
export type LeadFilter = {
  /** All of these hold. */
  and?: Array<LeadFilter> | null | undefined;
  /** The agent it is assigned to. */
  assigneeId?: IdFilter | null | undefined;
  /** Number of calls made to it. */
  callAttempts?: IntFilter | null | undefined;
  /** What the lead is interested in. */
  category?: TextFilter | null | undefined;
  /** Company. */
  company?: TextFilter | null | undefined;
  /** When it was made. */
  createdAt?: DateTimeFilter | null | undefined;
  /** The lead’s identifier in a CRM. */
  crmId?: TextFilter | null | undefined;
  /** How far the attempts to reach it have come. */
  dialStatus?: DialStatusFilter | null | undefined;
  /** E-mail address. */
  email?: TextFilter | null | undefined;
  /** The feed it belongs to; the default feed when not given. */
  feedId?: IdFilter | null | undefined;
  /** First name. */
  firstName?: TextFilter | null | undefined;
  /** Identifier: a UUIDv7, so ids sort by the time of creation. */
  id?: IdFilter | null | undefined;
  /** Whether it must not be contacted at all. */
  isBlocked?: BooleanFilter | null | undefined;
  /** Whether calling it has been stopped. */
  isStopped?: BooleanFilter | null | undefined;
  /** When it was last called. */
  lastCalledAt?: DateTimeFilter | null | undefined;
  /** Last name. */
  lastName?: TextFilter | null | undefined;
  /** Where the lead is. */
  location?: TextFilter | null | undefined;
  /** This does not hold. */
  not?: LeadFilter | null | undefined;
  /** Whole-number identifier, unique over the installation, for systems that need one. */
  number?: IntFilter | null | undefined;
  /** At least one of these holds. */
  or?: Array<LeadFilter> | null | undefined;
  /** The agent who owns it. */
  ownerId?: IdFilter | null | undefined;
  /** Phone number (E.164); stands once in a feed. */
  phone?: TextFilter | null | undefined;
  /** Outcome of the last call, such as contacted, voicemail, missed or removed. */
  result?: TextFilter | null | undefined;
  /** When its next call is due. */
  scheduledCallAt?: DateTimeFilter | null | undefined;
  /** Name of the lead in addresses; made from its name, and stays. */
  slug?: TextFilter | null | undefined;
  /** Where the lead came from. */
  source?: TextFilter | null | undefined;
  /** The lead’s identifier at its source. */
  sourceId?: TextFilter | null | undefined;
  /** Place in the sales process. */
  stage?: TextFilter | null | undefined;
  /** Status in words, such as called or contacted. */
  status?: TextFilter | null | undefined;
  /** The team that works it. */
  teamId?: IdFilter | null | undefined;
  /** When it was last changed. */
  updatedAt?: DateTimeFilter | null | undefined;
};

/** Lead: the order of a list. */
export type LeadSort = {
  /** Which end comes first. */
  direction: SortDirection;
  /** What the list is ordered by; equal ones by order of creation. */
  field: LeadSortField;
};

/** Lead: what a list can be ordered by. */
export type LeadSortField =
  /** Order of creation. */
  | 'ID'
  /** When it was last called. */
  | 'LAST_CALLED_AT'
  /** Whole-number identifier, unique over the installation, for systems that need one. */
  | 'NUMBER'
  /** When its next call is due. */
  | 'SCHEDULED_CALL_AT'
  /** When it was last changed. */
  | 'UPDATED_AT';

/** What happens when a lead of the feed has the phone number already. */
export type OnDuplicate =
  /** The new one is made beside the lead that is there. */
  | 'ALLOW'
  /** The lead that is there is answered, unchanged. */
  | 'MATCH'
  /** The new one is refused with the error CONFLICT. */
  | 'REJECT';

/** Which end of the order comes first. */
export type SortDirection =
  /** The lowest first: A before Z, old before new. Empty values last. */
  | 'ASC'
  /** The highest first: Z before A, new before old. Empty values last. */
  | 'DESC';

/** Conditions on a text. All that is given must hold. */
export type TextFilter = {
  /** Has this text in it, upper and lower case alike. */
  contains?: string | null | undefined;
  /** Is this value; null: is empty. */
  eq?: string | null | undefined;
  /** Is one of these values, at most 100. */
  in?: Array<string> | null | undefined;
  /** True: is empty; false: is not empty. */
  isNull?: boolean | null | undefined;
  /** Is not this value; null: is not empty. */
  ne?: string | null | undefined;
  /** Begins with this text, upper and lower case alike. */
  startsWith?: string | null | undefined;
};

/** Contact: the values that change. */
export type UpdateContactInput = {
  /** City. */
  city?: string | null | undefined;
  /** Company. */
  company?: string | null | undefined;
  /** Country. */
  country?: string | null | undefined;
  /** The contact’s identifier in a CRM. */
  crmId?: string | null | undefined;
  /** Values of the account’s own, by name. */
  customFields?: Record<string, unknown> | null | undefined;
  /** E-mail address; stands once in an audience, upper and lower case alike. */
  email?: string | null | undefined;
  /** Second e-mail address. */
  email2?: string | null | undefined;
  /** Third e-mail address. */
  email3?: string | null | undefined;
  /** First name. */
  firstName?: string | null | undefined;
  /** Its groups, all of its audience, in order. Replaces those it is in. */
  groupIds?: Array<string | number> | null | undefined;
  /** Last name. */
  lastName?: string | null | undefined;
  /** Phone number, as it was written. */
  phone?: string | null | undefined;
  /** Second phone number, as it was written. */
  phone2?: string | null | undefined;
  /** Extension of the second phone number. */
  phone2Extension?: string | null | undefined;
  /** Extension of the phone number. */
  phoneExtension?: string | null | undefined;
  /** Postal code. */
  postalCode?: string | null | undefined;
  /** State or region. */
  state?: string | null | undefined;
  /** Whether it may be written to. */
  status?: ContactStatus | null | undefined;
  /** Street of the billing address. */
  street1?: string | null | undefined;
  /** Second line of the street. */
  street2?: string | null | undefined;
  /** Time zone (IANA). */
  timeZone?: string | null | undefined;
  /** Website. */
  website?: string | null | undefined;
};

/** Lead: the values that change. */
export type UpdateLeadInput = {
  /** The agent it is assigned to. */
  assigneeId?: string | number | null | undefined;
  /** What the lead is interested in. */
  category?: string | null | undefined;
  /** What the team wrote about the lead. */
  comments?: string | null | undefined;
  /** Company. */
  company?: string | null | undefined;
  /** The lead’s identifier in a CRM. */
  crmId?: string | null | undefined;
  /** Values of the account’s own, by name. */
  customFields?: Record<string, unknown> | null | undefined;
  /** How far the attempts to reach it have come. */
  dialStatus?: DialStatus | null | undefined;
  /** E-mail address. */
  email?: string | null | undefined;
  /** The feed it belongs to; the default feed when not given. */
  feedId?: string | number | null | undefined;
  /** The kind that the feed must have; a guard against the wrong feed. */
  feedKind?: FeedKind | null | undefined;
  /** First name. */
  firstName?: string | null | undefined;
  /** Whether it must not be contacted at all. */
  isBlocked?: boolean | null | undefined;
  /** Whether calling it has been stopped. */
  isStopped?: boolean | null | undefined;
  /** Last name. */
  lastName?: string | null | undefined;
  /** Where the lead is. */
  location?: string | null | undefined;
  /** What the lead wrote. */
  message?: string | null | undefined;
  /** Both names in one text, split at the first space; instead of firstName and lastName. */
  name?: string | null | undefined;
  /** The agent who owns it. */
  ownerId?: string | number | null | undefined;
  /** Phone number (E.164); stands once in a feed. */
  phone?: string | null | undefined;
  /** Outcome of the last call, such as contacted, voicemail, missed or removed. */
  result?: string | null | undefined;
  /** When its next call is due. */
  scheduledCallAt?: string | null | undefined;
  /** Where the lead came from. */
  source?: string | null | undefined;
  /** The lead’s identifier at its source. */
  sourceId?: string | null | undefined;
  /** Place in the sales process. */
  stage?: string | null | undefined;
  /** Status in words, such as called or contacted. */
  status?: string | null | undefined;
  /** Names of its tags, in order; unknown ones are made. Replaces the tags it has. */
  tagNames?: Array<string> | null | undefined;
  /** The team that works it. */
  teamId?: string | number | null | undefined;
};

export type ContactPageQueryVariables = Exact<{
  filter?: ContactFilter | null | undefined;
  sort?: ContactSort | null | undefined;
  first?: number | null | undefined;
}>;


export type ContactPageQuery = { contacts: { totalCount: number, nodes: Array<{ id: string, name: string, email: string | null }> } };

export type SearchContactsQueryVariables = Exact<{
  text: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SearchContactsQuery = { searchContacts: { totalCount: number, nodes: Array<{ name: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type NestedContactsQueryVariables = Exact<{ [key: string]: never; }>;


export type NestedContactsQuery = { contacts: { nodes: Array<{ name: string, audience: { name: string, contactCount: number } | null, groups: Array<{ name: string, contacts: Array<{ name: string }>, audience: { name: string } }> }> }, audiences: { nodes: Array<{ name: string, contacts: Array<{ name: string }>, groups: Array<{ name: string, contactCount: number }> }> } };

export type AudienceNumbersQueryVariables = Exact<{
  id: string | number;
  from: string;
  to: string;
}>;


export type AudienceNumbersQuery = { audienceStats: { contactCount: number, emailCount: number, phoneCount: number, groupCount: number, statusCounts: Array<{ status: ContactStatus, count: number }> }, audienceAnalysis: { series: Array<{ date: string, added: number, removed: number, total: number }> } };

export type CreateContactsMutationVariables = Exact<{
  inputs: Array<CreateContactInput> | CreateContactInput;
  errorPolicy?: ErrorPolicy;
}>;


export type CreateContactsMutation = { createContacts: { created: number, failed: number, outcomes: Array<{ index: number, contact: { name: string, email: string | null, groups: Array<{ name: string }> } | null, error: { code: ErrorCode, message: string, fields: Array<{ field: string, messages: Array<string> }> } | null }> } };

export type UpsertContactMutationVariables = Exact<{
  audienceId: string | number;
  input: UpdateContactInput;
}>;


export type UpsertContactMutation = { upsertContact: { isNew: boolean, contact: { id: string, name: string, email: string | null, phoneE164: string | null, groups: Array<{ name: string }> } } };

export type UpdateContactMutationVariables = Exact<{
  id: string | number;
  input: UpdateContactInput;
}>;


export type UpdateContactMutation = { updateContact: { id: string, groups: Array<{ name: string }> } };

export type LeadFieldsFragment = { id: string, number: number, name: string, firstName: string, lastName: string, phone: string, email: string | null, company: string | null, customFields: Record<string, unknown>, dialStatus: DialStatus, scheduledCallAt: string | null, createdAt: string, updatedAt: string, tags: Array<{ name: string }> };

export type LeadQueryVariables = Exact<{
  id: string | number;
}>;


export type LeadQuery = { lead: { id: string, number: number, name: string, firstName: string, lastName: string, phone: string, email: string | null, company: string | null, customFields: Record<string, unknown>, dialStatus: DialStatus, scheduledCallAt: string | null, createdAt: string, updatedAt: string, tags: Array<{ name: string }> } };

export type LeadPageQueryVariables = Exact<{
  filter?: LeadFilter | null | undefined;
  sort?: LeadSort | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type LeadPageQuery = { leads: { edges: Array<{ cursor: string, node: { firstName: string } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type LeadCountQueryVariables = Exact<{
  filter?: LeadFilter | null | undefined;
}>;


export type LeadCountQuery = { leads: { totalCount: number } };

export type NestedLeadsQueryVariables = Exact<{
  first: number;
}>;


export type NestedLeadsQuery = { leads: { nodes: Array<{ id: string, firstName: string, lastName: string, phone: string, dialStatus: DialStatus, createdAt: string, team: { name: string } | null, owner: { firstName: string } | null, assignee: { firstName: string } | null, tags: Array<{ name: string }>, notes: Array<{ body: string, author: { firstName: string } | null }>, calls: Array<{ status: CallStatus, agent: { firstName: string } | null, team: { name: string } | null }>, appointments: Array<{ startsAt: string, agent: { firstName: string } | null }> }> } };

export type CreateLeadMutationVariables = Exact<{
  input: CreateLeadInput;
  onDuplicate?: OnDuplicate;
}>;


export type CreateLeadMutation = { createLead: { id: string, number: number, name: string, firstName: string, lastName: string, phone: string, email: string | null, company: string | null, customFields: Record<string, unknown>, dialStatus: DialStatus, scheduledCallAt: string | null, createdAt: string, updatedAt: string, tags: Array<{ name: string }> } };

export type CreateLeadsMutationVariables = Exact<{
  inputs: Array<CreateLeadInput> | CreateLeadInput;
  errorPolicy?: ErrorPolicy;
}>;


export type CreateLeadsMutation = { createLeads: { created: number, failed: number, outcomes: Array<{ index: number, lead: { firstName: string, phone: string } | null, error: { code: ErrorCode, message: string, fields: Array<{ field: string, messages: Array<string> }> } | null }> } };

export type UpdateLeadMutationVariables = Exact<{
  id: string | number;
  input: UpdateLeadInput;
}>;


export type UpdateLeadMutation = { updateLead: { id: string, number: number, name: string, firstName: string, lastName: string, phone: string, email: string | null, company: string | null, customFields: Record<string, unknown>, dialStatus: DialStatus, scheduledCallAt: string | null, createdAt: string, updatedAt: string, tags: Array<{ name: string }> } };

export type DeleteLeadMutationVariables = Exact<{
  id: string | number;
}>;


export type DeleteLeadMutation = { deleteLead: { id: string, firstName: string } };

export const LeadFieldsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LeadFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Lead"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"company"}},{"kind":"Field","name":{"kind":"Name","value":"customFields"}},{"kind":"Field","name":{"kind":"Name","value":"dialStatus"}},{"kind":"Field","name":{"kind":"Name","value":"scheduledCallAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<LeadFieldsFragment, unknown>;
export const ContactPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ContactPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ContactFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sort"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ContactSort"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"sort"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sort"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}}]}}]}}]}}]} as unknown as DocumentNode<ContactPageQuery, ContactPageQueryVariables>;
export const SearchContactsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SearchContacts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"text"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"searchContacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"text"},"value":{"kind":"Variable","name":{"kind":"Name","value":"text"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<SearchContactsQuery, SearchContactsQueryVariables>;
export const NestedContactsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NestedContacts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"50"}},{"kind":"Argument","name":{"kind":"Name","value":"sort"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"field"},"value":{"kind":"EnumValue","value":"NAME"}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"ASC"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"audience"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"contactCount"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"contacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"audience"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"audiences"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"contacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"2"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"contactCount"}}]}}]}}]}}]}}]} as unknown as DocumentNode<NestedContactsQuery, NestedContactsQueryVariables>;
export const AudienceNumbersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AudienceNumbers"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"audienceStats"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"contactCount"}},{"kind":"Field","name":{"kind":"Name","value":"emailCount"}},{"kind":"Field","name":{"kind":"Name","value":"phoneCount"}},{"kind":"Field","name":{"kind":"Name","value":"groupCount"}},{"kind":"Field","name":{"kind":"Name","value":"statusCounts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"audienceAnalysis"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"from"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"Argument","name":{"kind":"Name","value":"to"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"series"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"added"}},{"kind":"Field","name":{"kind":"Name","value":"removed"}},{"kind":"Field","name":{"kind":"Name","value":"total"}}]}}]}}]}}]} as unknown as DocumentNode<AudienceNumbersQuery, AudienceNumbersQueryVariables>;
export const CreateContactsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateContacts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateContactInput"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"errorPolicy"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ErrorPolicy"}}},"defaultValue":{"kind":"EnumValue","value":"ALL_OR_NOTHING"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createContacts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"inputs"},"value":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}}},{"kind":"Argument","name":{"kind":"Name","value":"errorPolicy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"errorPolicy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcomes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"contact"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"messages"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}}]}}]}}]} as unknown as DocumentNode<CreateContactsMutation, CreateContactsMutationVariables>;
export const UpsertContactDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpsertContact"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"audienceId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateContactInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upsertContact"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"audienceId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"audienceId"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"isNew"}},{"kind":"Field","name":{"kind":"Name","value":"contact"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"phoneE164"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<UpsertContactMutation, UpsertContactMutationVariables>;
export const UpdateContactDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateContact"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateContactInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateContact"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"groups"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<UpdateContactMutation, UpdateContactMutationVariables>;
export const LeadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Lead"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"lead"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LeadFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LeadFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Lead"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"company"}},{"kind":"Field","name":{"kind":"Name","value":"customFields"}},{"kind":"Field","name":{"kind":"Name","value":"dialStatus"}},{"kind":"Field","name":{"kind":"Name","value":"scheduledCallAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<LeadQuery, LeadQueryVariables>;
export const LeadPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LeadPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"LeadFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sort"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"LeadSort"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"leads"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"sort"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sort"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<LeadPageQuery, LeadPageQueryVariables>;
export const LeadCountDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"LeadCount"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"LeadFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"leads"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"1"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<LeadCountQuery, LeadCountQueryVariables>;
export const NestedLeadsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NestedLeads"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"leads"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"dialStatus"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"team"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"owner"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"assignee"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"notes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"author"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"calls"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"team"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"appointments"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startsAt"}},{"kind":"Field","name":{"kind":"Name","value":"agent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<NestedLeadsQuery, NestedLeadsQueryVariables>;
export const CreateLeadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateLead"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateLeadInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"onDuplicate"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"OnDuplicate"}}},"defaultValue":{"kind":"EnumValue","value":"REJECT"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createLead"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"onDuplicate"},"value":{"kind":"Variable","name":{"kind":"Name","value":"onDuplicate"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LeadFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LeadFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Lead"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"company"}},{"kind":"Field","name":{"kind":"Name","value":"customFields"}},{"kind":"Field","name":{"kind":"Name","value":"dialStatus"}},{"kind":"Field","name":{"kind":"Name","value":"scheduledCallAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CreateLeadMutation, CreateLeadMutationVariables>;
export const CreateLeadsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateLeads"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateLeadInput"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"errorPolicy"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ErrorPolicy"}}},"defaultValue":{"kind":"EnumValue","value":"ALL_OR_NOTHING"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createLeads"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"inputs"},"value":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}}},{"kind":"Argument","name":{"kind":"Name","value":"errorPolicy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"errorPolicy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcomes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"lead"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}}]}},{"kind":"Field","name":{"kind":"Name","value":"error"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"messages"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"created"}},{"kind":"Field","name":{"kind":"Name","value":"failed"}}]}}]}}]} as unknown as DocumentNode<CreateLeadsMutation, CreateLeadsMutationVariables>;
export const UpdateLeadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UpdateLead"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateLeadInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateLead"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LeadFields"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LeadFields"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Lead"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"number"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}},{"kind":"Field","name":{"kind":"Name","value":"lastName"}},{"kind":"Field","name":{"kind":"Name","value":"phone"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"company"}},{"kind":"Field","name":{"kind":"Name","value":"customFields"}},{"kind":"Field","name":{"kind":"Name","value":"dialStatus"}},{"kind":"Field","name":{"kind":"Name","value":"scheduledCallAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"tags"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<UpdateLeadMutation, UpdateLeadMutationVariables>;
export const DeleteLeadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DeleteLead"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteLead"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"firstName"}}]}}]}}]} as unknown as DocumentNode<DeleteLeadMutation, DeleteLeadMutationVariables>;