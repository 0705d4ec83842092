import { Agent } from '../agent/agent.entity';
import type { Contact } from '../contact/contact.entity';
import type { Context } from '../context';
import { DomainError } from '../error';
import type { AuthorKind, CaseEntry } from './case-entry.entity';

/** Who writes an entry. */
export type Author = Pick<CaseEntry, 'authorKind' | 'authorName' | 'agentId' | 'contactId' | 'apiKeyId'>;

const NOBODY = { agentId: null, contactId: null, apiKeyId: null };

/** First and last name of an agent. */
export const agentName = ({ firstName, lastName }: Agent) => `${firstName} ${lastName}`.trim();

/** The key, the signed-in agent or the program that acts. */
export function actorAuthor({ actor: { kind, id, name }, agent }: Context): Author {
  const authorKind: AuthorKind = kind;
  return {
    ...{ ...NOBODY, authorKind, authorName: name, agentId: agent?.id ?? null },
    apiKeyId: kind === 'key' ? id : null,
  };
}

/** The contact. */
export function contactAuthor({ id, name, email }: Pick<Contact, 'id' | 'name' | 'email'>): Author {
  return { ...NOBODY, authorKind: 'contact', authorName: name || email || '', contactId: id };
}

/** Throws FORBIDDEN when an agent who is no admin writes in the name of another. */
export function requireOwnName({ view }: Context, agentId: string, field: string): void {
  if (view.agentId === undefined || view.agentId === agentId) return;
  const message = 'Only admins and keys write in another agent’s name.';
  throw new DomainError('FORBIDDEN', message, { fields: { [field]: [message] } });
}

/** The agent of the id, else who acts. Throws NOT_FOUND for `authorId`, FORBIDDEN where only admins may name another. */
export async function authorOf(ctx: Context, authorId: string | number | null | undefined): Promise<Author> {
  if (authorId == null) return actorAuthor(ctx);
  const agent = await ctx.repo(Agent).find(authorId);
  if (!agent) {
    const fields = { authorId: ['Agent not found'] };
    throw new DomainError('NOT_FOUND', 'Agent not found', { fields });
  }
  requireOwnName(ctx, agent.id, 'authorId');
  return { ...NOBODY, authorKind: 'agent', authorName: agentName(agent), agentId: agent.id };
}
