import { escapeHtml, htmlPage } from '../html';

/** A page for people who were written to; `body` is HTML. */
export function page(title: string, body: string): string {
  return htmlPage({ title, body: `<h1>${title}</h1>\n${body}` });
}

/** The page that asks before it unsubscribes: programs that only look at links must not. */
export function askPage(address: string): string {
  return page(
    'Unsubscribe',
    `<p>No more messages to <strong>${escapeHtml(address)}</strong>?</p>
<form method="post"><button type="submit">Unsubscribe</button></form>`,
  );
}

/** The page of an address that is unsubscribed. */
export function donePage(address: string): string {
  return page('Unsubscribed', `<p><strong>${escapeHtml(address)}</strong> gets no more messages.</p>`);
}

/** The page of a link that is for nobody. */
export function unknownPage(): string {
  return page('Link not known', '<p>This link is not complete, or not valid any more.</p>');
}
