import * as fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
import { Appointment } from '../../src/domain/appointment/appointment.entity';
import { CalendarEvent } from '../../src/domain/calendar-event/calendar-event.entity';
import { Call } from '../../src/domain/call/call.entity';
import { Chat } from '../../src/domain/chat/chat.entity';
import { ChatMessage } from '../../src/domain/chat/chat-message.entity';
import { Contact } from '../../src/domain/contact/contact.entity';
import { Email } from '../../src/domain/email/email.entity';
import { InboundEmail } from '../../src/domain/email/inbound-email.entity';
import { ENTITIES } from '../../src/domain/entities';
import { nounOf } from '../../src/domain/entity';
import { Lead } from '../../src/domain/lead/lead.entity';
import { leads } from '../../src/domain/lead/lead.service';
import { Note } from '../../src/domain/note/note.entity';
import { PhoneNumber } from '../../src/domain/phone-number/phone-number.entity';
import { SmsMessage } from '../../src/domain/sms-message/sms-message.entity';
import { CaseEntry } from '../../src/domain/support-case/case-entry.entity';
import { SupportCase } from '../../src/domain/support-case/support-case.entity';
import { teams } from '../../src/domain/team/team.service';
import { buildApiSchema } from '../../src/graphql/schema';
import { openTestAccount, type TestAccount } from '../support/account';
import { signedInAgent } from '../support/agent-session';
import { Door } from './door';

type Page = { totalCount: number; nodes: { id: string }[] };

const schema = buildApiSchema();
/** Stands in every record that the agent must not see. */
const SECRET = 'SECRET';
const HOUR = 3_600_000;

let door: Door;
let account: TestAccount;
let ann: SessionTokens;
let bob: SessionTokens;
let phoneNumberId: string;
let teamIds: Record<'ann' | 'bob', string>;

beforeAll(async () => {
  door = await Door.open({ maxCost: 1_000_000_000 });
  account = await openTestAccount({ clock: door.clock });
  [ann, bob] = [await signedInAgent(account, 'ann'), await signedInAgent(account, 'bob')];
  const team = async (agent: SessionTokens['agent']) => {
    const { id } = await teams.create(account.ctx, { name: agent.firstName });
    await teams.setAgents(account.ctx, id, [agent.id]);
    return id;
  };
  teamIds = { ann: await team(ann.agent), bob: await team(bob.agent) };
  await account.ctx.transaction(async (tx) => {
    phoneNumberId = (await tx.repo(PhoneNumber).insert({ phone: '+12025559999' })).id;
  });
});
afterAll(() => door.close());

/** Whether a type is of a noun that agents may not read. */
function isForAdmins({ name }: GraphQLObjectType): boolean {
  const isIt = (noun: { name: string }) => noun.name === name.charAt(0).toLowerCase() + name.slice(1);
  return ENTITIES.map((entity) => nounOf(entity)).some(isIt) && !NOUNS.some(isIt);
}

/** Everything that a type shows, its relations two levels deep. */
function everything(type: GraphQLObjectType, depth: number): string {
  const parts = Object.values(type.getFields()).flatMap((field: GraphQLField<unknown, unknown>) => {
    const inner = getNamedType(field.type);
    if (isLeafType(inner)) return [field.name];
    if (!isObjectType(inner) || (depth === 0 && field.resolve) || isForAdmins(inner)) return [];
    const size = field.args.some(({ name }) => name === 'first') ? '(first: 100)' : '';
    return [`${field.name}${size} { ${everything(inner, depth - 1)} }`];
  });
  return parts.join(' ');
}

/** The nouns that agents may read, with the fields at the root that show one or a list. */
const NOUNS = ENTITIES.map((entity) => nounOf(entity)).filter(({ plural }) => {
  const readable = ['agents', 'appointments', 'calendarEvents', 'calls', 'feeds', 'leads', 'notes'];
  const helpDesk = ['caseEntries', 'chatMessages', 'chats', 'contacts', 'emails', 'inboundEmails'];
  return [
    ...[...readable, 'phoneNumbers', 'smsMessages', 'tags', 'teamMembers', 'teams'],
    ...[...helpDesk, 'supportCases', 'templates'],
  ].includes(plural);
});

const owner = fc.constantFrom('ann', 'bob', null);
const world = fc.array(fc.record({ owner, assignee: owner, author: owner, attendee: owner, caller: owner }), {
  minLength: 1,
  maxLength: 6,
});
type LeadPlan = Record<'owner' | 'assignee' | 'author' | 'attendee' | 'caller', 'ann' | 'bob' | null>;
const worker = fc.constantFrom('ann', 'bob');
const helpDesk = fc.array(fc.record({ worker, team: worker, answerer: owner, answering: owner }), {
  minLength: 1,
  maxLength: 6,
});
interface CasePlan {
  worker: 'ann' | 'bob';
  team: 'ann' | 'bob';
  answerer: 'ann' | 'bob' | null;
  answering: 'ann' | 'bob' | null;
}

