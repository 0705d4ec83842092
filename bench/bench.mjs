// Every measurement of this folder, or those that are named: `npm run bench -- nested pages`. Needs Linux, for /proc.

import { importing } from './import/import.mjs';
import { fanOut } from './live/fan-out.mjs';
import { webhooks } from './live/webhooks.mjs';
import { openDatabase } from './stage/database.mjs';
import { report } from './stage/report.mjs';
import { create, nested, one } from './tasks/contests.mjs';
import { batch, lookup } from './tasks/fusion.mjs';
import { pages } from './tasks/pages.mjs';
import { start } from './tasks/start.mjs';

const LEADS = Number(process.env.LEADS ?? 100_000);

/** The parts by name: those `onDatabase` share one PostgreSQL with the seeded leads, the others have their own. */
const PARTS = {
  nested: { title: 'Nested query of 50 leads', onDatabase: nested },
  one: { title: 'One lead by id', onDatabase: one },
  create: { title: 'Create a lead', onDatabase: create },
  lookup: { title: 'Fusion Calling: lookup by phone', onDatabase: lookup },
  batch: { title: 'Fusion Calling: batch of 100 leads', onDatabase: batch },
  pages: { title: 'Pages of long lists', onDatabase: pages },
  live: { title: 'Fan-out to subscribers', run: fanOut },
  webhooks: { title: 'Webhooks', run: webhooks },
  import: { title: 'Import of contacts', run: importing },
  start: { title: 'Start', run: start },
};

const TITLES = Object.values(PARTS).map(({ title }) => title);

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PARTS);
for (const name of names) {
  if (!PARTS[name]) throw new Error(`There is no part ${name}; there are: ${Object.keys(PARTS).join(', ')}.`);
}

const parts = names.map((name) => PARTS[name]);
let opening;
let isStopping = false;
/** Stopped early, it leaves nothing running: contenders end with it. */
async function stop() {
  if (isStopping) return;
  isStopping = true;
  await opening?.then((database) => database.close()).catch(() => {});
  process.exit(1);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
if (parts.some(({ onDatabase }) => onDatabase)) {
  opening = openDatabase(LEADS);
  const database = await opening;
  try {
    for (const { title, onDatabase } of parts.filter((part) => part.onDatabase)) {
      report(title, await onDatabase(database), TITLES);
    }
  } finally {
    await database.close();
    opening = undefined;
  }
}
for (const { title, run } of parts.filter((part) => part.run)) {
  report(title, await run({ leads: LEADS }), TITLES);
}
