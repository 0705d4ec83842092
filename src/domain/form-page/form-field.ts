import { InputType, ObjectType } from 'type-graphql';
import { enumeration, type ValueOf } from '../enumeration';
import { BooleanField, EnumField, TextField, TextListField } from '../field';

export const formFieldKind = enumeration('FormFieldKind', 'What a field of a form takes.', {
  text: 'A line of text.',
  email: 'An e-mail address.',
  phone: 'A phone number; without a country code one of the account’s country.',
  textarea: 'Text of several lines.',
  select: 'One of its options.',
  checkbox: 'Yes or no.',
  hidden: 'A text that nobody sees, from its value or from the address of the page.',
});
/** What a field of a form takes. */
export type FormFieldKind = ValueOf<typeof formFieldKind>;

export const formFieldTarget = enumeration('FormFieldTarget', 'Where a field of a form goes.', {
  first_name: 'First name.',
  last_name: 'Last name.',
  name: 'Both names in one text, split at the first space.',
  email: 'E-mail address.',
  phone: 'Phone number.',
  company: 'Company.',
  website: 'Website of the contact.',
  street: 'Street of the contact.',
  city: 'City of the contact, location of the lead.',
  state: 'State or region of the contact.',
  postal_code: 'Postal code of the contact.',
  country: 'Country of the contact.',
  category: 'What the lead is interested in.',
  message: 'What the lead wrote.',
  custom: 'A custom field of the contact and of the lead, under the name of the field.',
});
/** Where a field of a form goes. */
export type FormFieldTarget = ValueOf<typeof formFieldTarget>;

/** One field of the form of a page. */
@ObjectType('FormField', { description: 'One field of the form of a page.' })
@InputType('FormFieldInput', { description: 'One field of the form of a page.' })
export class FormField {
  @TextField('Name in what is sent: a letter, then letters, digits and underscores; once in a form.', {
    ...{ required: true, min: 1, max: 50 },
  })
  name!: string;

  @TextField('What people read beside it.', { required: true, min: 1, max: 200 })
  label!: string;

  @EnumField(formFieldKind, 'What it takes.', { required: true })
  kind!: FormFieldKind;

  @BooleanField('Whether it must be filled in; no when not given.', { nullable: true })
  isRequired?: boolean | null;

  @TextListField('What can be chosen, for SELECT.', { nullable: true })
  options?: string[] | null;

  @TextField('What it holds at first; the query of the page’s address goes before it.', {
    ...{ nullable: true, max: 1_000 },
  })
  value?: string | null;

  @EnumField(formFieldTarget, 'Where it goes besides the submission; nowhere when not given.', {
    nullable: true,
  })
  mapsTo?: FormFieldTarget | null;
}
