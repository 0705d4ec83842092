import { takeInboundMail } from '../../src/domain/email/inbound-take';
import type { Door } from '../graphql/door';
import { openTestAccount, type TestAccount } from './account';
import { signedInAgent } from './agent-session';
import { NOUNS, type Values } from './nouns';

/** An account with rows of every kind, and their ids. */
export interface WholeAccount extends TestAccount {
  idsByTable: ReadonlyMap<string, string[]>;
  /** The access token of an agent who is no admin. */
  token: string;
}

const TABLES = `
select one.table_name as "table" from information_schema.columns one
where one.table_schema = 'public' and one.column_name = 'id' and one.data_type = 'uuid' and exists (
  select from information_schema.columns other
  where other.table_schema = 'public' and other.table_name = one.table_name and other.column_name = 'account_id')`;

const FURTHER: [text: string, variables: (ids: Values) => Values][] = [
  [
    'mutation M($id: ID!) { createSupportCase(input: { teamId: $id, summary: "x", details: "x", openedBy: "x" }) { id } }',
    ({ team }) => ({ id: team }),
  ],
  [
    'mutation M($chatId: ID!) { addChatMessage(input: { chatId: $chatId, sender: CLIENT, body: "x" }) { id } }',
    ({ chat }) => ({ chatId: chat }),
  ],
  ['mutation M($id: ID!) { testWebhook(id: $id) { id } }', ({ webhook }) => ({ id: webhook })],
  ['mutation { sendEmail(input: { to: ["a@example.com"], subject: "x", text: "x" }) { id } }', () => ({})],
  [
    'mutation { sendSms(input: { from: "+12025550101", phone: "+12025550100", message: "x" }) { id } }',
    () => ({}),
  ],
];

const NAMED = ['name', 'title', 'firstName', 'summary', 'body'];

async function fill({ ctx, key }: TestAccount, door: Door, word: string): Promise<void> {
  const ids: Values = {};
  for (const { noun, create } of NOUNS) {
    const input = { ...create(ids) };
    for (const name of NAMED) if (name in input) input[name] = word;
    ids[noun] = await door.make(key, noun, input);
  }
  for (const [text, variables] of FURTHER) await door.run<Values, Values>(key, text, variables(ids));
  await takeInboundMail(ctx, {
    ...{ hash: word, messageId: `<${word}@example.com>`, subject: word, text: word },
    ...{ from: { address: 'bill@example.com', name: word }, to: ['help@acme.example'], cc: [] },
    ...{ html: null, inReplyTo: null, references: [], replyTo: null, attachments: [], isAutomatic: false },
  });
}

/** Fills an account with rows of every kind, in which the word stands. */
export async function wholeAccount(door: Door, word: string, account?: TestAccount): Promise<WholeAccount> {
  const whole = account ?? (await openTestAccount());
  const { ctx } = whole;
  await fill(whole, door, word);
  const { accessToken } = await signedInAgent(whole, `agent-${word}`, { role: 'agent' });
  const idsByTable = new Map([['account', [ctx.account.id]]]);
  for (const { table } of await ctx.query<{ table: string }>(TABLES, [])) {
    const text = `select id from "${table}" where account_id = $1 order by id`;
    const rows = await ctx.query<{ id: string }>(text, [ctx.account.id]);
    if (rows.length > 0)
      idsByTable.set(
        table,
        rows.map(({ id }) => id),
      );
  }
  return { ...whole, idsByTable, token: accessToken };
}
