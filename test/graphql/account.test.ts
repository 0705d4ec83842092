import { accounts } from '../../src/domain/account/account.service';
import { agents } from '../../src/domain/agent/agent.service';
import { phoneNumbers } from '../../src/domain/phone-number/phone-number.service';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { eventNamesOf, eventsOf, withoutChange } from '../support/account-state';
import { Door } from './door';

let door: Door;
let agency: TestAccount;

beforeAll(async () => {
  [door, agency] = [await Door.open(), await openTestAccount({ kind: 'agency' })];
});
afterAll(() => door.close());

const ACCOUNT = '{ account { id name kind email timeZone defaultCountry isActive parentId } }';

interface Row {
  id: string;
  [field: string]: unknown;
}

async function openClient(input: object): Promise<Row> {
  const text = `mutation M($input: CreateAccountInput!) { createClientAccount(input: $input)
    { id name kind email timeZone defaultCountry isActive parentId createdAt } }`;
  return (await door.run<{ createClientAccount: Row }, object>(agency.key, text, { input }))
    .createClientAccount;
}

test('an account reads and changes itself', async () => {
  const { key, ctx } = await openTestAccount();
  const account = {
    ...{ id: ctx.account.id, name: 'Test account', kind: 'STANDALONE', email: null, timeZone: 'UTC' },
    ...{ defaultCountry: 'US', isActive: true, parentId: null },
  };
  expect(await door.run(key, ACCOUNT)).toEqual({ account });
  const input = { name: 'Acme', timeZone: 'Europe/Berlin', email: 'a@example.com' };
  await door.run(key, 'mutation M($input: UpdateAccountInput!) { updateAccount(input: $input) { id } }', {
    input,
  });
  expect(await door.run(key, ACCOUNT)).toEqual({ account: { ...account, ...input } });
});

describe('an agency', () => {
  test('opens client accounts, and acts for them with its own key', async () => {
    const client = await openClient({
      name: 'Client A',
      timeZone: 'America/New_York',
      email: 'c@example.com',
    });
    expect(client).toMatchObject({
      ...{ name: 'Client A', kind: 'CLIENT', email: 'c@example.com', timeZone: 'America/New_York' },
      ...{ defaultCountry: 'US', isActive: true, parentId: agency.ctx.account.id },
    });
    const headers = { 'x-account-id': client.id };
    expect((await door.send(agency.key, ACCOUNT, {}, headers)).body.data).toMatchObject({
      account: { id: client.id },
    });
    const create = 'mutation { createLead(input: { phone: "+12025550100" }) { id feed { name } } }';
    const made = await door.send<{ createLead: Row }>(agency.key, create, {}, headers);
    expect(made.body.data?.createLead.feed).toEqual({ name: 'Default Feed' });
    const list = '{ leads { nodes { id } } }';
    expect((await door.send(agency.key, list, {}, headers)).body.data).toEqual({
      leads: { nodes: [{ id: made.body.data?.createLead.id }] },
    });
    expect((await door.send(agency.key, list)).body.data).toEqual({ leads: { nodes: [] } });
    const accounts = await door.run<{ clientAccounts: Row[] }, object>(
      agency.key,
      '{ clientAccounts { id name } }',
    );
    expect(accounts.clientAccounts).toContainEqual({ id: client.id, name: 'Client A' });
  });

  test('cannot act for an account that is not its client', async () => {
    const other = await openTestAccount();
    for (const id of [other.ctx.account.id, '0190a000-0000-7000-8000-000000000000', 'nonsense']) {
      const { status, body } = await door.send(agency.key, ACCOUNT, {}, { 'x-account-id': id });
      expect(status).toBe(404);
      expect(body).toEqual({
        errors: [{ message: 'Account not found', extensions: { code: 'NOT_FOUND', requestId: 'request-1' } }],
      });
    }
  });

  test('is the only one with client accounts', async () => {
    const { key } = await openTestAccount();
    const forbidden = { message: 'Only an agency has client accounts.', extensions: { code: 'FORBIDDEN' } };
    expect(await door.fail(key, '{ clientAccounts { id } }')).toMatchObject(forbidden);
    const create = 'mutation { createClientAccount(input: { name: "A" }) { id } }';
    expect(await door.fail(key, create)).toMatchObject(forbidden);
  });
});

