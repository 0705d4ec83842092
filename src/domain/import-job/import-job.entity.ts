import { Audience } from '../audience/audience.entity';
import { NounEntity, ROW_VERBS, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { Feed } from '../feed/feed.entity';
import {
  EnumField,
  FloatField,
  InstantField,
  IntField,
  JsonField,
  ReferenceField,
  TextField,
} from '../field';
import { BelongsTo } from '../relation';

export const importKind = enumeration('ImportKind', 'What the rows of a file become.', {
  contacts: 'Contacts of an audience.',
  leads: 'Leads of a feed.',
});
/** What the rows of a file become. */
export type ImportKind = ValueOf<typeof importKind>;

export const importStatus = enumeration('ImportStatus', 'How far an import has come.', {
  uploading: 'Waits for its file.',
  running: 'Its rows are being read, or soon will be.',
  done: 'Every row has had its turn.',
  failed: 'It could not go on; what was imported stays.',
  cancelled: 'It was stopped; what was imported stays.',
});
/** How far an import has come. */
export type ImportStatus = ValueOf<typeof importStatus>;

export const importDuplicates = enumeration(
  'ImportDuplicates',
  'What becomes of a row whose contact (by e-mail address, without one by phone number) or lead (by phone number) is there.',
  {
    skip: 'It is passed over.',
    update: 'It changes what is there: cells that are not empty replace values.',
    reject: 'It fails.',
  },
);
/** What becomes of a row whose contact or lead is there. */
export type ImportDuplicates = ValueOf<typeof importDuplicates>;

const NEVER = { write: 'never' } as const;
const NEVER_NULL = { write: 'never', nullable: true } as const;
const HIDDEN = { write: 'never', hidden: true, filterable: false } as const;

@NounEntity('A CSV file of contacts or leads on its way into the account.', {
  name: 'importJob',
  plural: 'importJobs',
  label: 'Import',
  verbs: { ...ROW_VERBS, progressed: 'has come further, at most once a second' },
})
export class ImportJob extends TenantEntity {
  @EnumField(importKind, 'What its rows become.', NEVER)
  kind!: ImportKind;

  @EnumField(importStatus, 'How far it has come.', NEVER)
  status!: ImportStatus;

  @ReferenceField(() => Audience, 'The audience of its contacts.', NEVER_NULL)
  audienceId!: string | null;

  @ReferenceField(() => Feed, 'The feed of its leads.', NEVER_NULL)
  feedId!: string | null;

  @JsonField('Which field a column is, by the column’s title, where the title does not say it.', NEVER)
  mapping!: Record<string, string>;

  @EnumField(importDuplicates, 'What becomes of rows that are there.', NEVER)
  onDuplicate!: ImportDuplicates;

  @TextField('Name of the file, for people.', NEVER_NULL)
  fileName!: string | null;

  @FloatField('Size of the file in bytes; 0 until it is uploaded.', NEVER)
  fileBytes!: number;

  @FloatField('Bytes of the file whose rows have had their turn.', NEVER)
  bytesDone!: number;

  @IntField('Rows that have had their turn; when it is done, all of the file.', NEVER)
  total!: number;

  @IntField('Rows that were made contacts or leads.', NEVER)
  imported!: number;

  @IntField('Rows that changed a contact or lead.', NEVER)
  updated!: number;

  @IntField('Rows that were passed over, because they were there or said nothing new.', NEVER)
  skipped!: number;

  @IntField('Rows that were refused; the results say why.', NEVER)
  failed!: number;

  @TextField('Why it failed.', { ...NEVER_NULL, filterable: false })
  error!: string | null;

  @InstantField('When its file was there.', NEVER_NULL)
  startedAt!: string | null;

  @InstantField('When it was over.', NEVER_NULL)
  finishedAt!: string | null;

  @TextField('Name of the file in the data directory, while it is there.', { ...HIDDEN, nullable: true })
  storedAs!: string | null;

  @FloatField('Bytes of the results that are committed.', HIDDEN)
  resultsBytes!: number;

  @JsonField('Who imports.', HIDDEN)
  actor!: Record<string, unknown>;

  @TextField('The process that works on it.', { ...HIDDEN, nullable: true })
  leaseOwner!: string | null;

  @InstantField('When others may take it over.', { ...HIDDEN, nullable: true })
  leaseUntil!: string | null;

  @InstantField('When its progress was last told.', { ...HIDDEN, nullable: true })
  progressedAt!: string | null;

  @BelongsTo(() => Audience, 'audienceId', 'The audience of its contacts; empty when it was deleted.', {
    nullable: true,
  })
  audience?: Audience | null;

  @BelongsTo(() => Feed, 'feedId', 'The feed of its leads.', { nullable: true })
  feed?: Feed | null;
}
