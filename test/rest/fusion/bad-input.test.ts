import { withoutChange } from '../../support/account-state';
import { essence, LEADS, LeadsClient, refusal } from './leads-client';

let client: LeadsClient;

const PHONE = '+12345678900';

beforeAll(async () => {
  client = await LeadsClient.open();
  await client.create({ name: 'John Doe', phone: PHONE });
});

beforeEach(() => client.account.clock.advance(60_000));

const UNSTORABLE = 'must not contain NUL bytes or unpaired surrogates.';

const BAD_TEXTS: [string, string][] = [
  ['a NUL byte', 'Jo\u0000hn'],
  ['a high surrogate alone', 'Jo\ud83dhn'],
  ['a low surrogate alone', 'Jo\udc4bhn'],
  ['surrogates the wrong way round', 'Jo\udc4b\ud83dhn'],
];

describe.each(BAD_TEXTS)('%s', (_, text) => {
  test.each<[string, object, object]>([
    ['name', { name: text }, { name: [`Name ${UNSTORABLE}`] }],
    ['company', { company: text }, { company: [`Company ${UNSTORABLE}`] }],
    ['email', { email: `${text}@example.com` }, { email: ['Invalid email format'] }],
    ['phone', { phone: `${PHONE}${text}` }, { phone: ['Invalid phone number'] }],
    [
      'tags',
      { tags: [text] },
      { tags: ['Tags can only contain letters, numbers, hyphens, and underscores'] },
    ],
    ['custom_fields', { custom_fields: { a: text } }, { custom_fields: [`Custom fields ${UNSTORABLE}`] }],
    [
      'custom_fields',
      { custom_fields: { [text]: 1 } },
      { custom_fields: ['Custom field names can only contain letters, numbers, hyphens, and underscores'] },
    ],
    ['campaign_id', { campaign_id: text }, { campaign_id: ['Invalid campaign_id'] }],
    ['kind', { kind: text }, { kind: ['Kind must be one of: call, sms'] }],
  ])('in %s is refused by every write', async (__, fields, details) => {
    const [[message]] = Object.values(details);
    const lead = { name: 'Jane Roe', phone: '+12345678901', ...fields };
    await withoutChange(client.account, async () => {
      expect(essence(await client.create(lead))).toEqual(refusal(400, message, details));
      const inBatch = await client.create({ leads: [{ name: 'Max Poe', phone: '+12345678902' }, lead] });
      expect(essence(inBatch)).toEqual(refusal(400, message, [{ index: 1, errors: [message] }]));
      const updated = await client.update({ phone: PHONE, name: 'John D.', ...fields });
      expect(essence(updated)).toEqual(refusal(400, message, details));
    });
  });

  test('in a field that is not documented does no harm', async () => {
    const answer = await client.update({ phone: PHONE, company: text.slice(0, 2), more: text, [text]: 1 });
    expect(answer.status).toBe(200);
  });
});

test.each<[string, object, object]>([
  ['name', { name: 'x'.repeat(10_000) }, { name: ['Name must be between 2 and 100 characters'] }],
  ['phone', { phone: '1'.repeat(10_000) }, { phone: ['Invalid phone number'] }],
  ['email', { email: `${'x'.repeat(10_000)}@example.com` }, { email: ['Invalid email format'] }],
  ['company', { company: 'x'.repeat(10_000) }, { company: ['Company must be at most 100 characters'] }],
  ['campaign_id', { campaign_id: 'x'.repeat(10_000) }, { campaign_id: ['Invalid campaign_id'] }],
])('10,000 characters in %s are refused', async (_, fields, details) => {
  const [[message]] = Object.values(details);
  const lead = { name: 'Jane Roe', phone: '+12345678901', ...fields };
  const answer = await withoutChange(client.account, () => client.create(lead));
  expect(essence(answer)).toEqual(refusal(400, message, details));
});

test.each([
  ['%00', 'Invalid phone number'],
  ['1'.repeat(10_000), 'Invalid phone number'],
  [encodeURIComponent("' or 1=1 --"), 'Invalid phone number'],
])('phone=%.20s is refused', async (value, message) => {
  const answer = await client.send('GET', `${LEADS}?phone=${value}`);
  expect(essence(answer)).toEqual(refusal(400, message, { phone: [message] }));
});

test('text that looks like SQL or markup is text', async () => {
  const name = `Robert'); drop table lead;-- <script>alert("1")</script> $1 \\ %`;
  const answer = await client.create({ name, phone: '+12345678903', company: '__proto__' });
  expect(answer.body.data.leads[0]).toMatchObject({ name, company: '__proto__' });
});

test('names of fields that every object has are only names', async () => {
  const fields = { constructor: 'a', toString: 'b', hasOwnProperty: 'c' };
  const answer = await client.create({ name: 'Jo Doe', phone: '+12345678904', custom_fields: fields });
  expect(answer.body.data.leads[0]?.custom_fields).toEqual(fields);
});

test('a deep or wide body is refused like any other', async () => {
  const deep = `{"name": "Jo Doe", "phone": "2345678905", "custom_fields": {"a": ${'['.repeat(50_000)}${']'.repeat(50_000)}}}`;
  const wide = JSON.stringify({
    ...{ name: 'Jo Doe', phone: '2345678905' },
    custom_fields: Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`key-${at}`, at])),
  });
  await withoutChange(client.account, async () => {
    for (const payload of [deep, wide]) {
      const { statusCode } = await client.server.app.inject({
        ...{ method: 'POST', url: LEADS, payload },
        headers: { authorization: `Bearer ${client.account.key}`, 'content-type': 'application/json' },
      });
      expect(statusCode).toBe(400);
    }
  });
});