describe('API keys', () => {
  const CREATE = `mutation M($input: CreateApiKeyInput!, $prefix: String! = "sb_live") {
    createApiKey(input: $input, prefix: $prefix) { key apiKey { id name hint scopes expiresAt revokedAt } } }`;
  type Made = { createApiKey: { key: string; apiKey: Row } };

  test('are shown once, work at once, and can be renamed and revoked', async () => {
    const account = await openTestAccount();
    const input = { name: 'Zapier', scopes: ['accounts:read'] };
    const { createApiKey } = await door.run<Made, object>(account.key, CREATE, { input });
    const { key, apiKey } = createApiKey;
    expect(key).toMatch(/^sb_live_[0-9a-f]{48}_[0-9a-f]{8}$/);
    expect(apiKey).toEqual({
      ...{ id: expect.any(String), name: 'Zapier', hint: `${key.slice(0, 12)}…`, scopes: ['accounts:read'] },
      ...{ expiresAt: null, revokedAt: null },
    });
    expect(await door.run(key, '{ account { name } }')).toEqual({ account: { name: 'Test account' } });
    const update = `mutation { updateApiKey(id: "${apiKey.id}", input: { name: "Make" }) { name } }`;
    expect(await door.run(account.key, update)).toEqual({ updateApiKey: { name: 'Make' } });
    const revoke = `mutation { revokeApiKey(id: "${apiKey.id}") { revokedAt } }`;
    const revokedAt = door.clock.at.toISOString();
    expect(await door.run(account.key, revoke)).toEqual({ revokeApiKey: { revokedAt } });
    // Another door has not met the key yet.
    const elsewhere = await Door.open();
    expect((await elsewhere.send(key, '{ account { name } }')).status).toBe(401);
    await elsewhere.close();
    const list = await door.run<{ apiKeys: { nodes: Row[] } }, object>(
      account.key,
      '{ apiKeys { nodes { name revokedAt } } }',
    );
    expect(list.apiKeys.nodes).toEqual([
      { name: 'Make', revokedAt },
      { name: 'test', revokedAt: null },
    ]);
  });

  test('have the prefix that is asked for', async () => {
    const account = await openTestAccount();
    const made = await door.run<Made, object>(account.key, CREATE, { input: { name: 'A' }, prefix: 'acme' });
    expect(made.createApiKey.key).toMatch(/^acme_[0-9a-f]{48}_[0-9a-f]{8}$/);
    const error = await door.fail(account.key, CREATE, { input: { name: 'A' }, prefix: 'No!' });
    expect(error.extensions).toMatchObject({
      code: 'INVALID',
      fields: { prefix: [expect.stringContaining('Prefix must be')] },
    });
  });

  test('give no more than their maker has, and only scopes that exist', async () => {
    const account = await openTestAccount();
    const maker = await issueKey(account, ['apiKeys:write', 'leads:read']);
    const scopesOf = (scopes?: string[]) => ({ input: { name: 'A', ...(scopes && { scopes }) } });
    for (const scopes of [undefined, ['leads:write']]) {
      expect((await door.fail(maker, CREATE, scopesOf(scopes))).extensions?.code).toBe('FORBIDDEN');
    }
    const error = await door.fail(account.key, CREATE, scopesOf(['leads:fly']));
    expect(error.extensions).toMatchObject({
      code: 'INVALID',
      fields: { scopes: [expect.stringMatching(/^leads:fly is no scope\./)] },
    });
    const made = await door.run<Made, object>(maker, CREATE, scopesOf(['leads:read']));
    expect(made.createApiKey.apiKey.scopes).toEqual(['leads:read']);
  });

  test('end at their time', async () => {
    const account = await openTestAccount();
    const input = { name: 'A', expiresAt: '2026-03-02T10:00:01Z' };
    const { createApiKey } = await door.run<Made, object>(account.key, CREATE, { input });
    expect((await door.send(createApiKey.key, '{ account { id } }')).status).toBe(200);
    door.clock.advance(1_000);
    expect((await door.send(createApiKey.key, '{ account { id } }')).status).toBe(401);
  });
});

