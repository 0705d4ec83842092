// What most tutorials build: Express, Apollo Server, type-graphql, and TypeORM entities from loaders.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@as-integrations/express5';
import DataLoader from 'dataloader';
import express from 'express';
import {
  Arg,
  buildSchema,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { Column, DataSource, Entity, In, IsNull, LessThan, PrimaryColumn } from 'typeorm';
import { ACCOUNT_ID, DATABASE_URL, listen, POOL_SIZE } from './listen.mjs';

enum CallStatus {
  RINGING = 'ringing',
  IN_PROGRESS = 'in_progress',
  OFFLINE = 'offline',
  MISSED = 'missed',
  COMPLETED = 'completed',
  IGNORED = 'ignored',
  BUSY = 'busy',
  ERROR = 'error',
}
registerEnumType(CallStatus, { name: 'CallStatus' });

@ObjectType()
abstract class Row {
  @PrimaryColumn('uuid', { name: 'account_id' })
  accountId!: string;

  @Field(() => ID)
  @PrimaryColumn('uuid')
  id!: string;
}

@ObjectType()
@Entity()
class Team extends Row {
  @Field(() => String)
  @Column('text')
  name!: string;
}

@ObjectType()
@Entity()
class Agent extends Row {
  @Field(() => String)
  @Column('text', { name: 'first_name' })
  firstName!: string;

  @Field(() => String)
  @Column('text', { name: 'last_name' })
  lastName!: string;
}

@ObjectType()
@Entity()
class Note extends Row {
  @Column('uuid', { name: 'lead_id' })
  leadId!: string;

  @Field(() => String)
  @Column('text')
  body!: string;

  @Field(() => Date)
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}

@ObjectType()
@Entity()
class Call extends Row {
  @Column('uuid', { name: 'lead_id' })
  leadId!: string;

  @Column('uuid', { name: 'agent_id', nullable: true })
  agentId!: string | null;

  @Field(() => CallStatus)
  @Column('text')
  status!: CallStatus;

  @Field(() => Int, { nullable: true })
  @Column('int', { nullable: true })
  seconds!: number | null;

  @Field(() => Date, { nullable: true })
  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt!: Date | null;
}

@ObjectType()
@Entity()
class Appointment extends Row {
  @Column('uuid', { name: 'lead_id' })
  leadId!: string;

  @Field(() => Date)
  @Column('timestamptz', { name: 'starts_at' })
  startsAt!: Date;

  @Field(() => Date)
  @Column('timestamptz', { name: 'ends_at' })
  endsAt!: Date;
}

@ObjectType()
@Entity()
class Lead extends Row {
  @Column('uuid', { name: 'feed_id' })
  feedId!: string;

  @Column('uuid', { name: 'team_id', nullable: true })
  teamId!: string | null;

  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  @Column('text', { name: 'first_name' })
  firstName!: string;

  @Column('text', { name: 'last_name' })
  lastName!: string;

  @Field(() => String)
  @Column('text')
  phone!: string;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  email!: string | null;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  stage!: string | null;

  @Field(() => Date)
  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;
}

@ObjectType()
class LeadConnection {
  @Field(() => [Lead])
  nodes!: Lead[];
}

@InputType()
class CreateLeadInput {
  @Field(() => String)
  firstName!: string;

  @Field(() => String)
  lastName!: string;

  @Field(() => String)
  phone!: string;

  @Field(() => String)
  email!: string;
}

const source = new DataSource({
  ...{ type: 'postgres', url: DATABASE_URL, poolSize: POOL_SIZE, installExtensions: false },
  entities: [Team, Agent, Note, Call, Appointment, Lead],
});

const one = <T extends Team | Agent>(entity: new () => T) =>
  new DataLoader<string, T | null>(async (ids) => {
    const where = { accountId: ACCOUNT_ID, id: In([...ids]) };
    const byId = new Map((await source.manager.find(entity, { where } as never)).map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id) ?? null);
  });

const many = <T extends Note | Call | Appointment>(entity: new () => T) =>
  new DataLoader<string, T[]>(async (ids) => {
    const where = { accountId: ACCOUNT_ID, leadId: In([...ids]) };
    const rows = await source.manager.find(entity, { where, order: { id: 'DESC' } } as never);
    const byLead = new Map<string, T[]>(ids.map((id) => [id, []]));
    for (const row of rows) byLead.get(row.leadId)?.push(row);
    return ids.map((id) => byLead.get(id) ?? []);
  });

const loaders = () => ({
  team: one(Team),
  agent: one(Agent),
  notes: many(Note),
  calls: many(Call),
  appointments: many(Appointment),
});
type Loaders = ReturnType<typeof loaders>;

@Resolver(() => Lead)
class LeadResolver {
  @Query(() => LeadConnection)
  async leads(
    @Arg('first', () => Int) take: number,
    @Arg('after', () => ID) after: string,
  ): Promise<LeadConnection> {
    const where = { accountId: ACCOUNT_ID, id: LessThan(after), deletedAt: IsNull() };
    return { nodes: await source.manager.find(Lead, { where, order: { id: 'DESC' }, take }) };
  }

  @Query(() => Lead, { nullable: true })
  lead(@Arg('id', () => ID) id: string): Promise<Lead | null> {
    return source.manager.findOneBy(Lead, { accountId: ACCOUNT_ID, id, deletedAt: IsNull() });
  }

  @Mutation(() => Lead)
  async createLead(@Arg('input', () => CreateLeadInput) input: CreateLeadInput): Promise<Lead> {
    const [{ id: feedId }] = await source.query('select id from feed where account_id = $1 and is_default', [
      ACCOUNT_ID,
    ]);
    const now = new Date();
    const keys = { id: randomUUID(), accountId: ACCOUNT_ID, feedId };
    return source.manager.save(Lead, { ...input, ...keys, createdAt: now, updatedAt: now });
  }

  @FieldResolver(() => String)
  name(@Root() { firstName, lastName }: Lead): string {
    return lastName === '' ? firstName : `${firstName} ${lastName}`;
  }

  @FieldResolver(() => Team, { nullable: true })
  team(@Root() { teamId }: Lead, @Ctx() { team }: Loaders) {
    return teamId && team.load(teamId);
  }

  @FieldResolver(() => Agent, { nullable: true })
  owner(@Root() { ownerId }: Lead, @Ctx() { agent }: Loaders) {
    return ownerId && agent.load(ownerId);
  }

  @FieldResolver(() => [Note])
  notes(@Root() { id }: Lead, @Ctx() { notes }: Loaders) {
    return notes.load(id);
  }

  @FieldResolver(() => [Call])
  calls(@Root() { id }: Lead, @Ctx() { calls }: Loaders) {
    return calls.load(id);
  }

  @FieldResolver(() => [Appointment])
  appointments(@Root() { id }: Lead, @Ctx() { appointments }: Loaders) {
    return appointments.load(id);
  }
}

@Resolver(() => Call)
class CallResolver {
  @FieldResolver(() => Agent, { nullable: true })
  agent(@Root() { agentId }: Call, @Ctx() { agent }: Loaders) {
    return agentId && agent.load(agentId);
  }
}

async function start(): Promise<void> {
  await source.initialize();
  const schema = await buildSchema({ resolvers: [LeadResolver, CallResolver], validate: false });
  const apollo = new ApolloServer<Loaders>({ schema });
  await apollo.start();
  const app = express();
  app.use('/graphql', express.json(), expressMiddleware(apollo, { context: async () => loaders() }));
  listen(createServer(app));
}

void start();
