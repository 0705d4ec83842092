const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A plain text as HTML: an empty line ends a paragraph. */
export function htmlOfText(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
  const paragraphs = escaped.split(/(?:\r?\n){2,}/).filter((one) => one.trim());
  return paragraphs.map((one) => `<p>${one.replace(/\r?\n/g, '<br>')}</p>`).join('\n');
}

function characterOf(entity: string, digits: string | undefined, name: string | undefined): string {
  if (name) return NAMED[name.toLowerCase()] ?? entity;
  const code = digits?.toLowerCase().startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number(digits);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    ? String.fromCodePoint(code)
    : '';
}

/** Removes everything from one of the opening tags to its end; what is never closed goes to the end. */
function withoutElements(html: string, names: string[]): string {
  const opening = new RegExp(`<(${names.join('|')})(?=[\\s>/])`, 'gi');
  let kept = '';
  let at = 0;
  for (let found = opening.exec(html); found; found = opening.exec(html)) {
    kept += html.slice(at, found.index);
    const closing = new RegExp(`</${found[1]}`, 'gi');
    closing.lastIndex = found.index;
    at = closing.exec(html)?.index ?? html.length;
    opening.lastIndex = at;
  }
  return kept + html.slice(at);
}

/**
 * What an HTML says, as plain text for reading and searching. It takes time in proportion to the length, whatever
 * strangers have written; for HTML that is to be shown it is no defence.
 */
export function textOfHtml(html: string): string {
  const spoken = withoutElements(html, ['style', 'script', 'head', 'title']);
  return spoken
    .replace(/[ \t\r\n]+/g, ' ')
    .replace(/<(?:br|\/p|\/div|\/tr|\/li|\/h[1-6])\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(?:#(x?[0-9a-f]{1,6})|([a-z]{2,6}));/gi, characterOf)
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
