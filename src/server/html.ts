import { createHash } from 'node:crypto';

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as HTML shows it, also between the quotes of an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

/** A text of several lines: a paragraph for each part between empty lines. */
export function paragraphsOf(text: string): string {
  const parts = text.trim().split(/\n\s*\n/);
  return parts.map((part) => `<p>${escapeHtml(part.trim()).replaceAll('\n', '<br>')}</p>`).join('\n');
}

const STYLE = `
  :root { color-scheme: light dark; --ink: #1b1f24; --line: #8c959f; --card: #fff; --ground: #f3f5f8;
    --act: #1d4ed8; --on-act: #fff; --bad: #b42318; --bad-ground: #fef3f2 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6edf3; --line: #6e7681; --card: #161b22; --ground: #0d1117;
      --act: #8ab4ff; --on-act: #0d1117; --bad: #ffa198; --bad-ground: #2d1414 }
  }
  * { box-sizing: border-box }
  body { margin: 0; padding: 3rem 1rem; font: 1.0625rem/1.55 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
  main { max-width: 36rem; margin: 0 auto; padding: 2.25rem; background: var(--card); border-radius: .75rem; box-shadow: 0 1px 3px #0003 }
  h1 { margin: 0 0 .75rem; font-size: 1.75rem; line-height: 1.2 }
  h1, p, label, li { overflow-wrap: anywhere }
  p { margin: 0 0 1rem }
  :is(main, main > div) > :last-child { margin-bottom: 0 }
  form { margin-top: 1.75rem }
  .field { margin: 0 0 1.35rem }
  label { display: block; margin-bottom: .35rem; font-weight: 600 }
  .mark { color: var(--bad) }
  input:not([type=checkbox], [type=radio]), textarea, select { display: block; width: 100%; padding: .6rem .75rem; font: inherit; color: inherit;
    background: var(--card); border: 1px solid var(--line); border-radius: .4rem }
  textarea { min-height: 8rem; resize: vertical }
  .tick { display: grid; grid-template-columns: auto 1fr; column-gap: .65rem; align-items: start }
  .tick label { margin: 0; font-weight: 400 }
  .tick .error { grid-column: 1 / -1 }
  input:is([type=checkbox], [type=radio]) { width: 1.25rem; height: 1.25rem; margin: .2rem 0 0; accent-color: var(--act) }
  fieldset { margin: 0 0 1.35rem; padding: 0; border: 0 }
  legend { margin-bottom: .6rem; padding: 0; font-weight: 600 }
  button { padding: .7rem 1.6rem; font: inherit; font-weight: 600; color: var(--on-act); background: var(--act); border: 0;
    border-radius: .4rem; cursor: pointer }
  button:hover { filter: brightness(1.1) }
  :focus-visible { outline: 3px solid var(--act); outline-offset: 2px }
  [aria-invalid] { border-color: var(--bad) !important; border-width: 2px !important }
  .error { margin: 0 0 .35rem; color: var(--bad); font-weight: 600 }
  .errors { margin: 0 0 1.5rem; padding: 1rem 1.25rem; background: var(--bad-ground); border: 2px solid var(--bad); border-radius: .4rem }
  .errors p { margin: 0; font-weight: 600 }
  .errors ul { margin: .5rem 0 0; padding-left: 1.25rem }
  .errors a { color: var(--bad) }
  .unseen { position: absolute; left: -100vw; width: 1px; height: 1px; overflow: hidden }
  @media (max-width: 30rem) { body { padding: 0 } main { padding: 1.5rem 1.25rem; border-radius: 0; min-height: 100vh } }
`;

/** What a content security policy says of the style of these pages. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** A whole page; `body` is HTML, the title a text. */
export interface HtmlPage {
  title: string;
  body: string;
  language?: string;
  /** Whether search engines may show it. */
  isPublic?: boolean;
}

/** The text of a page. */
export function htmlPage({ title, body, language = 'en', isPublic = false }: HtmlPage): string {
  return `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${isPublic ? '' : '<meta name="robots" content="noindex">\n'}<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
