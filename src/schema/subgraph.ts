import { buildSubgraphSchema } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { Kind, concatAST, parse } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema, ObjectTypeDefinitionNode } from 'graphql';
import { createResolversMap } from 'type-graphql';
import { READS_PAYMENTS } from '../domain/caller.js';
import { withContractTags } from './contract-tags.js';
import { requiresScopes } from './directives.js';
import { readIdsExactly } from './id.scalar.js';

/** The graph as one subgraph of a larger one, by the specification of Apollo Federation 2. */
export interface Subgraph {
  /** What composition reads. */
  readonly typeDefs: DocumentNode;
  /** The same, executable; with `_service` and `_entities`, which gateways ask. */
  readonly schema: GraphQLSchema;
}

type SubgraphModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>;

// v2.7: later versions bring nothing of use here, and some composers refuse them.
const LINK = parse(`
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.7"
      import: ["@authenticated", "@key", "@requiresScopes", "@shareable", "@tag"]
    )
`);

// No decorator can mark it, as federation adds it: entities are for those who may read payments.
const [ENTITIES] =
  (
    parse(`type Query { _entities: [_Entity]! ${requiresScopes(READS_PAYMENTS)} }`)
      .definitions[0] as ObjectTypeDefinitionNode
  ).fields ?? [];

/** `resolveEntities`: gives the entities of `_entities`, each with its `__typename`. */
export function toSubgraph(schema: GraphQLSchema, resolveEntities: GraphQLFieldResolver<unknown, never>): Subgraph {
  const typeDefs = concatAST([LINK, withContractTags(definitionsOf(schema))]);
  // The same thing by two names: each library has its own type for it.
  const resolvers = createResolversMap(schema) as NonNullable<SubgraphModule['resolvers']>;
  const subgraph = buildSubgraphSchema({ typeDefs, resolvers });
  Object.assign(subgraph.getQueryType()?.getFields()._entities ?? {}, { resolve: resolveEntities, astNode: ENTITIES });
  readIdsExactly(subgraph);
  return { typeDefs, schema: subgraph };
}

/** Without the definition of the schema itself, whose root types have the names that all expect. */
function definitionsOf(schema: GraphQLSchema): DocumentNode {
  const document = getDocumentNodeFromSchema(schema);
  return { ...document, definitions: document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_DEFINITION) };
}
