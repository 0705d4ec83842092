import { audiences } from '../../../src/domain/audience/audience.service';
import { audienceGroups } from '../../../src/domain/audience/audience-group.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import { openTestAccount, type TestAccount } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { fillAudience } from '../../support/contacts';

let account: TestAccount;

beforeEach(async () => {
  account = await openTestAccount();
});

const open = async (name = 'News') => (await audiences.create(account.ctx, { name })).id;

describe('an audience that is deleted', () => {
  test('takes its contacts and groups along, each with the event that it would have had alone', async () => {
    const { ctx, clock } = account;
    const [audienceId, otherId] = [await open(), await open('Other')];
    const one = await audienceGroups.create(ctx, { audienceId, name: 'One' });
    const two = await audienceGroups.create(ctx, { audienceId, name: 'Two' });
    const values = {
      audienceId,
      email: 'a@example.com',
      customFields: { a: [1] },
      groupIds: [two.id, one.id],
    };
    const first = await contacts.create(ctx, values);
    await contacts.delete(ctx, first.id);
    const second = await contacts.create(ctx, values);
    const kept = await contacts.create(ctx, { audienceId: otherId, email: 'a@example.com' });
    clock.advance(60_000);

    const deleted = await audiences.delete(ctx, audienceId);
    expect(deleted).toMatchObject({ id: audienceId, name: 'News', contactCount: 0 });
    const [alone, along] = (await eventsOf(account, 'contact')).filter(
      ({ name }) => name === 'contact.deleted',
    );
    expect(along).toEqual({
      ...{ name: 'contact.deleted', subjectId: second.id, changes: {} },
      payload: { ...alone?.payload, id: second.id, number: second.number },
    });
    expect(along?.payload).toMatchObject({ groupIds: [two.id, one.id], createdAt: second.createdAt });
    expect(along?.payload).not.toHaveProperty('accountId');
    const groupEvents = (await eventsOf(account, 'audience_group')).slice(2);
    expect(groupEvents.map(({ name, payload }) => [name, payload])).toEqual([
      ['audience_group.deleted', expect.objectContaining({ id: one.id, name: 'One', contactCount: 0 })],
      ['audience_group.deleted', expect.objectContaining({ id: two.id, name: 'Two', contactCount: 0 })],
    ]);
    const { rows } = await contacts.page(ctx, {});
    expect(rows.map(({ id }) => id)).toEqual([kept.id]);
    await expect(audiences.get(ctx, audienceId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const gone = () => audiences.delete(ctx, audienceId).catch(({ code }) => code);
    expect(await withoutChange(account, gone)).toBe('NOT_FOUND');
  });

  test('may have more contacts than one transaction removes', async () => {
    const audienceId = await open();
    for (const from of [0, 1000, 2000]) await fillAudience(account.ctx, audienceId, 900, from);
    await audiences.delete(account.ctx, audienceId);
    const events = await eventsOf(account, 'contact');
    const ids = (verb: string) =>
      events.filter(({ name }) => name === `contact.${verb}`).map(({ subjectId }) => subjectId);
    expect(new Set(ids('deleted')).size).toBe(2700);
    expect(ids('deleted').toSorted()).toEqual(ids('created').toSorted());
    expect(await contacts.records(account.ctx, {}, { limit: 1, offset: 0 })).toMatchObject({ total: 0 });
  });
});

test('the stats of an audience count its contacts by status', async () => {
  const { ctx } = account;
  const [audienceId, other] = [await open(), await open('Other')];
  await fillAudience(account.ctx, audienceId, 5);
  await fillAudience(account.ctx, other, 2);
  await audienceGroups.create(ctx, { audienceId, name: 'One' });
  const { rows } = await contacts.page(ctx, { filter: { audienceId: { eq: audienceId } } });
  const update = (at: number, values: object) => contacts.update(ctx, String(rows[at]?.id), values);
  await update(0, { status: 'unsubscribed', phone: '+12025550143' });
  await update(1, { status: 'bounced' });
  await update(2, { status: 'bounced', phone: '12345', email: null });
  expect(await audiences.stats(ctx, audienceId)).toEqual({
    ...{ contactCount: 5, emailCount: 4, phoneCount: 2, groupCount: 1 },
    statusCounts: [
      { status: 'subscribed', count: 2 },
      { status: 'unsubscribed', count: 1 },
      { status: 'bounced', count: 2 },
      { status: 'complained', count: 0 },
    ],
  });
});
