import { z } from 'zod';
import { type FormField, formFieldKind, formFieldTarget } from '../../../domain/form-page/form-field';
import { formPagePath, formPageStatus } from '../../../domain/form-page/form-page.entity';
import type { FormPageRecord } from '../../../domain/form-page/form-page.service';
import { fieldMap } from '../../field-map';
import { times } from './codecs';

/** One field of a form as the settings of its page show it. */
const formField = fieldMap<FormField>()({
  name: { about: 'Name in what is sent.', key: 'name', output: z.string() },
  label: { about: 'What people read beside it.', key: 'label', output: z.string() },
  type: { about: 'What it takes.', key: 'kind', output: z.enum(formFieldKind.values) },
  required: {
    about: 'Whether it must be filled in.',
    format: ({ isRequired }) => isRequired ?? false,
    output: z.boolean(),
  },
  options: {
    about: 'What can be chosen.',
    format: ({ options }) => options ?? [],
    output: z.array(z.string()),
  },
  value: { about: 'What it holds at first.', key: 'value', output: z.string().nullable() },
  maps_to: {
    about: 'Where it goes besides the submission.',
    key: 'mapsTo',
    output: z.enum(formFieldTarget.values).nullable(),
  },
});

const settings = fieldMap<FormPageRecord>()({
  title: { about: 'Heading; the name when empty.', key: 'title', output: z.string().nullable() },
  intro: { about: 'Text above the form.', key: 'intro', output: z.string().nullable() },
  language: { about: 'Language of its texts.', key: 'language', output: z.string() },
  fields: {
    about: 'The fields of its form, in order.',
    format: ({ fields }) => fields.map((field) => formField.format(field)),
    output: z.array(formField.output()),
  },
  submit_label: { about: 'What stands on its button.', key: 'submitLabel', output: z.string() },
  thank_you_text: {
    about: 'What people read when they have sent it.',
    key: 'thankYouText',
    output: z.string().nullable(),
  },
  redirect_url: {
    about: 'Where people are sent when they have sent it.',
    key: 'redirectUrl',
    output: z.string().nullable(),
  },
  allowed_origins: {
    about: 'Other sites that may send the form; * is any.',
    key: 'allowedOrigins',
    output: z.array(z.string()),
  },
  group_ids: {
    about: 'Groups of the audience that who sends it comes into.',
    format: ({ groups }) => groups.map(({ number }) => number),
    output: z.array(z.int()),
  },
});

/** A page and an address of the installation that shows it. */
interface ShownPage {
  page: FormPageRecord;
  /** Any address of the installation. */
  base: string;
}

/** A page in the vendor's words. */
export const formPage = fieldMap<ShownPage>()({
  id: { about: 'Identifier.', format: ({ page }) => page.number, output: z.int() },
  name: { about: 'Name.', format: ({ page }) => page.name, output: z.string() },
  slug: { about: 'End of its address.', format: ({ page }) => page.slug, output: z.string() },
  url: {
    about: 'Where people see it, once it is published.',
    format: ({ page, base }) => new URL(formPagePath(page), base).href,
    output: z.string(),
  },
  status: {
    about: 'Whether people can see it.',
    format: ({ page }) => page.status,
    output: z.enum(formPageStatus.values),
  },
  audience_id: {
    about: 'The audience that who sends it comes into.',
    format: ({ page }) => page.audience?.number,
    output: z.int().nullable(),
  },
  submission_count: {
    about: 'How often it was sent.',
    format: ({ page }) => page.stats.submissionCount,
    output: z.int(),
  },
  settings: {
    about: 'How it looks and what it asks for.',
    format: ({ page }) => settings.format(page),
    output: settings.output(),
  },
  created_at: { ...times.created_at, format: ({ page }) => times.created_at.format(page) },
  updated_at: { ...times.updated_at, format: ({ page }) => times.updated_at.format(page) },
});
