import { Contact } from '../contact/contact.entity';
import { NounEntity, TenantEntity } from '../entity';
import { JsonField, ReferenceField, TextField } from '../field';
import { FormPage } from '../form-page/form-page.entity';
import { Lead } from '../lead/lead.entity';
import { BelongsTo } from '../relation';

const NEVER = { write: 'never' } as const;
const EMPTY = { write: 'never', nullable: true } as const;

@NounEntity('What one person sent through a form page.', {
  name: 'submission',
  plural: 'submissions',
  label: 'Submission',
})
export class Submission extends TenantEntity {
  @ReferenceField(() => FormPage, 'The page.', NEVER)
  pageId!: string;

  @JsonField('What was filled in, by the names of the form’s fields; fields left empty are missing.', NEVER)
  values!: Record<string, unknown>;

  @ReferenceField(() => Contact, 'The contact that it made or changed.', EMPTY)
  contactId!: string | null;

  @ReferenceField(() => Lead, 'The lead that it made or that was there.', EMPTY)
  leadId!: string | null;

  @TextField('Stands for the sender’s network address, equal for equal ones; the address is not kept.', EMPTY)
  sender!: string | null;

  @TextField('The site that the form was sent from; empty for programs.', EMPTY)
  origin!: string | null;

  @BelongsTo(() => FormPage, 'pageId', 'The page; empty when it was deleted.', { nullable: true })
  page?: FormPage | null;

  @BelongsTo(() => Contact, 'contactId', 'The contact; empty when it was deleted.', { nullable: true })
  contact?: Contact | null;

  @BelongsTo(() => Lead, 'leadId', 'The lead; empty when it was deleted.', { nullable: true })
  lead?: Lead | null;
}
