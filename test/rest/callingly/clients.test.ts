import { accounts } from '../../../src/domain/account/account.service';
import { agents } from '../../../src/domain/agent/agent.service';
import { phoneNumbers } from '../../../src/domain/phone-number/phone-number.service';
import { issueKey } from '../../support/account';
import { eventsOf, withoutChange } from '../../support/account-state';
import { UNKNOWN_IDS } from '../../support/dialect-client';
import { CallinglyClient, NOT_FOUND, refused, unprocessable } from './callingly-client';

let agency: CallinglyClient;

const JOHN = {
  ...{ fname: 'John', lname: 'Smith', company: 'Smith Pools', email: 'client@email.com' },
  ...{ phone_number: '555-555-5555', password: 'password123' },
};
const SMITH_POOLS = {
  ...{ id: expect.any(Number), name: 'Smith Pools', email: 'client@email.com' },
  ...{ billed_users: 0, billed_numbers: 0, is_active: true },
};
const ONLY_AGENCIES = 'Only an agency has client accounts.';

beforeEach(async () => {
  agency = await CallinglyClient.open();
});

async function create(body: object = JOHN): Promise<number> {
  const { status, body: client } = await agency.post('/clients', body);
  expect(status).toBe(200);
  return client.id;
}

test('a client is an account of its own, and answers name, e-mail and billing e-mail', async () => {
  const answer = await agency.post('/clients', JOHN);
  expect(answer).toEqual({ status: 200, body: { ...SMITH_POOLS, billing_email: 'client@email.com' } });
  const id = answer.body.id;
  expect(await agency.get(`/clients?account_id=${id}`)).toEqual({
    status: 200,
    body: [{ ...SMITH_POOLS, id }],
  });
});

test.each<[string, object, string]>([
  ['the company', { company: ' Acme ' }, 'Acme'],
  ['the person, without a company', { company: undefined }, 'John Smith'],
  ['the person, with an empty company', { company: '' }, 'John Smith'],
  ['the person, with null', { company: null }, 'John Smith'],
  ['the first name, without the last', { company: undefined, lname: undefined }, 'John'],
])('it is named after %s', async (_, changes, name) => {
  const { body } = await agency.post('/clients', { ...JOHN, ...changes });
  expect(body.name).toBe(name);
});

test('only first name, e-mail and number are needed, and what is unknown is left out', async () => {
  const { fname, email, phone_number } = JOHN;
  const { status, body } = await agency.post('/clients', { fname, email, phone_number, plan: 'gold', id: 7 });
  expect({ status, name: body.name, isOther: body.id !== 7 }).toEqual({
    status: 200,
    name: 'John',
    isOther: true,
  });
});

test('the clients of an agency, newest first, with what is billed', async () => {
  const older = await create();
  const newer = await create({ ...JOHN, company: 'Acme' });
  const { ctx } = agency;
  const client = ctx.actingFor(await accounts.clientScope(ctx, older));
  await agents.create(client, { firstName: 'Ann' });
  await agents.create(client, { firstName: 'Bob', isActive: false });
  await phoneNumbers.create(client, { phone: '+12025550123' });
  expect(await agency.get('/clients')).toEqual({
    status: 200,
    body: [
      { ...SMITH_POOLS, id: newer, name: 'Acme' },
      { ...SMITH_POOLS, id: older, billed_users: 1, billed_numbers: 1 },
    ],
  });
});

test('where there are no clients the account itself is listed', async () => {
  const own = (account: CallinglyClient) => ({
    ...{ id: account.ctx.account.number, name: 'Test account', is_active: true },
    ...{ billed_users: 0, billed_numbers: 1 },
  });
  const standalone = new CallinglyClient(agency.server, await agency.server.openAccount('standalone'));
  expect(await agency.get('/clients')).toEqual({ status: 200, body: [own(agency)] });
  expect(await standalone.get('/clients')).toEqual({ status: 200, body: [own(standalone)] });
});

test.each<[unknown, boolean]>([
  ...[0, '0', false, 'false'].map((word) => [word, false] as [unknown, boolean]),
  ...[1, '1', true, 'true'].map((word) => [word, true] as [unknown, boolean]),
])('is_active %p', async (is_active, isActive) => {
  const id = await create();
  await agency.post(`/clients/${id}/active`, { is_active: !isActive });
  const answer = await agency.post(`/clients/${id}/active`, { is_active });
  expect(answer).toEqual({ status: 200, body: { success: true, ...SMITH_POOLS, id, is_active: isActive } });
  const seen = await agency.get(`/teams?account_id=${id}`);
  const refusal = refused(403, 'This key may not act for that account.');
  expect(seen).toEqual(isActive ? { status: 200, body: [] } : refusal);
});

test('the keys of a client work while it is active', async () => {
  const id = await create();
  const client = { ...agency.account, ctx: agency.ctx.actingFor(await accounts.clientScope(agency.ctx, id)) };
  // A key that was read is known for a moment, so each is a new one.
  const listed = async () => {
    const key = await issueKey(client);
    return new CallinglyClient(agency.server, { ...client, key }).get('/clients');
  };
  const own = { status: 200, body: [{ ...SMITH_POOLS, id }] };
  const unauthenticated = refused(401, 'Unauthenticated.');
  expect(await listed()).toEqual(own);
  await agency.post(`/clients/${id}/active`, { is_active: 0 });
  expect(await listed()).toEqual(unauthenticated);
  await agency.post(`/clients/${id}/active`, { is_active: 1 });
  expect(await listed()).toEqual(own);
  await agency.delete(`/clients/${id}`);
  expect(await listed()).toEqual(unauthenticated);
});