const expected: Record<string, Set<string>> = {};
const expectIn = (plural: string, id: string, isSeen: boolean) => {
  expected[plural] ??= new Set();
  if (isSeen) expected[plural].add(id);
};

let made = 0;

/** Makes a lead with one record of every kind under it, and notes down which of them Ann is to see. */
async function build(plan: LeadPlan): Promise<void> {
  const idOf = (who: 'ann' | 'bob' | null) => who && (who === 'ann' ? ann : bob).agent.id;
  const isOwn = plan.owner === 'ann' || plan.assignee === 'ann';
  const word = (isSeen: boolean) => (isSeen ? 'open' : SECRET);
  made += 1;
  const lead = await leads.create(account.ctx, {
    ...{ phone: `+1202${5_550_000 + made}`, firstName: word(isOwn), comments: word(isOwn) },
    ...{ ownerId: idOf(plan.owner), assigneeId: idOf(plan.assignee) },
  });
  const startsAt = new Date(door.clock.at.getTime() + made * HOUR);
  const times = {
    startsAt: startsAt.toISOString(),
    endsAt: new Date(startsAt.getTime() + HOUR / 2).toISOString(),
  };
  await account.ctx.transaction(async (tx) => {
    const under = { leadId: lead.id };
    const seen = {
      call: isOwn || plan.caller === 'ann',
      appointment: isOwn || plan.attendee === 'ann',
      note: isOwn || plan.author === 'ann',
    };
    const call = await tx
      .repo(Call)
      .insert({ ...under, agentId: idOf(plan.caller), transcript: word(seen.call) });
    const onCall = seen.call || plan.author === 'ann';
    const author = { authorId: idOf(plan.author) };
    const rows = {
      leads: [lead, isOwn],
      calls: [call, seen.call],
      appointments: [
        await tx
          .repo(Appointment)
          .insert({ ...under, ...times, agentId: idOf(plan.attendee), note: word(seen.appointment) }),
        seen.appointment,
      ],
      smsMessages: [
        await tx.repo(SmsMessage).insert({
          ...{ ...under, phoneNumberId, phone: lead.phone, body: word(isOwn) },
          ...{ direction: 'outbound', status: 'sent' },
        }),
        isOwn,
      ],
      calendarEvents: [
        await tx.repo(CalendarEvent).insert({ ...under, ...times, title: word(isOwn), attendees: [] }),
        isOwn,
      ],
    } as const;
    for (const [plural, [row, isSeen]] of Object.entries(rows)) expectIn(plural, row.id, isSeen);
    const onLead = await tx.repo(Note).insert({ ...under, ...author, body: word(seen.note) });
    expectIn('notes', onLead.id, seen.note);
    const ofCall = await tx.repo(Note).insert({ callId: call.id, ...author, body: word(onCall) });
    expectIn('notes', ofCall.id, onCall);
  });
}

/** Makes a case with one record of every kind under it, and a chat beside it, and notes down which Ann is to see. */
async function buildCase({ worker, team, answerer, answering }: CasePlan): Promise<void> {
  const isSeen = [worker, team].includes('ann');
  const isChatSeen = [answerer, answering].includes('ann');
  const word = (isIt: boolean) => (isIt ? 'open' : SECRET);
  const teamId = (who: 'ann' | 'bob' | null) => who && teamIds[who];
  const agentId = (who: 'ann' | 'bob' | null) => who && (who === 'ann' ? ann : bob).agent.id;
  await account.ctx.transaction(async (tx) => {
    const person = async (isIt: boolean) => tx.repo(Contact).insert({ firstName: word(isIt), lastName: '' });
    const [asker, talker] = [await person(isSeen), await person(isChatSeen)];
    made += 1;
    const one = await tx.repo(SupportCase).insert({
      ...{ caseNumber: `BCDF${1000 + made}`, summary: word(isSeen), details: word(isSeen), openedBy: 'x' },
      ...{ teamId: teamIds[team], agentId: agentId(worker) as string, contactId: asker.id },
      ...{ openedAt: tx.instant(), assignedAt: tx.instant() },
    });
    const email = (text: string) =>
      tx.repo(Email).insert({
        ...{ direction: 'inbound', status: 'received', to: [], cc: [], bcc: [], references: [] },
        ...{ subject: text, attempts: 0 },
      });
    const [ofCase, queued] = [await email(word(isSeen)), await email(SECRET)];
    const under = { caseId: one.id };
    const chat = (isIt: boolean, values: object) =>
      tx.repo(Chat).insert({ title: word(isIt), platform: 'x', clientName: word(isIt), ...values });
    const chats = [
      [await chat(isSeen, under), isSeen],
      [
        await chat(isChatSeen, {
          ...{ agentId: agentId(answerer), teamId: teamId(answering), contactId: talker.id },
        }),
        isChatSeen,
      ],
    ] as const;
    for (const [{ id }, isIt] of chats) {
      expectIn('chats', id, isIt);
      const said = { chatId: id, sender: 'client', senderName: '', body: word(isIt) } as const;
      expectIn('chatMessages', (await tx.repo(ChatMessage).insert(said)).id, isIt);
    }
    const entry = await tx.repo(CaseEntry).insert({
      ...{ ...under, kind: 'email', title: word(isSeen), body: word(isSeen), emailId: ofCase.id },
      ...{ authorKind: 'contact', authorName: word(isSeen), contactId: asker.id },
    });
    const inbound = (email: Email, status: 'assigned' | 'unassigned', values: object = {}) =>
      tx
        .repo(InboundEmail)
        .insert({ status, emailId: email.id, fingerprint: email.id, attachments: [], ...values });
    const mails = [await inbound(ofCase, 'assigned', under), await inbound(queued, 'unassigned')];
    const rows: [string, { id: string } | undefined, boolean][] = [
      ['supportCases', one, isSeen],
      ['caseEntries', entry, isSeen],
      ['contacts', asker, isSeen],
      ['contacts', talker, isChatSeen],
      ['emails', ofCase, isSeen],
      ['emails', queued, false],
      ['inboundEmails', mails[0], isSeen],
      ['inboundEmails', mails[1], false],
    ];
    for (const [plural, row, isIt] of rows) expectIn(plural, row?.id ?? '', isIt);
  });
}

