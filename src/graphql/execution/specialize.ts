import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  GraphQLScalarType,
  GraphQLSchema,
  Kind,
  type ObjectFieldNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

/** Values of variables as graphql-js has coerced them, defaults filled in. */
export type Variables = Readonly<Record<string, unknown>>;

/** What of its variables a specialized document depends on: yes, no, null, absent, or any other value. */
export function shapeOf({ variableDefinitions = [] }: OperationDefinitionNode, variables: Variables): string {
  return variableDefinitions
    .map(({ variable }) => {
      const value = variables[variable.name.value];
      if (value === undefined) return '-';
      return typeof value === 'boolean' || value === null ? String(value).charAt(0) : '+';
    })
    .join('');
}

const COERCED = new GraphQLScalarType({
  name: 'CoercedVariable',
  description: 'The value of a variable that has been coerced already.',
  parseValue: (value) => value,
});

/** The schema that specialized documents are compiled against: the same types, and one for all their variables. */
export function withCoercedVariables(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  return new GraphQLSchema({ ...config, types: [...config.types, COERCED], assumeValid: true });
}

// graphql-jit writes literals into the code that it compiles and marks some of them for replacement by words of
// this form; a text of a caller that holds one would become code (graphql-jit 0.8.9, objectStringify).
const CODE_MARKER = '__MAGIC_';

class NotSpecializable extends Error {}

function isIncluded(directives: readonly DirectiveNode[], variables: Variables): boolean {
  return directives.every(({ name, arguments: args = [] }) => {
    const value = args[0]?.value;
    const condition =
      value?.kind === Kind.BOOLEAN
        ? value.value
        : value?.kind === Kind.VARIABLE && variables[value.name.value];
    if (typeof condition !== 'boolean') throw new NotSpecializable();
    return condition === (name.value === 'include');
  });
}

/**
 * The document as it reads for variables of one shape: what @skip and @include leave, without the directives, and
 * without arguments and input fields whose variable is absent. That is where graphql-jit is at odds with the
 * specification. Its variables are declared as coerced, because graphql-jit never comes to an end with a variable
 * of a recursive input type such as a filter. Undefined when the document cannot be compiled safely.
 */
export function specialize(document: DocumentNode, variables: Variables): DocumentNode | undefined {
  const decide = (node: { directives?: readonly DirectiveNode[] }) => {
    if (!node.directives?.length) return undefined;
    return isIncluded(node.directives, variables) ? { ...node, directives: [] } : null;
  };
  const dropAbsent = ({ value }: ArgumentNode | ObjectFieldNode) =>
    value.kind === Kind.VARIABLE && variables[value.name.value] === undefined ? null : undefined;
  const declareCoerced = (node: VariableDefinitionNode): VariableDefinitionNode => ({
    ...{ kind: node.kind, variable: node.variable },
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: COERCED.name } },
  });
  try {
    return visit(document, {
      Field(node) {
        // Introspection would show the type that is only for compiling.
        if (/^__(schema|type)$/.test(node.name.value)) throw new NotSpecializable();
        return decide(node);
      },
      InlineFragment: decide,
      FragmentSpread: decide,
      Argument: dropAbsent,
      ObjectField: dropAbsent,
      VariableDefinition: { leave: declareCoerced },
      StringValue({ value }) {
        if (value.includes(CODE_MARKER)) throw new NotSpecializable();
      },
    });
  } catch (error) {
    if (error instanceof NotSpecializable) return undefined;
    throw error;
  }
}
