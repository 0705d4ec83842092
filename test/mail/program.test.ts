import { openTestAccount } from '../support/account';
import { endChildren } from '../support/child';
import { freePort } from '../support/free-port';
import { type Gateway, startGateway } from '../support/gateway';
import { runGraphqlField } from '../support/graphql-client';
import { MailServer } from '../support/mail-server';
import { emptyQueues } from '../support/queues';
import { RawSocket } from '../support/raw-socket';

afterAll(() => endChildren());

test('the program as it is started sends a campaign through its mail server, tells of it, and unsubscribes by its link', async () => {
  await emptyQueues();
  const { key } = await openTestAccount();
  const server = await MailServer.start();
  const gateway: Gateway = await startGateway({
    ...{ ROLE: 'all', SMTP_URL: server.url, MAIL_FROM: 'Acme <news@acme.example>' },
    PORT: String(await freePort()),
  });
  const run = (query: string) =>
    runGraphqlField<{ id: string } & Record<string, unknown>>(gateway, key, query);
  const audience = await run('mutation { createAudience(input: { name: "A" }) { id } }');
  const contact = await run(
    `mutation { createContact(input: { audienceId: "${audience.id}", email: "ann@example.com" }) { id } }`,
  );
  const campaign = await run(
    `mutation { createCampaign(input: { audienceId: "${audience.id}", name: "N", subject: "S", text: "{{ unsubscribe_url }}" }) { id } }`,
  );
  const socket = await RawSocket.signedIn(gateway.port, key);
  const { id: since } = await run('{ changes(first: 100) { id: endCursor } }');
  const watch =
    'subscription ($since: String) { campaignSent(since: $since) { campaign { id metrics { sent } } } }';
  socket.subscribe('watch', watch, { since });
  await run(`mutation { sendCampaign(id: "${campaign.id}") { id } }`);
  const [sent] = await socket.takeResults<{ campaign: object }>(1);
  expect(sent).toEqual({ campaign: { id: campaign.id, metrics: { sent: 1 } } });
  const mail = await server.read();
  expect(mail.from?.text).toBe('"Acme" <news@acme.example>');
  const link = (mail.text ?? '').trim();
  expect(link).toMatch(new RegExp(`^http://localhost:${gateway.port}/u/v1\\.[\\w.-]+$`));
  const answer = await fetch(gateway.url + new URL(link).pathname, { method: 'POST' });
  expect([answer.status, await answer.text()]).toEqual([
    200,
    expect.stringContaining('gets no more messages'),
  ]);
  expect(await run(`{ contact(id: "${contact.id}") { id status } }`)).toMatchObject({
    status: 'UNSUBSCRIBED',
  });
  await socket.close();
  await gateway.kill();
  await server.stop();
});
