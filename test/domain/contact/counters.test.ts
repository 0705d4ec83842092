import { audiences } from '../../../src/domain/audience/audience.service';
import { audienceGroups } from '../../../src/domain/audience/audience-group.service';
import { chanceOf } from '../../../src/domain/call/simulated.rules';
import { contacts } from '../../../src/domain/contact/contact.service';
import { DomainError } from '../../../src/domain/error';
import { openTestAccount, type TestAccount } from '../../support/account';

const ROUNDS = 25;
const AT_ONCE = 12;

/** Audiences and groups whose counters are not what is counted, lines that were left over, and the tally. */
const WRONG_AUDIENCES = `
select audience.id, contact_count, email_count, phone_count, counted.*, tallied.*
from audience,
  lateral (select count(*)::int as contacts, count(email)::int as emails, count(phone)::int as phones
    from contact where contact.account_id = audience.account_id and audience_id = audience.id) counted,
  lateral (select coalesce(sum(added - removed), 0)::int as total from contact_tally
    where contact_tally.account_id = audience.account_id and audience_id = audience.id) tallied
where account_id = $1 and (contact_count, email_count, phone_count, contact_count)
  is distinct from (contacts, emails, phones, total)`;
const WRONG_GROUPS = `
select one.id, contact_count, counted.contacts from audience_group one,
  lateral (select count(*)::int as contacts from contact_group link
    where link.account_id = one.account_id and group_id = one.id) counted
where account_id = $1 and contact_count <> contacts`;
const LINES = 'select count(*)::int as count from contact_count_change where account_id = $1';

/** Something that a caller may do at any moment; the chance decides what. */
function stir({ ctx }: TestAccount, audienceIds: string[], chance: (what: string) => number) {
  let picks = 0;
  const pick = <T>(items: readonly T[]) => {
    picks += 1;
    return items[Math.floor(chance(`pick ${picks}`) * items.length)] as T;
  };
  const digit = () => pick([...Array(10).keys()]);
  const values = () => ({
    email: pick([null, `${digit()}${digit()}@example.com`]),
    phone: pick([null, `+1202555010${digit()}`]),
  });
  const anyContact = async () => pick((await contacts.page(ctx, { first: 40 })).rows);
  const someGroups = async (audienceId: string) => {
    const filter = { audienceId: { eq: audienceId } };
    const { rows } = await audienceGroups.page(ctx, { filter });
    return rows.map(({ id }) => id).filter(() => pick([true, false]));
  };
  const newRow = async () => {
    const audienceId = pick(audienceIds);
    return { audienceId, ...values(), groupIds: await someGroups(audienceId) };
  };
  const rows = async () => [await newRow(), await newRow(), await newRow(), await newRow()];
  const onContact =
    (work: (one: { id: string; audienceId: string | null }) => Promise<unknown>) => async () => {
      const contact = await anyContact();
      return contact && work(contact);
    };
  const actions = [
    async () => contacts.create(ctx, await newRow()),
    async () => contacts.createMany(ctx, await rows()),
    async () => contacts.createMany(ctx, await rows(), 'all_or_nothing'),
    async () => contacts.upsertInto(ctx, pick(audienceIds), values()),
    onContact(({ id }) => contacts.update(ctx, id, values())),
    onContact(async ({ id, audienceId }) =>
      contacts.update(ctx, id, { groupIds: await someGroups(audienceId as string) }),
    ),
    onContact(({ id }) => contacts.delete(ctx, id)),
    () => audienceGroups.create(ctx, { audienceId: pick(audienceIds), name: `G${digit()}` }),
    async () => {
      const { rows: found } = await audienceGroups.page(ctx, {});
      return found.length > 6 && audienceGroups.delete(ctx, pick(found).id);
    },
    // Two audiences in one transaction, in either order.
    () =>
      ctx.transaction(async (tx) => {
        for (const audienceId of pick([audienceIds, audienceIds.toReversed()]))
          await contacts.create(tx, { audienceId, phone: `+1202555010${digit()}` });
      }),
    () =>
      ctx
        .transaction(async (tx) => {
          await contacts.createMany(tx, await rows());
          throw new DomainError('INVALID', 'taken back');
        })
        .catch(() => undefined),
  ];
  return pick(actions)();
}

test.each(['a', 'b', 'c'])(
  'whatever is done at once (%s), the counters of audiences and groups are what can be counted',
  async (seed) => {
    const account = await openTestAccount();
    const { ctx, clock } = account;
    const audienceIds: string[] = [];
    for (const name of ['One', 'Two', 'Three']) audienceIds.push((await audiences.create(ctx, { name })).id);
    const refusals: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const work = (_: unknown, at: number) =>
        Promise.resolve(stir(account, audienceIds, (what) => chanceOf(seed, round, at, what))).catch(
          (error: DomainError) => {
            refusals.push(error instanceof DomainError ? error.code : String(error));
          },
        );
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(await ctx.query(WRONG_AUDIENCES, [ctx.account.id])).toEqual([]);
      expect(await ctx.query(WRONG_GROUPS, [ctx.account.id])).toEqual([]);
      expect(await ctx.query(LINES, [ctx.account.id])).toEqual([{ count: 0 }]);
      clock.advance(7 * 60_000);
    }
    // Deadlocks would be UNAVAILABLE.
    expect(refusals.filter((code) => !['INVALID', 'CONFLICT', 'NOT_FOUND'].includes(code))).toEqual([]);
    const { rows } = await audiences.page(ctx, {});
    const total = rows.reduce((sum, { contactCount }) => sum + contactCount, 0);
    expect(total).toBeGreaterThan(20);
    const [done] = await Promise.all([
      audiences.delete(ctx, audienceIds[0] as string),
      ...Array.from({ length: AT_ONCE }, (_, at) =>
        contacts.create(ctx, { audienceId: audienceIds[0], email: `late${at}@example.com` }).catch(() => {}),
      ),
    ]);
    expect(done.id).toBe(audienceIds[0]);
    expect(await ctx.query(WRONG_AUDIENCES, [ctx.account.id])).toEqual([]);
    const left = await contacts.records(ctx, { audienceId: done.id }, { limit: 1, offset: 0 });
    expect(left.total).toBe(0);
  },
);

test('a write of a thousand contacts changes their audience once', async () => {
  const { ctx } = await openTestAccount();
  const { id: audienceId } = await audiences.create(ctx, { name: 'News' });
  const rows = Array.from({ length: 1000 }, (_, at) => ({ audienceId, email: `${at}@example.com` }));
  const version = () =>
    ctx.query<{ xmin: string; count: number }>(
      'select xmin::text, contact_count as count from audience where account_id = $1',
      [ctx.account.id],
    );
  await ctx.transaction(async (tx) => {
    const before = await version();
    await contacts.createMany(tx, rows, 'all_or_nothing');
    // Its row is not even locked before the transaction ends.
    const update = 'update audience set description = $2 where account_id = $1';
    await ctx.query(update, [ctx.account.id, 'changed meanwhile']);
    expect((await version())[0]?.xmin).not.toBe(before[0]?.xmin);
  });
  expect(await audiences.get(ctx, audienceId)).toMatchObject({
    ...{ contactCount: 1000, emailCount: 1000, phoneCount: 0, description: 'changed meanwhile' },
  });
});
