import { NounEntity, TenantEntity } from '../entity';
import { enumeration, type ValueOf } from '../enumeration';
import {
  EmailField,
  EmailListField,
  EnumField,
  InstantField,
  IntField,
  TextField,
  TextListField,
} from '../field';
import { isInOwnCase } from '../support-case/case-view.rules';

/** Most characters of a body. */
export const EMAIL_BODY_MAX = 250_000;
/** Most characters of a subject. */
export const EMAIL_SUBJECT_MAX = 500;

export const emailDirection = enumeration('EmailDirection', 'Who wrote an e-mail.', {
  outbound: 'The account wrote it.',
  inbound: 'It came to the account.',
});
/** Who wrote an e-mail. */
export type EmailDirection = ValueOf<typeof emailDirection>;

export const emailStatus = enumeration('EmailStatus', 'How far an e-mail has come.', {
  queued: 'To be handed to the mail server, now or when it is to be tried again.',
  sending: 'It is being handed over.',
  sent: 'The mail server has taken it.',
  failed: 'The mail server has refused it, or has put it off too often.',
  unknown: 'All of it was sent, and the mail server never answered: it may have arrived or not.',
  bounced: 'It was taken, and came back.',
  received: 'It came in.',
});
/** How far an e-mail has come. */
export type EmailStatus = ValueOf<typeof emailStatus>;

@NounEntity('A single e-mail that the account has written or received.', {
  name: 'email',
  plural: 'emails',
  label: 'E-mail',
  agentSees: isInOwnCase,
})
export class Email extends TenantEntity {
  @EnumField(emailDirection, 'Who wrote it.', { write: 'never' })
  direction!: EmailDirection;

  @EnumField(emailStatus, 'How far it has come.', { write: 'never' })
  status!: EmailStatus;

  @EmailField('The address that it is from; empty until it is handed over when nobody was named.', {
    nullable: true,
    write: 'never',
  })
  from!: string | null;

  @TextField('The name beside that address.', { nullable: true, write: 'never' })
  fromName!: string | null;

  @EmailField('Where answers go, when elsewhere.', { nullable: true, write: 'never' })
  replyTo!: string | null;

  @EmailListField('The addresses that it is to.', { write: 'never' })
  to!: string[];

  @EmailListField('The addresses that get a copy.', { write: 'never' })
  cc!: string[];

  @EmailListField('The addresses that get a copy and are not shown.', { write: 'never' })
  bcc!: string[];

  @TextField('What it is about.', { write: 'never', max: EMAIL_SUBJECT_MAX })
  subject!: string;

  @TextField('Its plain text.', { nullable: true, write: 'never', filterable: false, max: EMAIL_BODY_MAX })
  text!: string | null;

  @TextField('Its HTML.', { nullable: true, write: 'never', filterable: false, max: EMAIL_BODY_MAX })
  html!: string | null;

  @TextField('Its Message-ID, with the angle brackets.', { nullable: true, write: 'never', max: 998 })
  messageId!: string | null;

  @TextField('The Message-ID of the e-mail that it answers.', { nullable: true, write: 'never', max: 998 })
  inReplyTo!: string | null;

  @TextListField('The Message-IDs of the e-mails before it, oldest first.', { write: 'never' })
  references!: string[];

  @TextField('What it was handed to: smtp, or log when no mail server is configured.', {
    nullable: true,
    write: 'never',
  })
  transport!: string | null;

  @TextField('Why it was refused, put off or came back.', {
    nullable: true,
    write: 'never',
    filterable: false,
  })
  error!: string | null;

  @IntField('Number of times that it was handed over.', { write: 'never' })
  attempts!: number;

  @InstantField('When the mail server took it.', { nullable: true, write: 'never' })
  sentAt!: string | null;

  @InstantField('When it is to be handed over.', {
    nullable: true,
    write: 'never',
    hidden: true,
    filterable: false,
  })
  sendAt!: string | null;
}