describe('client accounts', () => {
  const SET =
    'mutation M($id: ID!, $isActive: Boolean!) { made: setClientAccountActive(id: $id, isActive: $isActive) { id isActive } }';
  const DELETE = 'mutation M($id: ID!) { made: deleteClientAccount(id: $id) { id name isActive } }';
  const LIST = '{ clientAccounts { id billedUsers billedNumbers } }';

  async function openKeyed(): Promise<{ id: string; account: TestAccount }> {
    const { id } = await openClient({ name: 'Client' });
    const ctx = agency.ctx.actingFor(await accounts.clientScope(agency.ctx, id));
    const account = { ctx, key: '', clock: door.clock };
    return { id, account: { ...account, key: await issueKey(account) } };
  }

  const statusOf = async (key: string) => {
    // A door that has not met the key yet, for which no older answer holds.
    const elsewhere = await Door.open();
    const { status } = await elsewhere.send(key, '{ account { id } }');
    await elsewhere.close();
    return status;
  };

  test('are listed with what they are billed for, in one statement', async () => {
    const { id, account } = await openKeyed();
    const { key } = account;
    const { ctx } = account;
    for (const isActive of [true, true, false]) await agents.create(ctx, { firstName: 'A', isActive });
    for (const phone of ['+12025550101', '+12025550102', '+12025550103'])
      await phoneNumbers.create(ctx, { phone });
    await phoneNumbers.create(ctx, { phone: '+12025550104', isActive: false });
    await agents.delete(ctx, (await agents.create(ctx, { firstName: 'B' })).id);
    door.statements.length = 0;
    const { clientAccounts } = await door.run<{ clientAccounts: Row[] }, object>(agency.key, LIST);
    expect(door.statements).toHaveLength(1);
    expect(clientAccounts).toContainEqual({ id, billedUsers: 2, billedNumbers: 3 });
    expect(await door.run(key, '{ account { billedUsers billedNumbers } }')).toEqual({
      account: { billedUsers: 2, billedNumbers: 3 },
    });
  });

  test('are switched off and on, and their keys with them', async () => {
    const { id, account } = await openKeyed();
    expect(await door.run(agency.key, SET, { id, isActive: false })).toEqual({
      made: { id, isActive: false },
    });
    expect(await statusOf(account.key)).toBe(401);
    expect((await door.send(agency.key, ACCOUNT, {}, { 'x-account-id': id })).status).toBe(404);
    const list = await door.run<{ clientAccounts: Row[] }, object>(
      agency.key,
      '{ clientAccounts { id isActive } }',
    );
    expect(list.clientAccounts).toContainEqual({ id, isActive: false });
    expect(await door.run(agency.key, SET, { id, isActive: true })).toEqual({ made: { id, isActive: true } });
    expect(await statusOf(account.key)).toBe(200);
    const log = (await eventsOf(account, 'account')).map(({ name, changes }) => [name, changes]);
    expect(log).toEqual([
      ['account.created', {}],
      ['account.updated', { isActive: { old: true, new: false } }],
      ['account.updated', { isActive: { old: false, new: true } }],
    ]);
  });

  test('are deleted for good: hidden, and their keys refused', async () => {
    const { id, account } = await openKeyed();
    expect(await door.run(agency.key, DELETE, { id })).toEqual({
      made: { id, name: 'Client', isActive: true },
    });
    expect(await statusOf(account.key)).toBe(401);
    expect((await door.send(agency.key, ACCOUNT, {}, { 'x-account-id': id })).status).toBe(404);
    const list = await door.run<{ clientAccounts: Row[] }, object>(agency.key, LIST);
    expect(list.clientAccounts.map((one) => one.id)).not.toContain(id);
    await withoutChange(account, async () => {
      for (const [text, more] of [
        [DELETE, {}],
        [SET, { isActive: true }],
      ] as const) {
        expect(await door.fail(agency.key, text, { id, ...more })).toMatchObject({
          ...{ message: 'Account not found', extensions: { code: 'NOT_FOUND' } },
        });
      }
    });
    expect(await eventNamesOf(account, 'account')).toEqual(['account.created', 'account.deleted']);
  });

  test('of another agency are missing, and accounts that are none have none', async () => {
    const { id, account } = await openKeyed();
    const other = await openTestAccount({ kind: 'agency' });
    const standalone = await openTestAccount();
    await withoutChange(account, async () => {
      for (const [text, more] of [
        [DELETE, {}],
        [SET, { isActive: false }],
      ] as const) {
        for (const wrong of [id, other.ctx.account.id, 'x'])
          expect((await door.fail(other.key, text, { id: wrong, ...more })).extensions?.code).toBe(
            'NOT_FOUND',
          );
        expect((await door.fail(standalone.key, text, { id, ...more })).extensions?.code).toBe('FORBIDDEN');
      }
    });
  });

  test('are named by their numbers too, and an account without clients shows itself', async () => {
    const { id } = await openKeyed();
    const client = (await accounts.clients(agency.ctx)).find((one) => one.id === id);
    expect(await accounts.clientScope(agency.ctx, client?.number as number)).toMatchObject({
      id,
      kind: 'client',
    });
    expect(await accounts.setClientActive(agency.ctx, client?.number as number, true)).toMatchObject({
      id,
      isActive: true,
    });
    expect(await accounts.clientsOrSelf(agency.ctx)).toEqual(await accounts.clients(agency.ctx));
    const alone = await openTestAccount();
    expect(await accounts.clientsOrSelf(alone.ctx)).toMatchObject([
      { id: alone.ctx.account.id, billedUsers: 0, billedNumbers: 0 },
    ]);
    expect(await accounts.deleteClient(agency.ctx, client?.number as number)).toMatchObject({ id });
  });
});
