import { Agent } from '../agent/agent.entity';
import { ApiKey } from '../api-key/api-key.entity';
import { Chat } from '../chat/chat.entity';
import { Contact } from '../contact/contact.entity';
import { KeptEntity, NounEntity, ROW_VERBS } from '../entity';
import {
  BooleanField,
  EnumField,
  FullTextField,
  InstantField,
  IntField,
  ReferenceField,
  ReferenceListField,
  TextField,
  TextListField,
} from '../field';
import { BelongsTo, HasMany, HasManyThrough, type Through } from '../relation';
import { Tag } from '../tag/tag.entity';
import { Team } from '../team/team.entity';
import { CaseEntry } from './case-entry.entity';
import { type SpokenKind, type SupportCaseStatus, spokenKind, supportCaseStatus } from './case-status';
import { CASE_VERBS } from './case-verb';
import { isOwnCase } from './case-view.rules';

/** Most characters of a case's details, and of a note. */
export const CASE_TEXT_MAX = 100_000;
/** Most characters of a summary. */
export const CASE_SUMMARY_MAX = 500;

const TAGS: Through = {
  ...{ table: 'case_tag', ownColumn: 'case_id', targetColumn: 'tag_id' },
  order: 'position',
};

const WRITTEN = { nullable: true, write: 'never' } as const;
const TIMED = { ...WRITTEN, sortable: true } as const;

@NounEntity('Somebody’s request, worked on until it is done.', {
  name: 'supportCase',
  plural: 'supportCases',
  writes: ['create', 'update'],
  label: 'Support case',
  agentSees: isOwnCase,
  verbs: { ...ROW_VERBS, ...CASE_VERBS },
})
export class SupportCase extends KeptEntity {
  @TextField('What people call it, such as BCDF1234: unique in the account, and not in sequence.', {
    write: 'never',
  })
  caseNumber!: string;

  @TextField('What it is about, in a line.', { required: true, min: 1, max: CASE_SUMMARY_MAX })
  summary!: string;

  @TextField('What was asked.', { required: true, max: CASE_TEXT_MAX, filterable: false })
  details!: string;

  @TextField('Who asked, as a name or an address.', { required: true })
  openedBy!: string;

  @EnumField(supportCaseStatus, 'How it stands.', { sortable: true })
  status!: SupportCaseStatus;

  @ReferenceField(() => Team, 'The team that works it.', { required: true })
  teamId!: string;

  @ReferenceField(
    () => Agent,
    'The agent who works it; one of the team, by chance, when none or one of another team is given.',
  )
  agentId!: string;

  @ReferenceField(() => Contact, 'Whose it is.', { nullable: true })
  contactId!: string | null;

  @IntField('The company’s identifier in a CRM.', { nullable: true, min: 0 })
  companyId!: number | null;

  @ReferenceListField(TAGS, 'Its tags, in order. Replaces those it has.')
  tagIds?: string[];

  @TextListField('Names of further tags; those that are missing are made.', {
    ...{ inputOnly: true, write: 'create' },
  })
  tagNames?: string[];

  @FullTextField(
    { table: 'case_search', ownColumn: 'case_id', column: 'document' },
    'Words in its number, summary, details and history.',
  )
  words?: string;

  @ReferenceField(() => Agent, 'The agent who made it.', WRITTEN)
  createdByAgentId!: string | null;

  @ReferenceField(() => ApiKey, 'The key that made it, when no agent did.', WRITTEN)
  createdByKeyId!: string | null;

  @ReferenceField(() => SupportCase, 'The case that it was merged into.', WRITTEN)
  mergedIntoId!: string | null;

  @InstantField('When it was opened; now when not given.', { write: 'create', sortable: true })
  openedAt!: string;

  @InstantField('When its team and agent got it; when it was opened when not given.', {
    ...{ write: 'create', sortable: true },
  })
  assignedAt!: string;

  @InstantField('When it was answered first.', TIMED)
  firstResponseAt!: string | null;

  @InstantField('When it was answered last.', TIMED)
  lastResponseAt!: string | null;

  @InstantField('When it was closed.', TIMED)
  closedAt!: string | null;

  @InstantField('Until when it is out of sight.', WRITTEN)
  snoozedUntil!: string | null;

  @BooleanField('Whether the contact may be asked for feedback.')
  isFeedbackWanted!: boolean;

  @InstantField('When the contact was asked for feedback.', WRITTEN)
  feedbackRequestedAt!: string | null;

  @InstantField('When the request for feedback is to be sent.', {
    ...{ ...WRITTEN, hidden: true, filterable: false },
  })
  feedbackSendAt!: string | null;

  @InstantField('When feedback was given.', WRITTEN)
  ratedAt!: string | null;

  @IntField('How the contact rates it, from 1 (bad) to 5 (good).', { ...WRITTEN, min: 1, max: 5 })
  rating!: number | null;

  @TextField('What the contact says of it.', { ...WRITTEN, filterable: false, max: 10_000 })
  feedback!: string | null;

  @BooleanField('Whether it is put away.', { write: 'update' })
  isArchived!: boolean;

  @ReferenceField(() => Agent, 'The agent who writes; the key when none is given.', { inputOnly: true })
  authorId?: string;

  @EnumField(spokenKind, 'How it was asked.', { inputOnly: true, write: 'create' })
  openingKind?: SpokenKind;

  @BelongsTo(() => Team, 'teamId', 'The team that works it.', { nullable: true })
  team?: Team | null;

  @BelongsTo(() => Agent, 'agentId', 'The agent who works it.', { nullable: true })
  agent?: Agent | null;

  @BelongsTo(() => Contact, 'contactId', 'Whose it is.', { nullable: true })
  contact?: Contact | null;

  @BelongsTo(() => SupportCase, 'mergedIntoId', 'The case that it was merged into.', { nullable: true })
  mergedInto?: SupportCase | null;

  @HasManyThrough(() => Tag, TAGS, 'Its tags, in order.')
  tags?: Tag[];

  @HasMany(() => CaseEntry, 'caseId', 'Its history, newest first.')
  entries?: CaseEntry[];

  @HasMany(() => Chat, 'caseId', 'The chats that belong to it, newest first.')
  chats?: Chat[];
}
