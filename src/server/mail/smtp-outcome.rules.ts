import type { MailOutcome } from '../../domain/email/mail-transport';

/** What is known of a mail that could not be sent, in nodemailer's terms. */
export interface SmtpFailure {
  code?: string | undefined;
  /** The command that was answered, CONN when none was, API when it was never sent. */
  command?: string | undefined;
  /** The server's answer, when there was one. */
  responseCode?: number | undefined;
  message: string;
}

const REFUSALS = ['EENVELOPE', 'EMESSAGE'];
/** Commands whose refusal is about the recipient or the message; others are about the sender or the session. */
const OF_THIS_MAIL = ['RCPT TO', 'DATA'];
/** "Bad sequence of commands" is about the session (https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3). */
const BAD_SEQUENCE = 503;

/** What a failure means for the mail; `isHandedOver` says that all of it may have left this side. */
export function outcomeOfFailure(failure: SmtpFailure, isHandedOver: boolean): MailOutcome {
  const { code = '', command = '', responseCode, message: reason } = failure;
  if (REFUSALS.includes(code) && command !== 'CONN') {
    // Without an answer it is nodemailer itself that refuses: a malformed address, a size that was ruled out.
    if (responseCode === undefined) return { result: 'refused', reason };
    const isFinal = responseCode >= 500 && responseCode !== BAD_SEQUENCE && OF_THIS_MAIL.includes(command);
    if (isFinal) return { result: 'refused', reason };
    if (responseCode >= 400) return { result: 'deferred', reason };
  }
  return { result: isHandedOver ? 'unknown' : 'deferred', reason };
}
