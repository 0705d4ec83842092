import { tendCampaigns } from '../../src/server/mail/mailing';
import { type CampaignBench, openCampaignBench } from '../support/campaigns';
import { type LiveServer, startLiveServer } from '../support/live-server';
import { Door } from './door';

let bench: CampaignBench;
let door: Door;

beforeEach(async () => {
  [door, bench] = [await Door.open(), await openCampaignBench()];
});

afterEach(async () => {
  await door.close();
  await bench.close();
  expect(bench.errors).toEqual([]);
});

const METRICS =
  'metrics { recipients pending sent delivered opened clicked bounced unsubscribed failed unknown skipped openRate clickRate creditsUsed }';
const NONE = {
  ...{ recipients: 0, pending: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0 },
  ...{ failed: 0, unknown: 0, skipped: 0, openRate: 0, clickRate: 0, creditsUsed: 0 },
};

const run = <Data = Record<string, never>>(text: string, variables: object = {}) =>
  door.run<Data, object>(bench.account.key, text, variables);

test('a campaign is made for groups, sent, and its recipients and numbers are read', async () => {
  const { audienceId } = bench;
  const { group } = await run<{ group: { id: string } }>(
    'mutation ($input: CreateAudienceGroupInput!) { group: createAudienceGroup(input: $input) { id } }',
    { input: { audienceId, name: 'VIP' } },
  );
  await bench.addContacts([{ email: 'in@example.com', groupIds: [group.id] }, { email: 'out@example.com' }]);
  const input = { audienceId, name: 'N', subject: 'S', text: 'T', groupIds: [group.id] };
  const { made } = await run<{ made: { id: string } }>(
    `mutation ($input: CreateCampaignInput!) { made: createCampaign(input: $input) { id groups { name } ${METRICS} } }`,
    { input },
  );
  expect(made).toEqual({ id: made.id, groups: [{ name: 'VIP' }], metrics: NONE });
  const sent = await run('mutation ($id: ID!) { sendCampaign(id: $id) { status } }', { id: made.id });
  expect(sent).toEqual({ sendCampaign: { status: 'SENDING' } });
  const again = await door.fail(bench.account.key, 'mutation ($id: ID!) { sendCampaign(id: $id) { id } }', {
    id: made.id,
  });
  expect(again).toMatchObject({
    message: 'The campaign is going out already.',
    extensions: { code: 'CONFLICT' },
  });
  await bench.run();
  const read = await run(
    `query ($id: ID!) {
      campaign(id: $id) { status audience { name } ${METRICS} recipients { address } }
      campaignRecipients(filter: { campaignId: { eq: $id } }) {
        totalCount nodes { address status attempts contact { email } campaign { name } }
      }
    }`,
    { id: made.id },
  );
  expect(read).toEqual({
    campaign: {
      ...{ status: 'SENT', audience: { name: 'News' }, recipients: [{ address: 'in@example.com' }] },
      metrics: { ...NONE, recipients: 1, sent: 1, delivered: 1 },
    },
    campaignRecipients: {
      totalCount: 1,
      nodes: [
        {
          ...{ address: 'in@example.com', status: 'SENT', attempts: 1, campaign: { name: 'N' } },
          contact: { email: 'in@example.com' },
        },
      ],
    },
  });
});

test('scheduling, deciding on unknown ones and writing single e-mails', async () => {
  const { id } = await bench.draft();
  const at = '2026-04-01T08:00:00.000Z';
  expect(
    await run(
      'mutation ($id: ID!, $at: DateTime) { scheduleCampaign(id: $id, at: $at) { status scheduledAt } }',
      {
        ...{ id, at },
      },
    ),
  ).toEqual({ scheduleCampaign: { status: 'SCHEDULED', scheduledAt: at } });
  expect(
    await run('mutation ($id: ID!) { scheduleCampaign(id: $id) { status scheduledAt } }', { id }),
  ).toEqual({
    scheduleCampaign: { status: 'DRAFT', scheduledAt: null },
  });
  const resolve = 'mutation ($id: ID!) { resolveUnknownRecipients(id: $id, decision: RESEND) }';
  expect(await run(resolve, { id })).toEqual({ resolveUnknownRecipients: 0 });
  const { sendEmail } = await run<{ sendEmail: object }>(
    'mutation { sendEmail(input: { to: ["ann@example.com"], subject: "S", html: "<p>T</p>" }) { status to cc html } }',
  );
  expect(sendEmail).toEqual({ status: 'QUEUED', to: ['ann@example.com'], cc: [], html: '<p>T</p>' });
  const { mailBouncePath } = await run<{ mailBouncePath: string }>('{ mailBouncePath }');
  expect(mailBouncePath).toMatch(/^\/mail\/bounces\/v1\./);
});

test('the numbers of many campaigns are one statement', async () => {
  for (let at = 0; at < 5; at += 1) await bench.draft();
  door.statements.length = 0;
  const { campaigns } = await run<{ campaigns: { nodes: object[] } }>(
    `{ campaigns(first: 5) { nodes { name ${METRICS} audience { name } } } }`,
  );
  expect(campaigns.nodes).toHaveLength(5);
  expect(door.statements).toHaveLength(3);
});

describe('live', () => {
  let server: LiveServer;

  beforeAll(async () => {
    server = await startLiveServer();
  });
  afterAll(() => server.close());

  test('progress is seen while a campaign goes out, and its end, of the campaign that is asked for', async () => {
    const { addContacts, draft, due, run: goOn } = bench;
    await addContacts([{ email: 'a@example.com' }, { email: 'b@example.com' }]);
    const [other, campaign] = [await draft({ name: 'Other' }), await draft({ name: 'Mine' })];
    const query = `subscription ($id: ID!, $since: String) {
      campaignProgress(id: $id, since: $since) { name campaign { name status metrics { recipients sent } } }
    }`;
    const { changes } = await run<{ changes: { endCursor: string } }>(
      '{ changes(first: 100) { endCursor } }',
    );
    const events = server
      .client(bench.account.key)
      .iterate<{ campaignProgress: { name: string; campaign: object } }>({
        query,
        variables: { id: campaign.id, since: changes.endCursor },
      });
    for (const { id } of [other, campaign])
      await run('mutation ($id: ID!) { sendCampaign(id: $id) { id } }', { id });
    const next = async () => {
      const { value } = await events.next();
      return value?.data?.campaignProgress;
    };
    expect((await next())?.name).toBe('campaign.updated');
    await tendCampaigns(due);
    const metrics = { recipients: 2, sent: 0 };
    expect(await next()).toEqual({
      ...{ name: 'campaign.progressed', campaign: { name: 'Mine', status: 'SENDING', metrics } },
    });
    await goOn();
    const seen = [await next(), await next()];
    expect(seen.map((event) => event?.name)).toEqual(['campaign.updated', 'campaign.sent']);
    expect(seen[1]?.campaign).toEqual({ name: 'Mine', status: 'SENT', metrics: { recipients: 2, sent: 2 } });
    await events.return?.();
  });
});
