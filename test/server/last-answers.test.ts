import { startTestServer, type TestServer } from '../support/server';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  server.app.get('/fails', async () => {
    throw new Error('relation "lead" does not exist');
  });
});
afterAll(() => server.close());

test('a body that cannot be read, where no door is, is refused without the name of a library', async () => {
  const response = await server.app.inject({
    ...{
      method: 'QUERY' as 'POST',
      url: '/api/v1/usage%2F',
      headers: { 'content-type': 'application/json' },
    },
    payload: '00',
  });
  expect({ status: response.statusCode, body: response.json() }).toEqual({
    status: 400,
    body: {
      ...{ statusCode: 400, error: 'Bad Request' },
      message: "Body is not valid JSON but content-type is set to 'application/json'",
    },
  });
});

test('a packed body, where no door is, is refused as anywhere', async () => {
  const response = await server.app.inject({
    ...{ method: 'GET', url: '/api/v1/integrations%2F', headers: { 'content-encoding': 'nonsense' } },
  });
  expect({ status: response.statusCode, body: response.json() }).toEqual({
    status: 400,
    body: {
      ...{ statusCode: 400, error: 'Bad Request' },
      message: 'Send the body as it is, without the content-encoding nonsense.',
    },
  });
});

test('what fails there is logged, and not told', async () => {
  const response = await server.app.inject({ method: 'GET', url: '/fails' });
  expect({ status: response.statusCode, body: response.json() }).toEqual({
    status: 500,
    body: { statusCode: 500, error: 'Internal Server Error', message: 'Internal server error' },
  });
  expect(server.logged).toContainEqual(
    expect.objectContaining({
      level: 50,
      err: expect.objectContaining({ message: 'relation "lead" does not exist' }),
    }),
  );
});
