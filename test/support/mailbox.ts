import { Email } from '../../src/domain/email/email.entity';
import type { InboundEmail } from '../../src/domain/email/inbound-email.entity';
import { inboundEmails } from '../../src/domain/email/inbound-email.service';
import { inboundToken } from '../../src/domain/email/inbound-link';
import { testVault } from './account';
import { type Desk, openDesk, serveDesk } from './desk';

/** A help desk, and the address that mails come to it by. */
export interface Mailbox {
  desk: Desk;
  /** A mail from Jane, with headers in place of hers; those that are empty it has not. */
  mail: (headers?: Record<string, string>, body?: string) => string;
  /** Brings a mail, to the desk or to the address of a token. */
  post: (raw: string | Buffer, token?: string) => Promise<{ status: number; body: Posted }>;
  /** What is kept of a mail. */
  stored: (id: string) => Promise<{ inbound: InboundEmail; email: Email }>;
  close: () => Promise<void>;
}

/** What the bringer of a mail is told. */
// biome-ignore lint/suspicious/noExplicitAny: what the body has depends on the outcome
type Posted = any;

/** Opens one. */
export async function openMailbox(): Promise<Mailbox> {
  const desk = await openDesk();
  const app = await serveDesk(desk);
  let count = 0;
  return {
    desk,
    mail(headers = {}, body = 'Hello.') {
      count += 1;
      const all = {
        ...{ From: 'Jane Doe <jane@example.com>', To: 'help@acme.example', Subject: 'Question' },
        ...{ 'Message-ID': `<m${count}.${desk.ctx.account.id}@example.com>`, ...headers },
      };
      const lines = Object.entries(all).filter(([, value]) => value !== '');
      return `${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}\r\n`;
    },
    async post(raw, token = inboundToken(testVault, desk.ctx.account.id)) {
      const response = await app.inject({
        ...{ method: 'POST', url: `/mail/inbound/${token}`, payload: raw },
        headers: { 'content-type': 'message/rfc822' },
      });
      return { status: response.statusCode, body: response.json() };
    },
    async stored(id) {
      const inbound = await inboundEmails.get(desk.ctx, id);
      return { inbound, email: await desk.ctx.repo(Email).get(inbound.emailId) };
    },
    close: () => app.close(),
  };
}
