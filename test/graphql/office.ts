import type { SessionTokens } from '../../src/domain/agent/agent-session.service';
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

/** The GraphQL door for three agents of one account: Ann, Bob, and the boss, who is an admin. */
export class Office {
  private phones = 1000;

  private constructor(
    private readonly door: Door,
    readonly account: TestAccount,
    readonly ann: SessionTokens,
    readonly bob: SessionTokens,
    readonly boss: SessionTokens,
  ) {}

  static async open(): Promise<Office> {
    const door = await Door.open();
    const account = await openTestAccount({ clock: door.clock });
    const ann = await signedInAgent(account, 'ann');
    const bob = await signedInAgent(account, 'bob');
    const boss = await signedInAgent(account, 'boss', { role: 'admin' });
    return new Office(door, account, ann, bob, boss);
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
      (await leads.create(this.account.ctx, { phone: this.newPhone(), ...values })).id;
    const [ann, bob] = [this.ann.agent.id, this.bob.agent.id];
    return {
      owned: await create({ firstName: 'Owned', ownerId: ann }),
      assigned: await create({ firstName: 'Assigned', ownerId: bob, assigneeId: ann }),
      others: await create({ firstName: 'Others', ownerId: bob }),
      nobodys: await create({ firstName: 'Nobodys' }),
    };
  }

  /** The data of an operation that must succeed. */
  as<Data = Record<string, Values>>(
    { accessToken }: Pick<SessionTokens, 'accessToken'>,
    text: string,
    variables: Values = {},
  ): Promise<Data> {
    return this.door.run<Data, Values>(accessToken, text, variables);
  }

  /** The error of an operation that must fail and change nothing. */
  async refusal({ accessToken }: SessionTokens, text: string, variables: Values = {}) {
    const { message, extensions } = await withoutChange(this.account, () =>
      this.door.fail(accessToken, text, variables),
    );
    return { message, code: extensions?.code };
  }
}
