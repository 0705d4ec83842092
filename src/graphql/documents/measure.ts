import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { ENTITIES } from '../../domain/entities';
import { nounOf } from '../../domain/entity';
import { DomainError } from '../../domain/error';
import { PAGE_DEFAULT, PAGE_MAX } from '../../domain/page';
import { capitalize } from '../../domain/text';

/** What a selection asks for at most. */
export interface Measure {
  /** Levels of fields. */
  depth: number;
  /** Fields at its top, fragments spread. */
  width: number;
  /** Fields at all levels, fragments spread. */
  fields: number;
  /** Records that the answer can hold: one for each noun, a list as many as its page size, times those around it. */
  records: number;
}

/** A field that answers records, and how many at most. */
export interface CostPart {
  /** Names in the answer, from the root on. */
  path: string;
  records: number;
}

type Variables = Readonly<Record<string, unknown>>;
type Field = GraphQLField<unknown, unknown>;

/** Where a field stands: the names above it, and how many of it there can be. */
interface Around {
  path: readonly string[];
  count: number;
}

const PARTS_FIELDS_MAX = 1_000;
const NOTHING: Measure = { depth: 0, width: 0, fields: 0, records: 0 };
const RECORD_TYPES = new Set(ENTITIES.map((entity) => capitalize(nounOf(entity).name)));

function add(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    width: a.width + b.width,
    fields: a.fields + b.fields,
    records: a.records + b.records,
  };
}

/** Measures operations of one document; each fragment is worked out once, however often it is spread. */
export class Measurer {
  private readonly fragmentsByName = new Map<string, FragmentDefinitionNode>();
  private readonly measuresByFragment = new Map<string, Measure>();
  private defaultsByVariable = new Map<string, ValueNode>();
  /** Whether what was measured depends on the values of variables. */
  hasReadVariables = false;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Variables,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.fragmentsByName.set(definition.name.value, definition);
      }
    }
  }

  /** What the operation asks for at most; fields that the schema lacks count nothing. */
  operation({ operation, selectionSet, variableDefinitions = [] }: OperationDefinitionNode): Measure {
    this.measuresByFragment.clear();
    this.defaultsByVariable = new Map(
      variableDefinitions.flatMap(({ variable, defaultValue }) =>
        defaultValue ? [[variable.name.value, defaultValue]] : [],
      ),
    );
    const type = this.schema.getRootType(operation);
    return type ? this.set(selectionSet, type, true) : NOTHING;
  }

  /** What the cost of the operation is made of; as many parts as it has fields, fragments spread. */
  parts(operation: OperationDefinitionNode): CostPart[] {
    // Also reads the defaults of the variables.
    const { fields } = this.operation(operation);
    if (fields > PARTS_FIELDS_MAX) {
      const message = `An operation of ${fields} fields is too large to explain; the limit is ${PARTS_FIELDS_MAX}.`;
      throw new DomainError('INVALID', message);
    }
    const type = this.schema.getRootType(operation.operation);
    return [...this.partsOf(operation.selectionSet, type, { path: [], count: 1 })];
  }

  private *partsOf({ selections }: SelectionSetNode, type: unknown, around: Around): Generator<CostPart> {
    if (!(type instanceof GraphQLObjectType)) return;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) yield* this.partsOfField(selection, type, around);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        yield* this.partsOf(selection.selectionSet, type, around);
      else {
        const fragment = this.fragmentsByName.get(selection.name.value);
        if (fragment) yield* this.partsOf(fragment.selectionSet, type, around);
      }
    }
  }

  private *partsOfField(node: FieldNode, parent: GraphQLObjectType, around: Around): Generator<CostPart> {
    const field = parent.getFields()[node.name.value];
    if (!field) return;
    const type = getNamedType(field.type);
    const path = [...around.path, (node.alias ?? node.name).value];
    const count = around.count * this.size(node, field, around.path.length === 0);
    if (RECORD_TYPES.has(type.name)) yield { path: path.join('.'), records: count };
    if (node.selectionSet) yield* this.partsOf(node.selectionSet, type, { path, count });
  }

  private set({ selections }: SelectionSetNode, type: unknown, isRoot = false): Measure {
    if (!(type instanceof GraphQLObjectType)) return NOTHING;
    return selections.reduce((sum, one) => add(sum, this.selection(one, type, isRoot)), NOTHING);
  }

  private selection(selection: SelectionNode, type: GraphQLObjectType, isRoot: boolean): Measure {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.field(selection, type, isRoot);
      case Kind.INLINE_FRAGMENT:
        return this.set(selection.selectionSet, type, isRoot);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(selection.name.value, isRoot);
    }
  }

  private fragment(name: string, isRoot: boolean): Measure {
    const known = this.measuresByFragment.get(name);
    if (known) return known;
    // A fragment that spreads itself is refused by validation; here it only must come to an end.
    this.measuresByFragment.set(name, NOTHING);
    const fragment = this.fragmentsByName.get(name);
    if (!fragment) return NOTHING;
    const type = this.schema.getType(fragment.typeCondition.name.value);
    const measure = this.set(fragment.selectionSet, type, isRoot);
    this.measuresByFragment.set(name, measure);
    return measure;
  }

  private field(node: FieldNode, parent: GraphQLObjectType, isRoot: boolean): Measure {
    // Introspection has limits of its own in graphql-js.
    if (node.name.value.startsWith('__')) return { ...NOTHING, width: 1, fields: 1 };
    const field = parent.getFields()[node.name.value];
    if (!field) return NOTHING;
    const type = getNamedType(field.type);
    const below = node.selectionSet ? this.set(node.selectionSet, type) : NOTHING;
    const own = RECORD_TYPES.has(type.name) ? 1 : 0;
    return {
      depth: below.depth + 1,
      width: 1,
      fields: below.fields + 1,
      records: this.size(node, field, isRoot) * (own + below.records),
    };
  }

  /** How many of a field there can be. */
  private size(node: FieldNode, { args, type }: Field, isRoot: boolean): number {
    const names = args.map(({ name }) => name);
    if (names.includes('first')) return this.pageSize(node);
    if (names.includes('inputs')) {
      const inputs = this.argument(node, 'inputs');
      return Array.isArray(inputs) ? inputs.length : 1;
    }
    return isRoot && isListType(getNullableType(type)) ? PAGE_MAX : 1;
  }

  /** The page size; one out of range is refused later, by the field itself. */
  private pageSize(node: FieldNode): number {
    const size = this.argument(node, 'first') ?? this.argument(node, 'last') ?? PAGE_DEFAULT;
    return typeof size === 'number' ? Math.min(Math.max(size, 0), PAGE_MAX) : 0;
  }

  private argument(node: FieldNode, name: string): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    return value && this.valueOf(value);
  }

  private valueOf(value: ValueNode): unknown {
    switch (value.kind) {
      case Kind.VARIABLE: {
        this.hasReadVariables = true;
        const name = value.name.value;
        const given = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
        const byDefault = this.defaultsByVariable.get(name);
        return given === undefined && byDefault ? this.valueOf(byDefault) : given;
      }
      case Kind.INT:
        return Number(value.value);
      case Kind.LIST:
        return value.values;
      default:
        return undefined;
    }
  }
}
