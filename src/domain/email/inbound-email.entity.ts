import { Contact } from '../contact/contact.entity';
import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import { BooleanField, EnumField, ObjectListField, ReferenceField, TextField } from '../field';
import { BelongsTo } from '../relation';
import { hasOwnCase } from '../support-case/case-view.rules';
import { SupportCase } from '../support-case/support-case.entity';
import { Email } from './email.entity';
import { EmailAttachment } from './email-attachment';

export const inboundStatus = enumeration('InboundEmailStatus', 'Where an e-mail that came in has ended up.', {
  unassigned: 'It waits for somebody to take it.',
  assigned: 'It belongs to a support case.',
  closed: 'Nothing is to be done about it.',
  spam: 'Nobody wanted it.',
});
/** Where an e-mail that came in has ended up. */
export type InboundEmailStatus = ValueOf<typeof inboundStatus>;

@NounEntity('An e-mail that came in, and where it belongs.', {
  name: 'inboundEmail',
  plural: 'inboundEmails',
  label: 'Inbound e-mail',
  agentSees: (agent, account) => hasOwnCase('"inbound_email"', agent, account),
})
export class InboundEmail extends TenantEntity {
  @EnumField(inboundStatus, 'Where it has ended up.', { write: 'never' })
  status!: InboundEmailStatus;

  @ReferenceField(() => Email, 'The e-mail itself.', { write: 'never' })
  emailId!: string;

  @ReferenceField(() => SupportCase, 'The case that it belongs to.', { nullable: true, write: 'never' })
  caseId!: string | null;

  @ReferenceField(() => Contact, 'Who wrote it, when that is known.', { nullable: true, write: 'never' })
  contactId!: string | null;

  @BooleanField(
    'Whether a program wrote it by itself, such as a report or a note of absence, or it is our own come back.',
    { write: 'never' },
  )
  isAutomatic!: boolean;

  @TextField('Its Message-ID, or a hash of it when it has none.', {
    ...{ write: 'never', hidden: true, filterable: false },
  })
  fingerprint!: string;

  @ObjectListField(
    () => EmailAttachment,
    'Names, types and sizes of its attachments; contents are not kept.',
    {
      write: 'never',
    },
  )
  attachments!: EmailAttachment[];

  @BelongsTo(() => Email, 'emailId', 'The e-mail itself.')
  email?: Email;

  @BelongsTo(() => SupportCase, 'caseId', 'The case that it belongs to.', { nullable: true })
  supportCase?: SupportCase | null;

  @BelongsTo(() => Contact, 'contactId', 'Who wrote it, when that is known.', { nullable: true })
  contact?: Contact | null;
}
