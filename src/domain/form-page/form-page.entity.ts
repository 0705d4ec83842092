import { GraphQLString } from 'graphql';
import { Audience } from '../audience/audience.entity';
import { AudienceGroup } from '../audience/audience-group.entity';
import { KeptEntity, LogEntity, NounEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { Feed } from '../feed/feed.entity';
import {
  EnumField,
  InstantField,
  IntField,
  ObjectListField,
  ReferenceField,
  ReferenceListField,
  TextField,
  TextListField,
  UrlField,
} from '../field';
import { BelongsTo, ComputedField, HasMany, HasManyThrough, type Through } from '../relation';
import { Submission } from '../submission/submission.entity';
import { FormField } from './form-field';

export const formPageStatus = enumeration('FormPageStatus', 'Whether people can see a page.', {
  draft: 'Being made: nobody can see it.',
  published: 'Anybody who knows its address can see it and send it.',
  archived: 'Over: nobody can see it any more.',
});
/** Whether people can see a page. */
export type FormPageStatus = ValueOf<typeof formPageStatus>;

const GROUPS: Through = {
  ...{ table: 'form_page_group', ownColumn: 'page_id', targetColumn: 'group_id' },
  order: 'position',
};

/** Where the public finds a page, below the address of the installation. */
export function formPagePath({ slug }: { slug: string }): string {
  return `/p/${slug}`;
}

/** A view on the tally of submissions, a row for each page under its id; who may read pages may read it. */
@NounEntity('How much a page was sent.', {
  name: 'formPageStats',
  plural: 'formPages',
  label: 'Form page stats',
  isPart: true,
})
export class FormPageStats extends LogEntity {
  @IntField('How many submissions it has had.', { write: 'never' })
  submissionCount!: number;

  @InstantField('Begin of the quarter of an hour of the last submission.', {
    ...{ write: 'never', nullable: true },
  })
  lastSubmittedAt!: string | null;
}

@NounEntity(
  'A page of the public web with a form: what people send becomes submissions, contacts and leads.',
  {
    name: 'formPage',
    plural: 'formPages',
    label: 'Form page',
  },
)
export class FormPage extends KeptEntity {
  @TextField('Name, for those who keep the page.', { required: true, min: 1, sortable: true })
  name!: string;

  @TextField(
    'End of its public address `/p/<slug>`: lower-case letters, digits and single dashes; unique over all accounts of the installation. From the name when not given.',
    { min: 1, max: 80 },
  )
  slug!: string;

  @TextField('Heading; the name when empty.', { nullable: true, filterable: false })
  title!: string | null;

  @TextField('Text above the form.', { nullable: true, max: 10_000, filterable: false })
  intro!: string | null;

  @TextField('Language of its texts, like en or pt-BR.', { min: 2, max: 35, filterable: false })
  language!: string;

  @EnumField(formPageStatus, 'Whether people can see it.')
  status!: FormPageStatus;

  @ReferenceField(() => Audience, 'The audience that who sends it comes into.', { nullable: true })
  audienceId!: string | null;

  @ReferenceListField(GROUPS, 'Groups of the audience that they come into.')
  groupIds?: string[];

  @ReferenceField(() => Feed, 'The feed that gets a lead of each submission.', { nullable: true })
  feedId!: string | null;

  @ObjectListField(() => FormField, 'The fields of its form, in order; at most 50.')
  fields!: FormField[];

  @TextField('What stands on its button.', { min: 1, max: 100, filterable: false })
  submitLabel!: string;

  @TextField('What people read when they have sent it.', { nullable: true, max: 10_000, filterable: false })
  thankYouText!: string | null;

  @UrlField('Where people are sent when they have sent it, in place of the text.', {
    ...{ nullable: true, max: 2_000, filterable: false },
  })
  redirectUrl!: string | null;

  @TextListField(
    'Origins of other sites that may send the form and show the page in a frame, like https://example.com; * is any.',
    { max: 50 },
  )
  allowedOrigins!: string[];

  @ComputedField<FormPage, 'slug'>(
    () => GraphQLString,
    'Its path below the address of the installation.',
    ['slug'],
    formPagePath,
  )
  path?: string;

  @BelongsTo(() => FormPageStats, 'id', 'How much it was sent.')
  stats?: FormPageStats;

  @BelongsTo(() => Audience, 'audienceId', 'The audience; empty when it was deleted.', { nullable: true })
  audience?: Audience | null;

  @BelongsTo(() => Feed, 'feedId', 'The feed; empty when it was deleted.', { nullable: true })
  feed?: Feed | null;

  @HasManyThrough(() => AudienceGroup, GROUPS, 'The groups of the audience, in order.')
  groups?: AudienceGroup[];

  @HasMany(() => Submission, 'pageId', 'What people sent, newest first.')
  submissions?: Submission[];
}
