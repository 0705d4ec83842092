import { accounts } from '../../src/domain/account/account.service';
import { openTestAccount, testStore } from '../support/account';
import { type HookBench, openHookBench } from '../support/callingly-hooks';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
/** How long the tries of a delivery take together. */
const WINDOW_MS = 5000 + 35 * 60_000 + 75 * HOUR;

let bench: HookBench;

beforeEach(async () => {
  bench = await openHookBench();
});

afterEach(() => expect(bench.errors).toEqual([]));

const switchAccount = (isActive: boolean) => accounts.update(bench.ctx, { isActive });
const statuses = async () => (await bench.deliveries()).map(({ status }) => status);

test('nothing goes out while the account is switched off, and all of it when it is on again', async () => {
  const other = await openHookBench();
  await other.hook({ event: 'lead_created' });
  await bench.hook({ event: 'lead_created' });
  const before = await bench.createLead();
  await switchAccount(false);
  const meanwhile = await bench.createLead();
  await other.createLead();
  expect(await bench.told()).toEqual([]);
  expect(await other.told()).toHaveLength(1);
  bench.clock.advance(WINDOW_MS);
  expect(await bench.told()).toEqual([]);
  expect(await statuses()).toEqual(['pending', 'pending']);
  await switchAccount(true);
  expect((await bench.told()).map(({ id }) => id).toSorted()).toEqual(
    [before.number, meanwhile.number].toSorted(),
  );
  expect(await statuses()).toEqual(['delivered', 'delivered']);
});

test('an endpoint that fails is not tried meanwhile, and goes on where its schedule was', async () => {
  await bench.hook({ event: 'lead_created' });
  bench.receiver.answer = () => ({ status: 500 });
  await bench.createLead();
  expect(await bench.told()).toHaveLength(1);
  await switchAccount(false);
  bench.clock.advance(HOUR);
  expect(await bench.told()).toEqual([]);
  await switchAccount(true);
  expect(await bench.told()).toHaveLength(1);
  expect(await bench.deliveries()).toMatchObject([
    {
      ...{ attemptCount: 2, status: 'pending' },
      nextAttemptAt: new Date(bench.clock.at.getTime() + 5 * 60_000).toISOString(),
    },
  ]);
});

test('what has waited for longer than all tries take is given up', async () => {
  await bench.hook({ event: 'lead_created' });
  await bench.createLead();
  await bench.relayAll();
  await switchAccount(false);
  bench.clock.advance(1);
  const late = await bench.createLead();
  await bench.relayAll();
  bench.clock.advance(WINDOW_MS);
  await switchAccount(true);
  expect(await statuses()).toEqual(['failed', 'pending']);
  expect((await bench.told()).map(({ id }) => id)).toEqual([late.number]);
  expect(await bench.store.acrossAccounts.query('select * from webhook_lane', [])).toEqual([]);
});

test('time that an account is switched off does not count against its endpoints', async () => {
  await bench.hook({ event: 'lead_created' });
  bench.receiver.answer = () => ({ status: 500 });
  await bench.createLead();
  await bench.told();
  await switchAccount(false);
  bench.clock.advance(6 * DAY);
  await switchAccount(true);
  await bench.createLead();
  await bench.told();
  expect(await statuses()).toEqual(['failed', 'pending']);
  bench.receiver.answer = () => ({ status: 200 });
  bench.clock.advance(5000);
  expect(await bench.told()).toHaveLength(1);
});

test('a client account that is deleted has nothing on its way any more', async () => {
  const agency = await openTestAccount({ kind: 'agency', clock: bench.clock });
  await bench.store.acrossAccounts.query(`update account set kind = 'client', parent_id = $1 where id = $2`, [
    agency.ctx.account.id,
    bench.ctx.account.id,
  ]);
  await bench.relayAll();
  await bench.subscribe(bench.receiver.url, { events: ['lead.created', 'account.*'] });
  await bench.createLead();
  await bench.relayAll();
  await accounts.deleteClient(agency.ctx, bench.ctx.account.id);
  expect(await bench.told()).toEqual([]);
  expect(await statuses()).toEqual(['cancelled']);
  expect(await (await testStore()).acrossAccounts.query('select * from webhook_lane', [])).toEqual([]);
});
