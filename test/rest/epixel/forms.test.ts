import type { TestAccount } from '../../support/account';
import { withoutChange } from '../../support/account-state';
import { answerOf, EpixelClient, JANE, refusal } from '../../support/epixel-client';
import { startTestServer, type TestServer } from '../../support/server';

let server: TestServer;
let account: TestAccount;
let client: EpixelClient;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  account = await server.openAccount();
  client = await EpixelClient.of(server, account, { username: 'amy', role: 'agent' });
});

afterAll(() => server.close());

test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=b'])(
  'of a field that is given twice in %s the last counts',
  async (type) => {
    const fields = [...Object.entries({ ...JANE, first_name: 'Jan' }), ['first_name', 'Jane']];
    const part = ([name, value]: string[]) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const isMultipart = type.startsWith('multipart');
    const response = await server.app.inject({
      ...{
        method: 'POST',
        url: '/api/v1/create/lead/',
        headers: { ...client.headers, 'content-type': type },
      },
      payload: isMultipart ? `${fields.map(part).join('')}--b--` : String(new URLSearchParams(fields)),
    });
    expect(response.json().data).toMatchObject({ ...JANE, phone: '+12025550143' });
  },
);

const TIMES = { appointment_date: '2026-07-01 10:00', appointment_to: '2026-07-01 11:00' };

test.each<[string, string, Record<string, string>]>([
  ['create/lead', 'first_name', JANE],
  ['create/lead', 'message', JANE],
  ['create/lead', 'assignee', JANE],
  ['update/lead', 'slug', JANE],
  ['create/leadnote', 'note', { slug: 'x' }],
  ['create/appointment', 'appointment_note', { slug: 'x', ...TIMES }],
  ['create/appointment', 'slug', TIMES],
  ['update/appointment', 'appointment_note', { appointment_id: '1' }],
])('%s: a NUL byte in %s is refused by the name of the field', async (path, name, fields) => {
  const slug = String((await client.done('create/lead', JANE)).slug);
  const given = { ...fields, ...(fields.slug && { slug }), ...(path === 'update/lead' && { slug }) };
  const response = await withoutChange(account, () => client.post(path, { ...given, [name]: 'a\0b' }));
  expect(answerOf(response)).toEqual(
    refusal(400, { [name]: ['This field may not contain NUL bytes or unpaired surrogates.'] }),
  );
});
