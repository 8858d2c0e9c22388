import { Kind, parse, visit } from 'graphql';
import type {
  ASTNode,
  ConstDirectiveNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
} from 'graphql';
import { BACKOFFICE, PUBLIC } from './directives.js';

type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;
interface Taggable {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];

/**
 * Tags everything that has no tag, because contracts name what they include. Inputs, enums, scalars and arguments are
 * tagged too: some registries would otherwise drop them, and the contract would not compose.
 */
export function withContractTags(document: DocumentNode): DocumentNode {
  const tagged = withTagsOfOutputs(document);
  const names = namesOfPublicFields(tagged);
  const tagPlain = <T extends Taggable & { readonly name: { readonly value: string } }>(node: T): T =>
    tag(node, names.has(node.name.value) ? PUBLIC : BACKOFFICE);
  return visit(tagged, {
    InputObjectTypeDefinition: tagPlain,
    EnumTypeDefinition: tagPlain,
    ScalarTypeDefinition: tagPlain,
  });
}

function withTagsOfOutputs(document: DocumentNode): DocumentNode {
  const backofficeTypes = document.definitions.filter(
    (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION && tagOf(node) !== undefined,
  );
  const names = new Set(backofficeTypes.map(({ name }) => name.value));
  return visit(document, {
    ObjectTypeDefinition: tagType,
    InterfaceTypeDefinition: tagType,
    // No decorator can tag a union, so its tag is derived from its members.
    UnionTypeDefinition: (node) =>
      tag(node, node.types?.every(({ name }) => names.has(name.value)) ? BACKOFFICE : PUBLIC),
  });
}

function tagType<T extends TypeWithFields>(node: T): T {
  if (tagOf(node) !== undefined) return node;
  const { fields = [] } = node;
  if (isOwnType(node) && !fields.some(tagOf)) return tag(node, PUBLIC);
  return { ...node, fields: fields.map(tagField) };
}

/**
 * The tag of a type applies to all of its fields, including those that other subgraphs add to a root type or an entity.
 * Those types are therefore tagged field by field.
 */
function isOwnType({ name, directives = [] }: TypeWithFields): boolean {
  return !ROOT_TYPES.includes(name.value) && !directives.some((directive) => directive.name.value === 'key');
}

/** The tag of a field does not apply to its arguments, unlike that of a type. */
function tagField(field: FieldDefinitionNode): FieldDefinitionNode {
  const name = tagOf(field) ?? PUBLIC;
  const tagged = { ...field, arguments: (field.arguments ?? []).map((argument) => tag(argument, name)) };
  return tagOf(field) === undefined ? tag(tagged, name) : tagged;
}

/** Types of the fields in contract `public` and of their arguments, including types nested in inputs. */
function namesOfPublicFields({ definitions }: DocumentNode): Set<string> {
  const names = new Set<string>();
  const collect = (node: ASTNode): void => {
    visit(node, {
      NamedType: ({ name }) => {
        if (names.has(name.value)) return;
        names.add(name.value);
        definitions
          .filter((input) => input.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && input.name.value === name.value)
          .forEach(collect);
      },
    });
  };
  for (const node of definitions.filter(hasFields))
    node.fields?.filter((field) => (tagOf(field) ?? tagOf(node)) === PUBLIC).forEach(collect);
  return names;
}

function hasFields(node: DefinitionNode): node is TypeWithFields {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function tagOf({ directives = [] }: Taggable): string | undefined {
  const value = directives.find(({ name }) => name.value === 'tag')?.arguments?.[0]?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function tag<T extends Taggable>(node: T, name: string): T {
  const [tagged] = parse(`scalar Any @tag(name: "${name}")`, { noLocation: true }).definitions as readonly Taggable[];
  return { ...node, directives: [...(node.directives ?? []), ...(tagged?.directives ?? [])] };
}
