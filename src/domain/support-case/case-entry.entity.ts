import { Agent } from '../agent/agent.entity';
import { ApiKey } from '../api-key/api-key.entity';
import { Chat } from '../chat/chat.entity';
import { Contact } from '../contact/contact.entity';
import { Email } from '../email/email.entity';
import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { EnumField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { hasOwnCase } from './case-view.rules';
import { SupportCase } from './support-case.entity';

export const caseEntryKind = enumeration('CaseEntryKind', 'What an entry of a case’s history tells.', {
  note: 'Something was written down.',
  call: 'Something was said on the phone.',
  email: 'An e-mail came in.',
  reply: 'The case was answered by e-mail.',
  chat: 'A chat.',
  transfer: 'It went to another team or agent.',
  status: 'It stands otherwise.',
  tag: 'A tag was put on or taken off.',
  merge: 'Cases were merged.',
  snooze: 'It is out of sight for a while, or back.',
  feedback: 'Feedback was asked for, or given.',
  edit: 'What it says was changed.',
});
/** What an entry of a case's history tells. */
export type CaseEntryKind = ValueOf<typeof caseEntryKind>;

export const authorKind = enumeration('AuthorKind', 'Who wrote an entry.', {
  agent: 'An agent.',
  contact: 'The contact.',
  key: 'A program, with its key.',
  system: 'This program by itself.',
});
/** Who wrote an entry. */
export type AuthorKind = ValueOf<typeof authorKind>;

@NounEntity('An entry of a support case’s history.', {
  name: 'caseEntry',
  plural: 'caseEntries',
  label: 'Case entry',
  agentSees: (agent, account) => hasOwnCase('"case_entry"', agent, account),
})
export class CaseEntry extends TenantEntity {
  @ReferenceField(() => SupportCase, 'The case.', { write: 'never' })
  caseId!: string;

  @EnumField(caseEntryKind, 'What it tells.', { write: 'never' })
  kind!: CaseEntryKind;

  @TextField('What it tells, in a line.', { write: 'never' })
  title!: string;

  @TextField('Its text.', { write: 'never', filterable: false })
  body!: string;

  @EnumField(authorKind, 'Who wrote it.', { write: 'never' })
  authorKind!: AuthorKind;

  @TextField('The writer’s name at that time.', { write: 'never' })
  authorName!: string;

  @ReferenceField(() => Agent, 'The agent who wrote it.', { nullable: true, write: 'never' })
  agentId!: string | null;

  @ReferenceField(() => Contact, 'The contact who wrote it.', { nullable: true, write: 'never' })
  contactId!: string | null;

  @ReferenceField(() => ApiKey, 'The key that wrote it.', { nullable: true, write: 'never' })
  apiKeyId!: string | null;

  @ReferenceField(() => Email, 'The e-mail that it tells of.', { nullable: true, write: 'never' })
  emailId!: string | null;

  @ReferenceField(() => Chat, 'The chat that it tells of.', { nullable: true, write: 'never' })
  chatId!: string | null;

  @BelongsTo(() => SupportCase, 'caseId', 'The case.', { nullable: true })
  supportCase?: SupportCase | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent who wrote it.', { nullable: true })
  agent?: Agent | null;

  @BelongsTo(() => Contact, 'contactId', 'The contact who wrote it.', { nullable: true })
  contact?: Contact | null;

  @BelongsTo(() => Email, 'emailId', 'The e-mail that it tells of.', { nullable: true })
  email?: Email | null;

  @BelongsTo(() => Chat, 'chatId', 'The chat that it tells of.', { nullable: true })
  chat?: Chat | null;
}
