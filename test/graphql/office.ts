import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
import type { Context } from '../../src/domain/context';
import { leads } from '../../src/domain/lead/lead.service';
import { openTestAccount, type TestAccount } from '../support/account';
import { withoutChange } from '../support/account-state';
import { signedInAgent } from '../support/agent-session';
import { Door } from './door';

/** Values by name. */
export type Values = Record<string, unknown>;

/** Ids of leads by what they are to Ann. */
export type LeadIds = Record<'owned' | 'assigned' | 'others' | 'nobodys', string>;

/** What is said of another agent's lead. */
export const FORBIDDEN_LEAD = { message: 'This lead is another agent’s.', code: 'FORBIDDEN' };

type Name = 'ann' | 'bob' | 'boss';

/** The GraphQL door for three agents of one account: Ann, Bob, and the boss, who is an admin. */
export class Office {
  private phones = 1000;

  private constructor(
    private readonly door: Door,
    private readonly account: TestAccount,
    private readonly sessions: Record<Name, SessionTokens>,
  ) {}

  static async open(): Promise<Office> {
    const door = await Door.open();
    const account = await openTestAccount({ clock: door.clock });
    return new Office(door, account, {
      ann: await signedInAgent(account, 'ann'),
      bob: await signedInAgent(account, 'bob'),
      boss: await signedInAgent(account, 'boss', { role: 'admin' }),
    });
  }

  get ctx(): Context {
    return this.account.ctx;
  }

  idOf(name: Name): string {
    return this.sessions[name].agent.id;
  }

  close(): Promise<void> {
    return this.door.close();
  }

  /** A number that nobody has. */
  newPhone(): string {
    this.phones += 1;
    return `+1202555${this.phones}`;
  }

  /** A lead of each kind. */
  async newLeads(): Promise<LeadIds> {
    const create = async (values: object) =>
      (await leads.create(this.ctx, { phone: this.newPhone(), ...values })).id;
    const [ann, bob] = [this.idOf('ann'), this.idOf('bob')];
    return {
      owned: await create({ firstName: 'Owned', ownerId: ann }),
      assigned: await create({ firstName: 'Assigned', ownerId: bob, assigneeId: ann }),
      others: await create({ firstName: 'Others', ownerId: bob }),
      nobodys: await create({ firstName: 'Nobodys' }),
    };
  }

  /** The data of an operation that must succeed, of an agent or of a program with the key of the account. */
  as<Data = Record<string, Values>>(
    name: Name | 'program',
    text: string,
    variables: Values = {},
  ): Promise<Data> {
    const token = name === 'program' ? this.account.key : this.sessions[name].accessToken;
    return this.door.run<Data, Values>(token, text, variables);
  }

  /** The error of an operation that must fail and change nothing. */
  async refusal(name: Name, text: string, variables: Values = {}) {
    const { message, extensions } = await withoutChange(this.account, () =>
      this.door.fail(this.sessions[name].accessToken, text, variables),
    );
    return { message, code: extensions?.code };
  }
}
