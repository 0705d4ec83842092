import type { ErrorCode } from './error';

interface Refusal {
  code: ErrorCode;
  message: string;
  field?: string;
}

/** What a caller is told when a constraint of the database refuses a write, by the constraint's name. */
export const REFUSALS: Record<string, Refusal> = {
  lead_phone_once: {
    code: 'CONFLICT',
    message: 'Another lead of the feed has this phone number.',
    field: 'phone',
  },
  appointment_no_overlap: {
    code: 'CONFLICT',
    message: 'The agent has another appointment at this time.',
    field: 'startsAt',
  },
  agent_email_once: { code: 'CONFLICT', message: 'Another agent has this e-mail address.', field: 'email' },
  agent_username_once: { code: 'CONFLICT', message: 'Another agent has this username.', field: 'username' },
  feed_default_once: {
    code: 'CONFLICT',
    message: 'The account has a default feed already.',
    field: 'isDefault',
  },
  feed_slug_once: { code: 'CONFLICT', message: 'Another feed has this slug.', field: 'slug' },
  tag_name_once: { code: 'CONFLICT', message: 'A tag of this name exists.', field: 'name' },
  team_member_once: {
    code: 'CONFLICT',
    message: 'The agent is a member of the team already.',
    field: 'agentId',
  },
  phone_number_once: {
    code: 'CONFLICT',
    message: 'The account has this phone number already.',
    field: 'phone',
  },
  integration_provider_once: {
    code: 'CONFLICT',
    message: 'The provider is being connected by another request.',
    field: 'provider',
  },
  contact_email_once: {
    code: 'CONFLICT',
    message: 'Another contact of the audience has this e-mail address.',
    field: 'email',
  },
  audience_group_name_once: {
    code: 'CONFLICT',
    message: 'Another group of the audience has this name.',
    field: 'name',
  },
  suppression_address_once: {
    code: 'CONFLICT',
    message: 'The address is suppressed already.',
    field: 'address',
  },
  form_page_slug_once: {
    code: 'CONFLICT',
    message: 'Another page of this installation has this slug.',
    field: 'slug',
  },
  account_slug_once: { code: 'CONFLICT', message: 'Another account has this slug.', field: 'slug' },
};
