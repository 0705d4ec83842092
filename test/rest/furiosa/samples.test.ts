import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { apiKeys } from '../../../src/domain/api-key/api-key.service';
import { audiences } from '../../../src/domain/audience/audience.service';
import { contacts } from '../../../src/domain/contact/contact.service';
import { testServer } from '../../support/server';
import { FuriosaClient, single } from './furiosa-client';

// The vendor's samples of code as they are printed; only their address and key are others.

const CURL = `curl -X POST https://app.furiosacrm.com/api/v1/contacts \\
-H "Authorization: Bearer fcrm_pk_your_key_here" \\
-H "Content-Type: application/json" \\
-d '{
"audience_id": 5,
"email": "jane@example.com",
"first_name": "Jane"
}'`;

const PHP = `$ch = curl_init('https://app.furiosacrm.com/api/v1/contacts');
curl_setopt_array($ch, [
CURLOPT_POST => true,
CURLOPT_RETURNTRANSFER => true,
CURLOPT_HTTPHEADER => [
'Authorization: Bearer fcrm_pk_your_key_here',
'Content-Type: application/json',
],
CURLOPT_POSTFIELDS => json_encode([
'audience_id' => 5,
'email' => 'jane@example.com',
'first_name' => 'Jane',
]),
]);
$response = curl_exec($ch);
$data = json_decode($response, true);
curl_close($ch);`;

const PYTHON = `import requests
response = requests.post(
'https://app.furiosacrm.com/api/v1/contacts',
headers={
'Authorization': 'Bearer fcrm_pk_your_key_here',
'Content-Type': 'application/json',
},
json={
'audience_id': 5,
'email': 'jane@example.com',
'first_name': 'Jane',
}
)
data = response.json()
print(data)`;

const NODE = `const response = await fetch(
'https://app.furiosacrm.com/api/v1/contacts',
{
method: 'POST',
headers: {
'Authorization': 'Bearer fcrm_pk_your_key_here',
'Content-Type': 'application/json',
},
body: JSON.stringify({
audience_id: 5,
email: 'jane@example.com',
first_name: 'Jane',
}),
}
);
const data = await response.json();
console.log(data);`;

const run = promisify(execFile);
/** A test, skipped where the program of the sample is not installed. */
const testWith = (program: string, ...parameters: string[]) =>
  spawnSync(program, parameters).status === 0 ? test : test.skip;

let client: FuriosaClient;
let origin: string;
let key: string;

beforeAll(async () => {
  origin = await (await testServer()).listen();
});

beforeEach(async () => {
  client = await FuriosaClient.open();
  key = (await apiKeys.create(client.ctx, { name: 'sample', prefix: 'fcrm_pk' })).key;
  const { id } = await audiences.create(client.ctx, { name: 'Newsletter' });
  await client.ctx.query('update audience set number = 5 where account_id = $1 and id = $2', [
    ...[client.ctx.account.id, id],
  ]);
});

const mine = (sample: string) =>
  sample.replace('https://app.furiosacrm.com', origin).replace('fcrm_pk_your_key_here', key);

/** The contact that the sample has made; there is no other. */
async function made(): Promise<{ id: number; data: object }> {
  const { records } = await contacts.records(client.ctx, { audienceId: 5 }, { limit: 10, offset: 0 });
  expect(records).toMatchObject([
    { email: 'jane@example.com', firstName: 'Jane', lastName: '', phone: null },
  ]);
  const id = records[0]?.number as number;
  const fields = { id, audience_id: 5, email: 'jane@example.com', first_name: 'Jane' };
  return { id, data: client.contact(fields) };
}

testWith('curl', '--version')('cURL', async () => {
  const { stdout } = await run('bash', ['-c', mine(CURL)]);
  expect(JSON.parse(stdout)).toEqual(await made());
});

testWith(
  'python3',
  '-c',
  'import requests',
)('Python', async () => {
  const { stdout } = await run('python3', ['-c', mine(PYTHON)]);
  // What Python prints is JSON but for its quotes and its word for null.
  expect(JSON.parse(stdout.replaceAll("'", '"').replaceAll('None', 'null'))).toEqual(await made());
});

test('JavaScript (Node.js)', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', mine(NODE)]);
  const { id, data } = await made();
  const printed = new Function(`return (${stdout});`)();
  expect(printed).toEqual({ id, data });
});

testWith(
  'php',
  '-r',
  'curl_init();',
)('PHP', async () => {
  const { stdout } = await run('php', ['-r', `${mine(PHP)} echo json_encode($data);`]);
  expect(JSON.parse(stdout)).toEqual(await made());
});

test('PHP, by what it sends', async () => {
  const [, path = ''] = /'https:\/\/app\.furiosacrm\.com([^']+)'/.exec(PHP) ?? [];
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: '{"audience_id":5,"email":"jane@example.com","first_name":"Jane"}',
  });
  const { data } = await made();
  expect({ status: response.status, body: await response.json() }).toEqual(single(201, data));
});
