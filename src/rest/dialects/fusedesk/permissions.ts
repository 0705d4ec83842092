import type { Context } from '../../../domain/context';
import { DomainError } from '../../../domain/error';
import type { Route } from '../../dialect';

/** What each permission of the vendor is in our scopes. The first six names are the vendor's own. */
export const PERMISSIONS = {
  reps: ['agents:read'],
  departments: ['teams:read', 'teamMembers:read'],
  cases: ['supportCases:read', 'caseEntries:read', 'tags:read'],
  cases_create: ['supportCases:create'],
  cases_update: ['supportCases:update'],
  integrations: ['integrations:read'],
  casetags_update: ['tags:write'],
  emails: ['inboundEmails:read', 'emails:read'],
  chats: ['chats:read', 'chatMessages:read'],
  chats_update: ['chats:write'],
  contacts: ['contacts:read'],
  contacts_update: ['contacts:write'],
  departments_update: ['teams:write', 'teamMembers:write'],
  webhooks: ['webhooks:read', 'webhooks:write'],
} as const satisfies Record<string, readonly string[]>;

/** One of {@link PERMISSIONS}. */
export type Permission = keyof typeof PERMISSIONS;

/** Scopes that others include in this dialect, since what they are for is a part of it. */
export const INCLUDED_SCOPES: Record<string, string> = {
  'supportCases:create': 'supportCases:write',
  'supportCases:update': 'supportCases:write',
  'caseEntries:read': 'supportCases:read',
  'tags:read': 'supportCases:read',
  'teamMembers:read': 'teams:read',
  'teamMembers:write': 'teams:write',
  'emails:read': 'inboundEmails:read',
  'chatMessages:read': 'chats:read',
};

/** The permissions that the key has. */
export function permissionsOf(ctx: Context): Permission[] {
  const names = Object.keys(PERMISSIONS) as Permission[];
  return names.filter((name) => PERMISSIONS[name].every((scope) => ctx.can(scope)));
}

/** The operation for keys that have the permission. */
export function permitting(name: Permission, route: Route): Route {
  return {
    ...route,
    permit: (ctx) => {
      if (permissionsOf(ctx).includes(name)) return;
      throw new DomainError('FORBIDDEN', `Not Authorized: this key lacks the scope ${name}.`, {
        scope: name,
      });
    },
  };
}