test('a client that is deleted is gone', async () => {
  const id = await create();
  expect(await agency.delete(`/clients/${id}`)).toEqual({ status: 200, body: { success: true } });
  expect((await agency.get('/clients')).body).toEqual([expect.objectContaining({ name: 'Test account' })]);
  await withoutChange(agency.account, async () => {
    expect(await agency.delete(`/clients/${id}`)).toEqual(NOT_FOUND);
    expect(await agency.post(`/clients/${id}/active`, { is_active: 1 })).toEqual(NOT_FOUND);
    expect((await agency.get(`/teams?account_id=${id}`)).status).toBe(403);
  });
});

test('what is another agency’s, or nobody’s, or the account itself, is not found', async () => {
  const id = await create();
  const other = await CallinglyClient.open();
  for (const ref of [id, other.ctx.account.number, UNKNOWN_IDS.integer, '99999999999', 'abc', '-1', '1.5']) {
    await withoutChange(agency.account, async () => {
      expect(await other.delete(`/clients/${ref}`)).toEqual(NOT_FOUND);
      expect(await other.post(`/clients/${ref}/active`, { is_active: 0 })).toEqual(NOT_FOUND);
    });
  }
  expect((await agency.get('/clients')).body).toEqual([{ ...SMITH_POOLS, id }]);
});

test('an account that is no agency has no clients', async () => {
  const standalone = new CallinglyClient(agency.server, await agency.server.openAccount('standalone'));
  await withoutChange(standalone.account, async () => {
    for (const answer of [
      await standalone.post('/clients', JOHN),
      await standalone.delete('/clients/1'),
      await standalone.post('/clients/1/active', { is_active: 1 }),
    ]) {
      expect(answer).toEqual(refused(403, ONLY_AGENCIES));
    }
  });
});

test.each<[string, unknown, string, string]>([
  ['no first name', { ...JOHN, fname: undefined }, 'fname', 'The fname field is required.'],
  ['an empty first name', { ...JOHN, fname: ' ' }, 'fname', 'The fname field is required.'],
  [
    'a number as first name',
    { ...JOHN, fname: 7 },
    'fname',
    'The fname must be a text of at most 100 characters.',
  ],
  ['no e-mail address', { ...JOHN, email: null }, 'email', 'The email field is required.'],
  ['a bad e-mail address', { ...JOHN, email: 'john' }, 'email', 'Email must be an e-mail address.'],
  ['no number', { ...JOHN, phone_number: undefined }, 'phone_number', 'The phone_number field is required.'],
  ['an empty number', { ...JOHN, phone_number: '' }, 'phone_number', 'The phone_number field is required.'],
  [
    'a bad number',
    { ...JOHN, phone_number: 'call me' },
    'phone_number',
    'The phone_number must be a phone number.',
  ],
  [
    'a long company',
    { ...JOHN, company: 'x'.repeat(101) },
    'company',
    'Name must be at most 100 characters long, not 101.',
  ],
])('%s is refused', async (_, body, field, message) => {
  const answer = await withoutChange(agency.account, () => agency.post('/clients', body));
  expect(answer).toEqual(unprocessable(field, message));
  expect((await agency.get('/clients')).body).toEqual([expect.objectContaining({ name: 'Test account' })]);
});

test('all that is wrong is told at once, the first of it as the message', async () => {
  expect(await agency.post('/clients', {})).toEqual(
    refused(422, 'The fname field is required.', {
      fname: ['The fname field is required.'],
      email: ['The email field is required.'],
      phone_number: ['The phone_number field is required.'],
    }),
  );
});

test.each([
  ['no flag', {}, 'The is_active field is required.'],
  ['null', { is_active: null }, 'The is_active field is required.'],
  ['another number', { is_active: 2 }, 'The is_active must be 0 or 1.'],
  ['another word', { is_active: 'yes' }, 'The is_active must be 0 or 1.'],
])('%s for is_active is refused', async (_, body, message) => {
  const id = await create();
  const answer = await withoutChange(agency.account, () => agency.post(`/clients/${id}/active`, body));
  expect(answer).toEqual(unprocessable('is_active', message));
  expect((await agency.get('/clients')).body).toEqual([{ ...SMITH_POOLS, id }]);
});

test('a key without the scope may not list, nor change', async () => {
  const id = await create();
  const key = await issueKey(agency.account, ['teams:read']);
  const limited = agency.withKey(key);
  await withoutChange(agency.account, async () => {
    expect(await limited.get('/clients')).toEqual(refused(403, 'This key lacks the scope accounts:read.'));
    for (const answer of [
      await limited.post('/clients', JOHN),
      await limited.delete(`/clients/${id}`),
      await limited.post(`/clients/${id}/active`, { is_active: 0 }),
    ]) {
      expect(answer).toEqual(refused(403, 'This key lacks the scope accounts:write.'));
    }
  });
});

test('a client that is made stands in its own change log', async () => {
  const id = await create();
  const ctx = agency.ctx.actingFor(await accounts.clientScope(agency.ctx, id));
  const [created] = await eventsOf({ ...agency.account, ctx }, 'account');
  expect(created).toMatchObject({ name: 'account.created', subjectId: ctx.account.id });
});
