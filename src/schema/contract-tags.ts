import { Kind, visit } from 'graphql';
import type {
  ConstDirectiveNode,
  DocumentNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  UnionTypeDefinitionNode,
} from 'graphql';
import { BACKOFFICE, PUBLIC } from './directives.js';

type TypeWithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;
type Taggable = TypeWithFields | FieldDefinitionNode | UnionTypeDefinitionNode;

const ROOT_TYPES = ['Query', 'Mutation', 'Subscription'];

/**
 * Gives everything a tag that has none: contracts name what they include. Inputs, enums and scalars need none, as they come
 * along with the fields that use them.
 */
export function withContractTags(document: DocumentNode): DocumentNode {
  const backofficeTypes = document.definitions.filter(
    (node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION && isTagged(node),
  );
  const names = new Set(backofficeTypes.map(({ name }) => name.value));
  return visit(document, {
    ObjectTypeDefinition: tagType,
    InterfaceTypeDefinition: tagType,
    // The one of these that no decorator can mark: as its members are.
    UnionTypeDefinition: (node) =>
      tag(node, node.types?.every(({ name }) => names.has(name.value)) ? BACKOFFICE : PUBLIC),
  });
}

function tagType<T extends TypeWithFields>(node: T): T {
  if (isTagged(node)) return node;
  const { fields = [] } = node;
  if (isOursAlone(node) && !fields.some(isTagged)) return tag(node, PUBLIC);
  return { ...node, fields: fields.map((field) => (isTagged(field) ? field : tag(field, PUBLIC))) };
}

/** A type's tag holds for all its fields, also those that other subgraphs add to a root type or an entity. */
function isOursAlone({ name, directives = [] }: TypeWithFields): boolean {
  return !ROOT_TYPES.includes(name.value) && !directives.some((directive) => directive.name.value === 'key');
}

function isTagged({ directives = [] }: Taggable): boolean {
  return directives.some(({ name }) => name.value === 'tag');
}

function tag<T extends Taggable>(node: T, name: string): T {
  const directive: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'tag' },
    arguments: [
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'name' }, value: { kind: Kind.STRING, value: name } },
    ],
  };
  return { ...node, directives: [...(node.directives ?? []), directive] };
}
