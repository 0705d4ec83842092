import { z } from 'zod';
import type { Contact } from '../../../domain/contact/contact.entity';
import type { Context } from '../../../domain/context';
import type { Email } from '../../../domain/email/email.entity';
import { InboundEmail } from '../../../domain/email/inbound-email.entity';
import { inboundEmails } from '../../../domain/email/inbound-email.service';
import { attach } from '../../../domain/related';
import type { SupportCase } from '../../../domain/support-case/support-case.entity';
import { shorten } from '../../../domain/text';
import { type Route, route } from '../../dialect';
import { fieldMap } from '../../field-map';
import { pathRef, slice, timeOutput, wholeNumber, wireTime, words } from './codecs';
import { permitting } from './permissions';
import { ok } from './replies';

const PATH = '/api/v1/emails';

/** An e-mail that came in, with what it shows. */
export type EmailRecord = InboundEmail & {
  email: Email;
  supportCase: SupportCase | null;
  contact: Contact | null;
};

/** The e-mails with what they show: three statements, however many. */
export async function emailRecords(ctx: Context, found: InboundEmail[]): Promise<EmailRecord[]> {
  if (found.length === 0) return [];
  const withEmail = await attach(ctx, InboundEmail, found, 'email');
  const withCase = await attach(ctx, InboundEmail, withEmail, 'supportCase');
  return (await attach(ctx, InboundEmail, withCase, 'contact')) as EmailRecord[];
}

/** An e-mail in the vendor's words. */
export const email = fieldMap<EmailRecord>()({
  id: { about: 'Identifier.', format: ({ id }) => id, output: z.string() },
  from: { about: 'Address of who wrote it.', format: (one) => one.email.from, output: z.string().nullable() },
  to: { about: 'Addresses that it is to.', format: (one) => one.email.to, output: z.array(z.string()) },
  cc: { about: 'Addresses that get a copy.', format: (one) => one.email.cc, output: z.array(z.string()) },
  subject: { about: 'What it is about.', format: (one) => one.email.subject, output: z.string() },
  body: { about: 'Its plain text.', format: (one) => one.email.text ?? '', output: z.string() },
  date: { about: 'When it came.', format: ({ createdAt }) => wireTime(createdAt), output: timeOutput },
  caseid: {
    about: 'The case that it belongs to.',
    format: ({ supportCase }) => supportCase?.number,
    output: z.int().nullable(),
  },
  contactid: {
    about: 'The contact who wrote it.',
    format: (one) => one.contact?.number,
    output: z.int().nullable(),
  },
});

const orderby = z
  .string()
  .trim()
  .regex(/^(date|id)(\s+(asc|desc))?$/i, 'orderby must be date or id, with asc or desc.')
  .transform((given): 'asc' | 'desc' => (/\sdesc$/i.test(given) ? 'desc' : 'asc'));

const query = z.object({
  from: words('from').describe('Part of who wrote it.'),
  subject: words('subject').describe('Part of what it is about.'),
  content: words('content').describe('Part of its text.'),
  orderby: orderby.optional().describe('date or id, with asc or desc; the newest first when not given.'),
  bodylimit: wholeNumber('bodylimit', { max: 1_000_000 }).optional().describe('Most characters of a body.'),
  ...slice,
});

/** E-mails that came in. */
export const emailRoutes: Route[] = [
  route({
    operation: 'emails-unassigned',
    method: 'GET',
    path: `${PATH}/unassigned`,
    summary: 'Search the e-mails that nobody has taken',
    query,
    answer: z.array(email.output()),
    run: async (ctx, { query: { from, subject, content, limit, offset, orderby: direction = 'desc' } }) => {
      const wanted = { from, subject, content } as Record<string, string | undefined>;
      return emailRecords(
        ctx,
        await inboundEmails.unassignedRecords(ctx, wanted, { limit, offset, direction }),
      );
    },
    reply: (found, { query: { bodylimit } }) =>
      ok(
        found.map((one) => {
          const shown = email.format(one);
          return {
            ...shown,
            body: bodylimit === undefined ? shown.body : shorten(String(shown.body), bodylimit),
          };
        }),
      ),
  }),
  route({
    operation: 'emails-get',
    method: 'GET',
    path: `${PATH}/{emailId}`,
    summary: 'Get an e-mail',
    params: z.object({ emailId: pathRef.describe('The e-mail.') }),
    answer: email.output(),
    run: async (ctx, { params: { emailId } }) =>
      (await emailRecords(ctx, [await inboundEmails.get(ctx, emailId)]))[0] as EmailRecord,
    reply: (one) => ok(email.format(one)),
  }),
].map((one) => permitting('emails', one));