test('whoever owns and works the leads and cases of an account, no query at the root shows an agent those of others', async () => {
  const texts = NOUNS.map(({ name, plural }) => {
    const type = schema.getType(name.charAt(0).toUpperCase() + name.slice(1)) as GraphQLObjectType;
    return { plural, text: `{ ${plural}(first: 100) { totalCount nodes { ${everything(type, 2)} } } }` };
  });
  expect(NOUNS).toHaveLength(20);
  // The worlds may have none that Ann must not see.
  await build({ owner: 'bob', assignee: 'bob', author: 'bob', attendee: 'bob', caller: 'bob' });
  await buildCase({ worker: 'bob', team: 'bob', answerer: 'bob', answering: 'bob' });
  await fc.assert(
    fc.asyncProperty(world, helpDesk, async (plans, casePlans) => {
      for (const plan of plans) await build(plan);
      for (const plan of casePlans) await buildCase(plan);
      for (const { plural, text } of texts) {
        const data = await door.run<Record<string, Page>, object>(ann.accessToken, text);
        expect(JSON.stringify(data)).not.toContain(SECRET);
        const wanted = expected[plural];
        if (!wanted) continue;
        const page = data[plural] as Page;
        expect({ plural, totalCount: page.totalCount }).toEqual({ plural, totalCount: wanted.size });
        expect(page.nodes.filter(({ id }) => !wanted.has(id))).toEqual([]);
      }
    }),
    { numRuns: 5 },
  );
  const hidden = await account.ctx
    .repo(Lead)
    .slice({ filter: { firstName: { eq: SECRET } }, limit: 100, offset: 0 });
  expect(hidden.length).toBeGreaterThan(0);
  for (const { id } of hidden) {
    expect((await door.fail(ann.accessToken, `{ lead(id: "${id}") { id } }`)).message).toBe('Lead not found');
  }
  const search = `{ searchSupportCases(text: "secret") { totalCount } searchContacts(text: "secret") { totalCount }
    unassignedEmails { totalCount } }`;
  expect(await door.run(ann.accessToken, search)).toEqual({
    searchSupportCases: { totalCount: 0 },
    searchContacts: { totalCount: 0 },
    unassignedEmails: { totalCount: 0 },
  });
});

/** The plainest query of a field at the root. */
function plainQuery({ name, type, args }: GraphQLField<unknown, unknown>): string {
  const required = args
    .filter((argument) => isRequiredArgument(argument))
    .map((argument) => `${argument.name}: "x"`);
  const given = required.length > 0 ? `(${required.join(', ')})` : '';
  return `{ ${name}${given} ${isLeafType(getNamedType(type)) ? '' : '{ __typename }'} }`;
}

test('every other query at the root is refused to an agent', async () => {
  const searches = ['searchContacts', 'searchSupportCases', 'supportCaseByNumber', 'unassignedEmails'];
  // What an operation would cost is told to everybody: it reads no records.
  const covered = new Set([
    ...searches,
    'agentSchedule',
    'explainCost',
    ...NOUNS.flatMap(({ name, plural }) => [name, plural]),
  ]);
  const others = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ name }) => !covered.has(name),
  );
  expect(others.length).toBeGreaterThan(5);
  for (const field of others) {
    const { extensions } = await door.fail(ann.accessToken, plainQuery(field));
    expect({ name: field.name, code: extensions?.code }).toEqual({ name: field.name, code: 'FORBIDDEN' });
  }
});
