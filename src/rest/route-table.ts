import type { Dialect } from './dialect';

/** The table of all operations as Markdown, for `schema/rest.md`. */
export function routeTable(dialects: readonly Dialect[]): string {
  const sections = dialects.map(({ title, name, version, routes }) => {
    const rows = routes.map(
      ({ method, path, summary, operation }) => `| ${method} | \`${path}\` | ${summary} | ${operation} |`,
    );
    const head = ['| method | path | what | operation |', '|---|---|---|---|'];
    return [`## ${title} ${version}`, '', `Also below \`/${name}\`.`, '', ...head, ...rows].join('\n');
  });
  return `# REST operations\n\nMade from the dialects' declarations.\n\n${sections.join('\n\n')}\n`;
}
