import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { ENTITIES } from '../../domain/entities';
import { nounOf } from '../../domain/entity';
import type { EntityClass } from '../../domain/field';
import { PAGE_DEFAULT } from '../../domain/page';
import { type Projection, projectionOf } from '../../domain/projection';
import { type Relation, relationsOf } from '../../domain/relation';
import { capitalize } from '../../domain/text';
import type { Variables } from './specialize';

/** One place of a query that shows rows of a noun, and the relations that it follows from there. */
export interface Place {
  branches: Branch[];
}

/** A relation that a query follows. */
interface Branch {
  relation: Relation;
  /** The argument `first` as it is written. */
  first: ValueNode | undefined;
  place: Place;
}

type NamesByNoun = Map<EntityClass, Set<string>>;

const ENTITIES_BY_TYPE = new Map(ENTITIES.map((entity) => [capitalize(nounOf(entity).name), entity]));
/** Fields of a connection that lead to the rows of its noun. */
const WAYS_TO_ROWS = new Set(['nodes', 'edges', 'node']);

/** How many rows of a list the branch wants. */
export function firstOf({ first }: Branch, variables: Variables): number {
  const value = first && valueFromASTUntyped(first, variables);
  return typeof value === 'number' ? value : PAGE_DEFAULT;
}

/**
 * What a query is going to read, worked out once from its document: the fields of each noun that it shows anywhere,
 * so that no other column is fetched, and the relations below its fields at the root, so that each can be loaded for
 * all rows of a level before the fields ask for it one by one.
 */
export class QueryPlan {
  private readonly placesByRoot = new Map<string, Place | undefined>();
  private readonly projections: Map<EntityClass, Projection | undefined>;
  private readonly fragmentsByName: Map<string, FragmentDefinitionNode>;
  private readonly namesByNoun: NamesByNoun = new Map();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ) {
    this.fragmentsByName = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
    for (const node of this.fieldsOf(operation.selectionSet)) this.root(node);
    this.projections = new Map(
      [...this.namesByNoun].map(([entity, names]) => [entity, projectionOf(entity, names)]),
    );
  }

  /** The place of a field at the root; undefined when it stands there more than once, with selections of its own. */
  rootPlace(field: string): Place | undefined {
    return this.placesByRoot.get(field);
  }

  /** The fields of the noun that the query shows; undefined is all. */
  projection(entity: EntityClass): Projection | undefined {
    return this.projections.get(entity);
  }

  private root(node: FieldNode): void {
    const name = node.name.value;
    const field = this.schema.getQueryType()?.getFields()[name];
    if (!field) return;
    const place: Place = { branches: [] };
    this.below(node, field, place);
    this.placesByRoot.set(name, this.placesByRoot.has(name) ? undefined : place);
  }

  private *fieldsOf({ selections }: SelectionSetNode): Generator<FieldNode> {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) yield selection;
      else if (selection.kind === Kind.INLINE_FRAGMENT) yield* this.fieldsOf(selection.selectionSet);
      else {
        const fragment = this.fragmentsByName.get(selection.name.value);
        if (fragment) yield* this.fieldsOf(fragment.selectionSet);
      }
    }
  }

  /** Goes through what is selected below a field, whose rows stand at the place. */
  private below(node: FieldNode, field: GraphQLField<unknown, unknown>, place: Place): void {
    const type = getNamedType(field.type);
    if (!(type instanceof GraphQLObjectType) || !node.selectionSet) return;
    const entity = ENTITIES_BY_TYPE.get(type.name);
    for (const child of this.fieldsOf(node.selectionSet)) {
      const childField = type.getFields()[child.name.value];
      // `__typename` is of no column.
      if (!childField) continue;
      if (entity) this.noun(entity, child, childField, place);
      else this.below(child, childField, WAYS_TO_ROWS.has(child.name.value) ? place : { branches: [] });
    }
  }

  private noun(
    entity: EntityClass,
    node: FieldNode,
    field: GraphQLField<unknown, unknown>,
    place: Place,
  ): void {
    const name = node.name.value;
    const names = this.namesByNoun.get(entity) ?? new Set();
    this.namesByNoun.set(entity, names.add(name));
    const relation = relationsOf(entity).find((one) => one.name === name);
    this.below(node, field, relation ? branchOf(place, relation, node).place : { branches: [] });
  }
}

/** The branch of a relation, which a query may follow several times from one place. */
function branchOf({ branches }: Place, relation: Relation, { arguments: args = [] }: FieldNode): Branch {
  const first = args.find(({ name }) => name.value === 'first')?.value;
  const isSame = (other: Branch) =>
    other.relation === relation && (other.first && print(other.first)) === (first && print(first));
  const known = branches.find(isSame);
  if (known) return known;
  const branch: Branch = { relation, first, place: { branches: [] } };
  branches.push(branch);
  return branch;
}
