import type { Context } from '../context';
import { type Crud, crud } from '../crud';
import { invalid } from '../error';
import { rowEvent } from '../event';
import { EmailField, EmailListField, TextField, TextListField } from '../field';
import { parseInput } from '../input';
import { EMAIL_BODY_MAX, EMAIL_SUBJECT_MAX, Email } from './email.entity';

const OPTIONAL = { inputOnly: true, nullable: true } as const;
const BODY = { ...OPTIONAL, max: EMAIL_BODY_MAX } as const;
const MESSAGE_ID = /^<[^<>\s]+@[^<>\s]+>$/;

/** An e-mail to send. */
export class SendEmail {
  @EmailListField('Whom it is to, at least one.', { inputOnly: true, required: true, min: 1 })
  to!: string[];

  @EmailListField('Who gets a copy.', { inputOnly: true })
  cc?: string[];

  @EmailListField('Who gets a copy and is not shown.', { inputOnly: true })
  bcc?: string[];

  @EmailField('Whom it is from; the sender of the installation when not given.', OPTIONAL)
  from?: string | null;

  @TextField('The name beside the address that it is from.', OPTIONAL)
  fromName?: string | null;

  @EmailField('Where answers go, when elsewhere.', OPTIONAL)
  replyTo?: string | null;

  @TextField('What it is about.', { inputOnly: true, required: true, max: EMAIL_SUBJECT_MAX })
  subject!: string;

  @TextField('Its plain text. It needs a text, an HTML or both.', BODY)
  text?: string | null;

  @TextField('Its HTML.', BODY)
  html?: string | null;

  @TextField('The Message-ID of the e-mail that it answers, like <id@example.com>.', OPTIONAL)
  inReplyTo?: string | null;

  @TextListField('The Message-IDs of the e-mails before it, oldest first.', { inputOnly: true })
  references?: string[];
}

function problemsOf({ text, html, inReplyTo, references = [] }: SendEmail): Record<string, string[]> {
  const isId = (id: string) => MESSAGE_ID.test(id);
  return {
    ...(!text && !html && { text: ['Text or html must be given.'] }),
    ...(inReplyTo && !isId(inReplyTo) && { inReplyTo: ['In reply to must be like <id@example.com>.'] }),
    ...(!references.every(isId) && { references: ['References must be like <id@example.com>.'] }),
  };
}

const base: Crud<Email> = crud(Email);

/** E-mails. What is written is queued in the transaction and handed to the mail server when that is committed. */
export const emails = {
  get: base.get,
  page: base.page,

  /** Writes an e-mail. Throws INVALID for bad addresses and for one without a body. */
  async send(ctx: Context, input: object): Promise<Email> {
    ctx.require('emails:write');
    const given = parseInput(ctx, SendEmail, 'create', input) as unknown as SendEmail;
    const problems = problemsOf(given);
    if (Object.keys(problems).length > 0) throw invalid(problems);
    return ctx.transaction(async (tx) => {
      const email = await tx.repo(Email).insert({
        ...{ cc: [], bcc: [], references: [], ...given },
        ...{ direction: 'outbound', status: 'queued', attempts: 0, sendAt: tx.instant() },
      });
      await tx.emit(rowEvent(Email, 'created', email));
      return email;
    });
  },
};
