import { formPages } from '../../src/domain/form-page/form-page.service';
import { submit } from '../../src/domain/submission/submit';
import { issueKey, openTestAccount, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { FIELDS } from '../support/pages';
import { Door } from './door';

let door: Door;
let account: TestAccount;

beforeAll(async () => {
  door = await Door.open();
  account = await openTestAccount();
});
afterAll(() => door.close());

const CREATE = 'mutation M($input: CreateFormPageInput!) { made: createFormPage(input: $input) { id slug } }';
const EMAIL = { name: 'email', label: 'E-mail', kind: 'EMAIL', isRequired: true, mapsTo: 'EMAIL' };
const TEXT = { name: 'text', label: 'Text', kind: 'TEXT' };

async function refusalOf(input: object) {
  return withoutChange(account, async () => {
    const { extensions } = await door.fail(account.key, CREATE, { input: { name: 'Page', ...input } });
    return [extensions?.code, extensions?.fields];
  });
}

const SUBMISSIONS = `query Q($page: ID!) {
  formPage(id: $page) { stats { submissionCount lastSubmittedAt } submissions(first: 5) { values } }
  submissions(filter: { pageId: { eq: $page } }) { totalCount nodes { values contact { email } page { name } } }
  all: submissionAnalysis(id: $page, from: "2026-03-01", to: "2026-03-02") {
    from to interval totals { submissions } series { date submissions } pages { pageId submissions }
  }
  weeks: submissionAnalysis(from: "2026-03-01", to: "2026-03-02", interval: WEEK) { interval series { date submissions } }
  campaignAnalysis(from: "2026-03-01", to: "2026-03-01") {
    totals { recipients openRate } series { date recipients sent delivered opened clicked bounced unsubscribed failed unknown skipped creditsUsed }
  }
  audienceAnalysis(from: "2026-03-01", to: "2026-03-02", interval: MONTH) { totals { added removed total } series { date added removed total } }
}`;

test('what was sent to a page, and its numbers over time', async () => {
  const { ctx, clock } = account;
  const audienceId = await door.make(account.key, 'audience', { name: 'News' });
  const page = await formPages.create(ctx, {
    name: 'Contact',
    audienceId,
    fields: FIELDS,
    status: 'published',
  });
  const sent = (email: string) => ({ given: { email }, address: '203.0.113.5', origin: undefined });
  await submit(ctx, page, sent('a@example.com'));
  clock.advance(86_400_000);
  await submit(ctx, page, sent('A@example.com'));
  clock.at = new Date('2026-03-02T10:00:00.000Z');
  const data = await door.run(account.key, SUBMISSIONS, { page: page.id });
  const none = { recipients: 0, sent: 0, delivered: 0, opened: 0, clicked: 0, bounced: 0, unsubscribed: 0 };
  expect(data).toEqual({
    formPage: {
      stats: { submissionCount: 2, lastSubmittedAt: '2026-03-03T10:00:00.000Z' },
      submissions: [{ values: { email: 'A@example.com' } }, { values: { email: 'a@example.com' } }],
    },
    submissions: {
      totalCount: 2,
      nodes: ['A@example.com', 'a@example.com'].map((email) => ({
        ...{ values: { email }, contact: { email: 'a@example.com' }, page: { name: 'Contact' } },
      })),
    },
    all: {
      ...{ from: '2026-03-01', to: '2026-03-02', interval: 'DAY', totals: { submissions: 1 } },
      series: [
        { date: '2026-03-01', submissions: 0 },
        { date: '2026-03-02', submissions: 1 },
      ],
      pages: [{ pageId: page.id, submissions: 1 }],
    },
    weeks: {
      interval: 'WEEK',
      series: [
        { date: '2026-03-01', submissions: 0 },
        { date: '2026-03-02', submissions: 1 },
      ],
    },
    campaignAnalysis: {
      totals: { recipients: 0, openRate: 0 },
      series: [{ date: '2026-03-01', ...none, failed: 0, unknown: 0, skipped: 0, creditsUsed: 0 }],
    },
    audienceAnalysis: {
      totals: { added: 1, removed: 0, total: 1 },
      series: [{ date: '2026-03-01', added: 1, removed: 0, total: 1 }],
    },
  });
});

test('numbers over time need a scope of their own', async () => {
  const text = '{ submissionAnalysis(from: "2026-03-01", to: "2026-03-02") { totals { submissions } } }';
  const allowed = await issueKey(account, ['analytics:read']);
  const other = await issueKey(account, ['formPages:read', 'submissions:read']);
  expect((await door.send(allowed, text)).body.errors).toBeUndefined();
  expect(await door.fail(other, text)).toMatchObject({ message: 'This key lacks the scope analytics:read.' });
});

test.each<[string, object, object]>([
  ['a slug with capitals', { slug: 'Spring' }, { slug: expect.anything() }],
  ['a language that is none', { language: '12' }, { language: expect.anything() }],
  ['a name with a dash', { fields: [{ ...TEXT, name: 'a-b' }] }, { fields: expect.anything() }],
  ['the name of the trap', { fields: [{ ...TEXT, name: '_homepage' }] }, { fields: expect.anything() }],
  [
    'a name twice',
    { fields: [TEXT, { ...TEXT, name: 'Text' }] },
    { fields: ['Field text stands in the form twice.'] },
  ],
  ['a select without options', { fields: [{ ...TEXT, kind: 'SELECT' }] }, { fields: expect.anything() }],
  ['options without a select', { fields: [{ ...TEXT, options: ['a'] }] }, { fields: expect.anything() }],
  [
    'an option twice',
    { fields: [{ ...TEXT, kind: 'SELECT', options: ['a', 'a'] }] },
    { fields: ['Field text must not have an option twice.'] },
  ],
  [
    'a text for e-mail',
    { fields: [{ ...TEXT, mapsTo: 'EMAIL' }] },
    { fields: ['Field text must be of kind EMAIL to map to email.'] },
  ],
  [
    'a target twice',
    { fields: [EMAIL, { ...EMAIL, name: 'second' }] },
    { fields: ['Only one field can map to email.'] },
  ],
  [
    'a name and its parts',
    {
      fields: [
        { ...TEXT, mapsTo: 'NAME' },
        { ...TEXT, name: 'b', mapsTo: 'LAST_NAME' },
      ],
    },
    { fields: ['Fields can map to name, or to first_name and last_name, not to both.'] },
  ],
  [
    'what is hidden and required',
    { fields: [{ ...TEXT, kind: 'HIDDEN', isRequired: true }] },
    { fields: expect.anything() },
  ],
  [
    'fifty-one fields',
    { fields: Array.from({ length: 51 }, (_, at) => ({ ...TEXT, name: `t${at}` })) },
    { fields: ['Fields must be at most 50, not 51.'] },
  ],
  [
    'a published page without fields',
    { status: 'PUBLISHED' },
    { fields: ['A published page needs a field that people can see.'] },
  ],
  [
    'an origin with a path',
    { allowedOrigins: ['https://example.com/'] },
    { allowedOrigins: expect.anything() },
  ],
  [
    'an origin of another kind',
    { allowedOrigins: ['ftp://example.com'] },
    { allowedOrigins: expect.anything() },
  ],
  [
    'a redirect to a script',
    { redirectUrl: 'javascript:alert(1)' },
    { redirectUrl: ['Redirect url must be an http or https address.'] },
  ],
])('%s is refused', async (_, input, fields) => {
  expect(await refusalOf(input)).toEqual(['INVALID', fields]);
});

test('a published page asks for what its audience and its feed need', async () => {
  const [audienceId, feedId] = [
    await door.make(account.key, 'audience', { name: 'A' }),
    await door.make(account.key, 'feed', { name: 'F' }),
  ];
  const published = { status: 'PUBLISHED', fields: [{ ...EMAIL, isRequired: false }] };
  expect(await refusalOf({ ...published, audienceId })).toEqual([
    'INVALID',
    { fields: ['A published page with an audience needs a required field for email or phone.'] },
  ]);
  expect(await refusalOf({ ...published, feedId })).toEqual([
    'INVALID',
    { fields: ['A published page with a feed needs a required field for phone.'] },
  ]);
  const id = await door.make(account.key, 'formPage', { name: 'Draft', audienceId, feedId });
  const update =
    'mutation M($id: ID!, $input: UpdateFormPageInput!) { updateFormPage(id: $id, input: $input) { id } }';
  const refused = await door.fail(account.key, update, { id, input: { status: 'PUBLISHED' } });
  expect(refused.extensions?.fields).toEqual({
    fields: ['A published page needs a field that people can see.'],
  });
});

test('groups are those of the audience, and go with it', async () => {
  const [audienceId, otherId] = [
    await door.make(account.key, 'audience', { name: 'A' }),
    await door.make(account.key, 'audience', { name: 'B' }),
  ];
  const groupId = await door.make(account.key, 'audienceGroup', { audienceId, name: 'G' });
  const strange = await door.make(account.key, 'audienceGroup', { audienceId: otherId, name: 'G' });
  expect(await refusalOf({ audienceId, groupIds: [strange] })).toEqual([
    'INVALID',
    { groupIds: ['Group ids must be groups of the audience.'] },
  ]);
  expect(await refusalOf({ slug: 'No slug', audienceId, groupIds: [strange] })).toEqual([
    'INVALID',
    {
      slug: ['Slug must be lower-case letters, digits and single dashes.'],
      groupIds: ['Group ids must be groups of the audience.'],
    },
  ]);
  expect(await refusalOf({ groupIds: [groupId] })).toEqual(['INVALID', { groupIds: expect.anything() }]);
  const id = await door.make(account.key, 'formPage', { name: 'Page', audienceId, groupIds: [groupId] });
  const update =
    'mutation M($id: ID!, $input: UpdateFormPageInput!) { page: updateFormPage(id: $id, input: $input) { groups { id } } }';
  const groupsAfter = async (input: object) =>
    (await door.run<{ page: { groups: object[] } }, object>(account.key, update, { id, input })).page.groups;
  expect(await groupsAfter({ title: 'T' })).toEqual([{ id: groupId }]);
  expect(await groupsAfter({ audienceId: otherId })).toEqual([]);
});

test('a slug is unique over all accounts; one made of the name gets a tail, and a deleted page gives it up', async () => {
  const other = await openTestAccount();
  const slug = `only-once-${account.ctx.account.number}`;
  const name = slug.replaceAll('-', ' ');
  const first = await door.run<{ made: { id: string; slug: string } }, object>(other.key, CREATE, {
    input: { name },
  });
  expect(first.made.slug).toBe(slug);
  expect(await refusalOf({ slug })).toEqual([
    'CONFLICT',
    { slug: ['Another page of this installation has this slug.'] },
  ]);
  const second = await door.run<{ made: { slug: string } }, object>(account.key, CREATE, { input: { name } });
  expect(second.made.slug).toMatch(new RegExp(`^${slug}-[a-z0-9]{6}$`));
  await formPages.delete(other.ctx, first.made.id);
  const third = await door.run<{ made: { slug: string } }, object>(account.key, CREATE, { input: { name } });
  expect(third.made.slug).toBe(slug);
});
