import type { Agent } from '../../../src/domain/agent/agent.entity';
import { agents } from '../../../src/domain/agent/agent.service';
import type { Context } from '../../../src/domain/context';
import type { Team } from '../../../src/domain/team/team.entity';
import { teamMembers, teams } from '../../../src/domain/team/team.service';

const MICHAEL = { firstName: 'Michael', lastName: 'Scott', email: 'michael@dundermifflin.com' };

/** The team of an account that calls are made by. */
export class MainTeam {
  private constructor(
    private readonly ctx: Context,
    private readonly team: Team,
  ) {}

  static async open(ctx: Context): Promise<MainTeam> {
    return new MainTeam(ctx, await teams.create(ctx, { name: 'Main Team' }));
  }

  get id(): string {
    return this.team.id;
  }

  get number(): number {
    return this.team.number;
  }

  /** Puts an agent into the team who can be rung at any time. */
  async hire(input: object = {}): Promise<Agent> {
    const agent = await agents.create(this.ctx, { ...MICHAEL, phone: '+14805550111', ...input });
    await teamMembers.create(this.ctx, { teamId: this.id, agentId: agent.id });
    return agent;
  }

  /** The documented request for a call of the team. */
  callRequest(input: object = {}): object {
    return {
      ...{ team_id: this.number, first_name: 'John', last_name: 'Doe', phone_number: '555-555-5555' },
      ...{ email: 'john@doe.com', company: "John's Pools", category: 'Pools' },
      ...{ source: 'HubSpot', crm_id: 123, ...input },
    };
  }
}
