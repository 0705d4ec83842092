import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { snakeCase } from '../../src/domain/text';

/** A place of a root field that takes the id of a record: the argument, and the fields of inputs on the way. */
export interface IdPlace {
  field: GraphQLField<unknown, unknown>;
  path: string[];
  /** `createLead(input.ownerId)`. */
  title: string;
}

/** Every place of a root type that takes an id. */
export function idPlacesOf(schema: GraphQLSchema, root: 'Query' | 'Mutation' | 'Subscription'): IdPlace[] {
  const fields = Object.values(schema.getRootType(root.toLowerCase() as never)?.getFields() ?? {});
  return fields.flatMap((field) => {
    const paths = field.args.flatMap(({ name, type }) => pathsIn(type, [name], []));
    return paths.map((path) => ({ field, path, title: `${field.name}(${path.join('.')})` }));
  });
}

function pathsIn(type: GraphQLInputType, path: string[], within: string[]): string[][] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [path];
  if (!isInputObjectType(named) || within.includes(named.name)) return [];
  const deeper = [...within, named.name];
  return Object.values(named.getFields()).flatMap((one) => pathsIn(one.type, [...path, one.name], deeper));
}

// What an id of another name is of.
const ALIASES: Record<string, string> = {
  ...{ owner: 'agent', assignee: 'agent', author: 'agent', created_by_agent: 'agent', closed_by: 'agent' },
  ...{ page: 'form_page', case: 'support_case', merged_into: 'support_case', target: 'support_case' },
  ...{ group: 'audience_group', outbound_team: 'team', default_team: 'team', created_by_key: 'api_key' },
  ...{ inbound_phone_number: 'phone_number', client_account: 'account', delivery: 'webhook_delivery' },
};

/** The table of what a place takes ids of, as far as its name or the field says it. */
export function tableOfPlace(
  { field, path }: Omit<IdPlace, 'title'>,
  tables: ReadonlySet<string>,
): string | undefined {
  const named = path.findLast((name) => !['eq', 'ne', 'in'].includes(name)) as string;
  const own = snakeCase(named).replace(/_?ids?$/, '');
  const answer = getNamedType(field.type).name;
  const answers = [answer, answer.replace(/(Connection|Event|Payload|Record)$/, '')].map(snakeCase);
  const about = snakeCase(field.name).split('_').slice(1).join('_');
  const candidates = own ? [own] : [...answers, about];
  return candidates.map((name) => ALIASES[name] ?? name).find((name) => tables.has(name));
}

/** What requests are made of besides the id at the place. */
interface Material {
  /** Ids of the asker's own for a place. */
  ownIdsAt: (place: Omit<IdPlace, 'title'>) => string[];
  /** A value of a simple type for a field. */
  simple: (name: string, type: string) => unknown;
  /** What a field, an input or the input of a place needs besides what the schema requires. */
  neededBy: (name: string) => Record<string, unknown>;
}

/** A request of the place's field with the id there, and with what else the field requires. */
export function requestAt(root: string, place: IdPlace, id: string, material: Material) {
  const { field } = place;
  const filler = new Filler(place, id, material);
  const values = field.args.map(({ name, type }) => [name, filler.fill(type, [name])] as const);
  const variables: Record<string, unknown> = {
    ...Object.fromEntries(values.filter(([, value]) => value !== undefined)),
    ...material.neededBy(field.name),
  };
  const given = field.args.filter(({ name }) => name in variables);
  const declared = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = selectionOf(field.type, isListType(getNullableType(field.type)) ? 0 : 2);
  return { text: `${root} Q(${declared}) { ${field.name}(${passed}) ${selection} }`, variables };
}

class Filler {
  constructor(
    private readonly place: IdPlace,
    private readonly id: string,
    private readonly material: Material,
  ) {}

  /** A value for what is required, and for what leads to the place. */
  fill(type: GraphQLInputType, path: string[]): unknown {
    const isOnWay = path.every((name, at) => this.place.path[at] === name);
    if (!isOnWay && !isNonNullType(type)) return undefined;
    const bare = getNullableType(type);
    if (isListType(bare)) {
      const isOwn = !isOnWay && getNamedType(bare).name === 'ID';
      return isOwn ? this.ownIds(path) : [this.fill(bare.ofType, path)];
    }
    if (isInputObjectType(bare)) return this.fillInput(bare, path);
    if (bare.name === 'ID') return isOnWay ? this.id : this.ownIds(path)[0];
    return isEnumType(bare)
      ? bare.getValues()[0]?.name
      : this.material.simple(path.at(-1) as string, bare.name);
  }

  private fillInput(type: GraphQLInputObjectType, path: string[]): object {
    const entries = Object.values(type.getFields()).map(
      (one) => [one.name, this.fill(one.type, [...path, one.name])] as const,
    );
    return {
      ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
      ...this.material.neededBy(type.name),
      ...(path.length === 1 && this.material.neededBy(this.place.title)),
    };
  }

  private ownIds(path: string[]): string[] {
    return this.material.ownIdsAt({ field: this.place.field, path });
  }
}

/** Everything simple of an answer, and of the records in it. */
function selectionOf(type: GraphQLField<unknown, unknown>['type'], depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const parts = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some((one) => isNonNullType(one.type))) return [];
    const inner = getNamedType(field.type);
    if (!isObjectType(inner)) return [field.name];
    if (depth === 0 || field.name === 'edges') return [];
    const selection = selectionOf(field.type, depth - 1);
    return selection ? [`${field.name} ${selection}`] : [];
  });
  return parts.length > 0 ? `{ ${parts.join(' ')} }` : '';
}
