import { ObjectType } from 'type-graphql';
import { Entity } from 'typeorm';
import { type EntityClass, IdField, InstantField, IntField } from './field';
import { capitalize, snakeCase } from './text';

/** How a noun is called at every door. */
export interface Noun {
  /** `calendarEvent`: its GraphQL type is `CalendarEvent`, its events are `calendar_event.…`. */
  name: string;
  /** `calendarEvents`: its lists and its scopes `calendarEvents:read` and `calendarEvents:write`. */
  plural: string;
  /** `Calendar event`, for messages. */
  label: string;
  /**
   * The SQL condition that a row concerns the agent whose id stands at the placeholder, as its account's does at the
   * other: whether an agent who is no admin sees it and may change it. Such agents see every row of a noun that does
   * not say.
   */
  agentSees?: (agent: string, account: string) => string;
  /** It is a part of another noun, under whose scopes it is read: it has no events of its own. */
  isPart?: boolean;
  /** Parts of writing that have scopes of their own: `create` for `supportCases:create`. */
  writes?: readonly string[];
  /** What happens to one, by the verbs of its events (`lead.created`): the end of a sentence about it. */
  verbs: Readonly<Record<string, string>>;
}

/** What happens to every row that callers make, change and delete. */
export const ROW_VERBS = { created: 'was made', updated: 'was changed', deleted: 'was deleted' } as const;

const nounsByClass = new Map<EntityClass, Noun>();

/**
 * Declares a noun: its table, its GraphQL type, its scopes, and the verbs of its events, which are
 * {@link ROW_VERBS} when not given, and none for an entry of a log.
 */
export function NounEntity(
  about: string,
  { name, verbs, ...noun }: Omit<Noun, 'verbs'> & Partial<Pick<Noun, 'verbs'>>,
): ClassDecorator {
  return (target) => {
    const isLog = target.prototype instanceof LogEntity;
    nounsByClass.set(target as EntityClass, { name, verbs: verbs ?? (isLog ? {} : ROW_VERBS), ...noun });
    Entity({ name: snakeCase(name) })(target);
    ObjectType(capitalize(name), { description: about })(target);
  };
}

/** Every noun that is declared, without those that are parts of others. */
export function allNouns(): Noun[] {
  return [...nounsByClass.values()].filter(({ isPart }) => !isPart);
}

/** The names of a noun. */
export function nounOf(entity: EntityClass): Noun {
  const noun = nounsByClass.get(entity);
  if (!noun) throw new Error(`${entity.name} is not declared with @NounEntity`);
  return noun;
}

/** What every row of an account has; the primary key is (account_id, id), so that ids never cross accounts. */
@ObjectType()
export abstract class TenantEntity {
  @IdField('Identifier: a UUIDv7, so ids sort by the time of creation.', { write: 'never', sortable: true })
  id!: string;

  @IntField('Whole-number identifier, unique over the installation, for systems that need one.', {
    write: 'never',
    sortable: true,
  })
  number!: number;

  @IdField('The account that owns the row.', { write: 'never', filterable: false, hidden: true })
  accountId!: string;

  @InstantField('When it was made.', { write: 'never' })
  createdAt!: string;

  @InstantField('When it was last changed.', { write: 'never', sortable: true })
  updatedAt!: string;
}

/** A row that others refer to: deleted, it is kept for them but exists for nobody. */
@ObjectType()
export abstract class KeptEntity extends TenantEntity {
  @InstantField('When it was deleted.', { nullable: true, write: 'never', hidden: true, filterable: false })
  deletedAt!: string | null;
}

/** What names a row: its id, or as a JS number its whole-number identifier. */
export type RowRef = string | number;

/** What every row of an account has, whatever it is. */
export type AccountRow = Pick<TenantEntity, 'id' | 'accountId' | 'createdAt'>;

/** An entry of a log that the program writes: too many for whole numbers, and never changed by callers. */
@ObjectType()
export abstract class LogEntity implements AccountRow {
  @IdField('Identifier: a UUIDv7, so ids sort by the time of creation.', { write: 'never', sortable: true })
  id!: string;

  @IdField('The account that owns the entry.', { write: 'never', filterable: false, hidden: true })
  accountId!: string;

  @InstantField('When it was made.', { write: 'never' })
  createdAt!: string;
}
