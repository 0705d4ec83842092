import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount } from '../support/account';

// A lead is made by one statement, which commits by itself where nothing else belongs to the write.

let ctx: Context;
let number = 0;

beforeAll(async () => {
  ({ ctx } = await openTestAccount());
});

const phone = () => {
  number += 1;
  return `+1202555${String(1000 + number)}`;
};

/** Phones of the leads that are there, and of the leads that events tell of. */
async function known(): Promise<{ phones: string[]; told: string[] }> {
  const { id } = ctx.account;
  const rows = await ctx.query<{ phone: string }>(
    'select phone from lead where account_id = $1 order by phone',
    [id],
  );
  const events = await ctx.query<{ phone: string }>(
    `select payload ->> 'phone' as phone from change_event
     where account_id = $1 and name = 'lead.created' order by 1`,
    [id],
  );
  return { phones: rows.map((row) => row.phone), told: events.map((row) => row.phone) };
}

test('a lead alone is there with its event, and a duplicate writes neither', async () => {
  const [first, before] = [phone(), await known()];
  await leads.create(ctx, { phone: first });
  const phones = [...before.phones, first].sort();
  expect(await known()).toEqual({ phones, told: phones });
  await expect(leads.create(ctx, { phone: first })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await known()).toEqual({ phones, told: phones });
});

test('within another write a lead is undone with it, and nothing before it is committed', async () => {
  const before = await known();
  const failing = ctx.transaction(async (tx) => {
    await leads.create(tx, { phone: phone() });
    await leads.create(tx, { phone: phone(), tagNames: ['vip'] });
    await leads.create(tx, { phone: phone() });
    throw new Error('undone');
  });
  await expect(failing).rejects.toThrow('undone');
  expect(await known()).toEqual(before);
});

test('of several leads that are all to be written, one that is refused undoes the others', async () => {
  const taken = phone();
  await leads.create(ctx, { phone: taken });
  const before = await known();
  const inputs = [{ phone: phone() }, { phone: taken }];
  const refused = await leads.createMany(ctx, inputs, 'all_or_nothing');
  expect(refused.map(({ row, error }) => [row, error?.code])).toEqual([
    [null, undefined],
    [null, 'CONFLICT'],
  ]);
  expect(await known()).toEqual(before);
  const written = await leads.createMany(ctx, inputs, 'skip_invalid');
  expect(written.map(({ row, error }) => [row?.phone, error?.code])).toEqual([
    [inputs[0]?.phone, undefined],
    [undefined, 'CONFLICT'],
  ]);
  const phones = [...before.phones, inputs[0]?.phone].sort();
  expect(await known()).toEqual({ phones, told: phones });
});

test('within a request of one transaction a lead is a part of it', async () => {
  const before = await known();
  const failing = ctx.asOneTransaction(async (tx) => {
    await leads.create(tx, { phone: phone() });
    throw new Error('undone');
  });
  await expect(failing).rejects.toThrow('undone');
  expect(await known()).toEqual(before);
});

test('what is asked behind the end of a write is refused', async () => {
  const late = ctx.transaction(async (tx) => {
    await tx.writeLast({ text: 'select 1 where $1', values: [true] });
    await tx.query('select 1', []);
  });
  await expect(late).rejects.toThrow('after the end of the transaction');
});
