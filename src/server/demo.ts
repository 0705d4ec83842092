import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountScopeByName, newAccountScope, openAccount } from '../domain/account/account.service';
import { agents } from '../domain/agent/agent.service';
import { apiKeys } from '../domain/api-key/api-key.service';
import { Context } from '../domain/context';
import type { AccountScope } from '../domain/context-seed';
import { leads } from '../domain/lead/lead.service';
import { notes } from '../domain/note/note.service';
import { teamMembers, teams } from '../domain/team/team.service';
import type { Connection } from './connection';
import { prepareDataDir } from './data-dir';

/** The short name of the account that a new installation starts with. */
export const DEMO_SLUG = 'demo';

/** A context in which the program itself acts for an account, with full access. */
export function systemContext(
  { database, vault }: Connection,
  account: AccountScope,
  requestId: string,
): Context {
  const actor = { kind: 'system' as const, id: null, name: requestId };
  return new Context({
    store: database,
    vault,
    account,
    actor,
    scopes: null,
    requestId,
    now: () => new Date(),
  });
}

const PEOPLE = [
  ['Ada', 'Moreno', '+12025550101'],
  ['Ben', 'Okafor', '+12025550102'],
] as const;

const LEADS = [
  {
    name: 'John Doe',
    phone: '+12025550143',
    email: 'john@example.com',
    company: 'Acme Corp',
    tagNames: ['vip'],
  },
  { name: 'Jane Roe', phone: '+12025550144', email: 'jane@example.com', tagNames: ['website-lead'] },
  { name: 'Max Poe', phone: '+12025550145', category: 'Solar' },
] as const;

async function fillDemo(ctx: Context): Promise<void> {
  const team = await teams.create(ctx, { name: 'Sales' });
  const people = [];
  for (const [firstName, lastName, phone] of PEOPLE) {
    const agent = await agents.create(ctx, { firstName, lastName, phone });
    await teamMembers.create(ctx, { teamId: team.id, agentId: agent.id });
    people.push(agent);
  }
  for (const [at, lead] of LEADS.entries()) {
    const { id } = await leads.create(ctx, {
      ...lead,
      teamId: team.id,
      ownerId: people[at % people.length]?.id,
    });
    await notes.create(ctx, { leadId: id, authorId: people[0]?.id, body: 'Asked for a call back.' });
  }
}

/** Opens the demo account on the first start; later starts find it. */
export async function openDemo(connection: Connection): Promise<AccountScope> {
  const known = await accountScopeByName(connection.database, DEMO_SLUG);
  if (known) return known;
  const scope = await newAccountScope(connection.database.acrossAccounts, 'agency');
  const ctx = systemContext(connection, scope, 'first start');
  await ctx.transaction(async (tx) => {
    await openAccount(tx, { name: 'Demo', slug: DEMO_SLUG });
    await fillDemo(tx);
  });
  return scope;
}

/** The demo account's key: kept in a file of the data directory that only its owner reads, made when it is missing. */
export async function demoKey(
  connection: Connection,
  account: AccountScope,
  dataDir: string,
): Promise<string> {
  const file = join(await prepareDataDir(dataDir), 'demo-key');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept && (await isInUse(connection, kept))) return kept;
  const ctx = systemContext(connection, account, 'first start');
  const { key } = await apiKeys.create(ctx, { name: 'Demo' });
  await writeFile(file, key, { mode: 0o600 });
  return key;
}

async function isInUse({ database, vault }: Connection, key: string): Promise<boolean> {
  const text = 'select 1 from api_key where hash = $1 and revoked_at is null';
  return (await database.acrossAccounts.query(text, [vault.hash(key)])).length > 0;
}
