import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import type { Agent } from '../../src/domain/agent/agent.entity';
import { agents } from '../../src/domain/agent/agent.service';
import type { Contact } from '../../src/domain/contact/contact.entity';
import { contacts } from '../../src/domain/contact/contact.service';
import type { Context } from '../../src/domain/context';
import { CaseEntry } from '../../src/domain/support-case/case-entry.entity';
import type { SupportCase } from '../../src/domain/support-case/support-case.entity';
import { supportCases } from '../../src/domain/support-case/support-case.service';
import type { Team } from '../../src/domain/team/team.entity';
import { teams } from '../../src/domain/team/team.service';
import { createHttpServer } from '../../src/server/http';
import { mountSupportRoutes } from '../../src/server/support/support-routes';
import { testVault } from './account';
import { eventsOf } from './account-state';
import { type MailBench, openMailBench } from './mailing';

/** An account with a help desk: a team of two, and somebody who asks. */
export interface Desk extends MailBench {
  team: Team;
  ann: Agent;
  bob: Agent;
  jane: Contact;
  /** Makes a case of the team with what is given. */
  open: (input?: object) => Promise<SupportCase>;
  /** The history of a case, oldest first. */
  history: (id: string) => Promise<CaseEntry[]>;
  /** Kind and title of each entry of it. */
  titles: (id: string) => Promise<[string, string | null][]>;
  /** Names of the case's events with what they changed, oldest first. */
  told: (id: string) => Promise<[string, string[]][]>;
}

async function historyOf(ctx: Context, caseId: string): Promise<CaseEntry[]> {
  const filter = { caseId: { eq: caseId } };
  return ctx
    .repo(CaseEntry)
    .slice({ filter, sort: { field: 'id', direction: 'asc' }, limit: 1000, offset: 0 });
}

/** Opens a help desk. */
export async function openDesk(): Promise<Desk> {
  const bench = await openMailBench();
  const { ctx } = bench;
  const ann = await agents.create(ctx, { firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example' });
  const bob = await agents.create(ctx, { firstName: 'Bob' });
  const team = await teams.create(ctx, { name: 'Help', replyAddress: 'help@acme.example' });
  await teams.setAgents(ctx, team.id, [ann.id, bob.id]);
  const jane = await contacts.create(ctx, { firstName: 'Jane', lastName: 'Doe', email: 'jane@example.com' });
  const asked = { summary: 'Printer on fire', details: 'It burns.', openedBy: 'Jane Doe' };
  return {
    ...{ ...bench, team, ann, bob, jane },
    open: (input = {}) =>
      supportCases.create(ctx, { ...asked, teamId: team.id, agentId: ann.id, contactId: jane.id, ...input }),
    history: (id) => historyOf(ctx, id),
    titles: async (id) => (await historyOf(ctx, id)).map(({ kind, title }) => [kind, title]),
    told: async (id) => {
      const events = await eventsOf(bench.account, 'support_case');
      return events
        .filter(({ subjectId }) => subjectId === id)
        .map(({ name, changes }) => [name.replace('support_case.', ''), Object.keys(changes).sort()]);
    },
  };
}

/** A server with what customers and mail servers may ask of the help desk. */
export async function serveDesk({ store, due }: Desk): Promise<FastifyInstance> {
  const app = createHttpServer({ logger: pino({ level: 'silent' }), isReady: () => store.isReady() });
  await mountSupportRoutes(app, { vault: testVault, contextOf: due.contextOf });
  return app;
}
