import { audiences } from '../../src/domain/audience/audience.service';
import { audienceGroups } from '../../src/domain/audience/audience-group.service';
import { campaigns } from '../../src/domain/campaign/campaign.service';
import { NOW } from '../support/account';
import { withoutChange } from '../support/account-state';
import { type CampaignBench, openCampaignBench, people } from '../support/campaigns';

let bench: CampaignBench;

beforeEach(async () => {
  bench = await openCampaignBench();
});

afterEach(async () => {
  await bench.close();
  expect(bench.errors).toEqual([]);
});

describe('is refused and changes nothing:', () => {
  test.each([
    [
      { subject: 'Hi {{ name' },
      'subject',
      'Subject is no template: output "{{ name" not closed, line:1, col:4.',
    ],
    [
      { html: '{% for x in y %}{% endfor %}' },
      'html',
      'Html is no template: tag "for" not found, line:1, col:1.',
    ],
    [{ text: '{{ name | raw }}' }, 'text', 'Text is no template: undefined filter: raw, line:1, col:1.'],
    [{ throttlePerSecond: 0 }, 'throttlePerSecond', 'Throttle per second must be from 1 to 1000.'],
    [{ status: 'sent' }, 'status', 'Status cannot be set.'],
    [{ fromAddress: 'x' }, 'fromAddress', 'From address must be an e-mail address.'],
  ])('a campaign with %j', async (input, field, message) => {
    const { account, draft } = bench;
    await withoutChange(account, () =>
      expect(draft(input)).rejects.toMatchObject({ code: 'INVALID', fields: { [field]: [message] } }),
    );
  });

  test('groups of another audience, and another account’s audience', async () => {
    const { ctx, account, draft } = bench;
    const other = await audiences.create(ctx, { name: 'Other' });
    const group = await audienceGroups.create(ctx, { audienceId: other.id, name: 'G' });
    const stranger = await openCampaignBench();
    await stranger.close();
    await withoutChange(account, async () => {
      const groupIds = ['Group ids must be groups of the audience.'];
      await expect(draft({ groupIds: [group.id] })).rejects.toMatchObject({
        ...{ code: 'INVALID', fields: { groupIds } },
      });
      await expect(draft({ groupIds: [group.id], subject: '{{ name' })).rejects.toMatchObject({
        fields: {
          groupIds,
          subject: ['Subject is no template: output "{{ name" not closed, line:1, col:1.'],
        },
      });
      await expect(draft({ audienceId: stranger.audienceId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  test('taking from a campaign that waits for its time what it needs then', async () => {
    const { ctx, account, draft } = bench;
    const { id } = await draft();
    await campaigns.schedule(ctx, id, '2026-03-02T12:00:00.000Z');
    await withoutChange(account, () =>
      expect(campaigns.update(ctx, id, { subject: null, text: null })).rejects.toMatchObject({
        code: 'INVALID',
        fields: {
          subject: ['Subject must be given before the campaign can be sent.'],
          text: ['Text (or html, for e-mails) must be given before the campaign can be sent.'],
        },
      }),
    );
    expect(await campaigns.update(ctx, id, { text: null, html: '<p>Hi</p>' })).toMatchObject({
      ...{ status: 'scheduled', text: null },
    });
  });

  test('sending what lacks something, and what was sent', async () => {
    const { ctx, account, draft, begin, run, addContacts } = bench;
    await addContacts(people(1));
    const bare = await draft({ subject: null, text: null });
    const running = await begin();
    await withoutChange(account, async () => {
      await expect(campaigns.send(ctx, bare.id)).rejects.toMatchObject({
        code: 'INVALID',
        fields: {
          subject: ['Subject must be given before the campaign can be sent.'],
          text: ['Text (or html, for e-mails) must be given before the campaign can be sent.'],
        },
      });
      for (const work of [
        () => campaigns.send(ctx, running.id),
        () => campaigns.update(ctx, running.id, { name: 'N' }),
        () => campaigns.delete(ctx, running.id),
        () => campaigns.schedule(ctx, running.id, null),
      ]) {
        await expect(work()).rejects.toMatchObject({ code: 'CONFLICT' });
      }
      await expect(campaigns.schedule(ctx, bare.id, NOW)).rejects.toMatchObject({
        ...{ code: 'INVALID', fields: { at: [expect.any(String)] } },
      });
    });
    await run();
    await withoutChange(account, () =>
      expect(campaigns.send(ctx, running.number)).rejects.toMatchObject({
        ...{ code: 'CONFLICT', message: 'The campaign was sent already.' },
      }),
    );
  });
});
