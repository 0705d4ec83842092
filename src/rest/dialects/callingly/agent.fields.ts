import { z } from 'zod';
import type { Agent } from '../../../domain/agent/agent.entity';
import { isAgentAvailable, isDisturbable } from '../../../domain/agent/agent.rules';
import { joinName } from '../../../domain/lead/lead.rules';
import { fieldMap } from '../../field-map';
import {
  accountId,
  asFlag,
  datetime,
  flag,
  flagOutput,
  optionalText,
  phone,
  requiredText,
  type Seen,
  wholeNumber,
} from './codecs';
import { NO_OBJECT } from './replies';

/** An agent in the vendor's words. */
export const agent = fieldMap<Seen<Agent>>()({
  id: { about: 'Number of the agent.', key: 'number', output: z.int() },
  account_id: accountId,
  fname: {
    about: 'First name.',
    key: 'firstName',
    parse: requiredText('fname', 100),
    isRequired: true,
    output: z.string(),
  },
  lname: {
    about: 'Last name.',
    key: 'lastName',
    parse: requiredText('lname', 100),
    isRequired: true,
    output: z.string(),
  },
  name: { about: 'First and last name.', format: (row) => joinName(row), output: z.string() },
  email: {
    about: 'E-mail address.',
    key: 'email',
    parse: optionalText('email'),
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  phone_number: {
    about: 'Number that calls are put through to; answered as E.164.',
    key: 'phone',
    parse: phone('phone_number'),
    isRequired: true,
    output: z.string(),
    isOmittedWhenEmpty: true,
  },
  ext: {
    about: 'Extension behind the number.',
    key: 'phoneExtension',
    parse: optionalText('ext'),
    format: ({ phoneExtension }) => phoneExtension ?? '',
    output: z.string(),
  },
  donotdisturb: {
    about: 'Whether the agent takes no calls; 0 or 1. Switched on without donotdisturb_until it has no end.',
    key: 'isDoNotDisturb',
    parse: flag('donotdisturb'),
    format: (row) => asFlag(!isDisturbable(row, row.now)),
    output: flagOutput,
  },
  donotdisturb_until: {
    about: 'When do-not-disturb ends by itself (UTC).',
    key: 'doNotDisturbUntil',
    parse: datetime('donotdisturb_until'),
  },
  priority: {
    about: 'Who is called first: higher before lower.',
    key: 'priority',
    parse: wholeNumber('priority'),
    output: z.int(),
  },
  timezone: {
    about: 'IANA zone of the weekly schedule; default: the account’s.',
    key: 'timeZone',
    parse: requiredText('timezone'),
    output: z.string(),
  },
  is_available: {
    about: 'Whether a call can be put through now: within the schedule and not do-not-disturb.',
    format: (row) => isAgentAvailable(row, row.now),
    output: z.boolean(),
  },
});

// An end that was set before would else still hold, or end what is switched on now.
function withEnd(draft: Record<string, unknown>): Record<string, unknown> {
  if (draft.isDoNotDisturb === undefined) return draft;
  return { ...draft, doNotDisturbUntil: draft.isDoNotDisturb ? (draft.doNotDisturbUntil ?? null) : null };
}

/** A new agent. */
export const agentCreation = agent.creation(NO_OBJECT).transform(withEnd);

/** Changes of an agent. */
export const agentChange = agent.change(NO_OBJECT).transform(withEnd);
