// The report: one section for each part, in results.md; a part that runs again replaces its section.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const FILE = new URL('../results.md', import.meta.url);

/** Rows as a Markdown table. */
function markdown(rows) {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map((_, at) => (at === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(columns.map((column) => row[column]))),
  ].join('\n');
}

const number = (value) => (value >= 100 ? String(Math.round(value)) : value.toFixed(2));

/** A target as a line: what is measured, how much it is to be, and whether it is. */
function targetLine({ about, value, atLeast, atMost }) {
  const isMet = atLeast === undefined ? value <= atMost : value >= atLeast;
  const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return `- ${about}: **${number(value)}** (${wanted}: ${isMet ? 'met' : 'not met'})`;
}

/** Prints a part's result and puts it into results.md, whose sections stand in the order of `titles`. */
export function report(title, { notes = [], tables, targets = [] }, titles) {
  const taken = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores`;
  const body = [`${taken}.`, ...notes, ...tables.map(markdown), targets.map(targetLine).join('\n')];
  const section = `## ${title}\n\n${body.filter(Boolean).join('\n\n')}\n`;
  process.stdout.write(`\n${section}`);
  const known = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .split(/^(?=## )/m)
        .slice(1)
    : [];
  const sections = new Map(known.map((text) => [/^## (.*)$/m.exec(text)[1], text.trimEnd()]));
  sections.set(title, section.trimEnd());
  const ordered = titles.filter((one) => sections.has(one)).map((one) => sections.get(one));
  const head = '# Results\n\nWritten by `npm run bench`; machines differ, so read the ratios.\n';
  writeFileSync(FILE, `${[head.trimEnd(), ...ordered].join('\n\n')}\n`);
}
