import { buildSubgraphSchema } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { Kind, concatAST, parse, print } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema, ObjectTypeDefinitionNode } from 'graphql';
import { createResolversMap } from 'type-graphql';
import { PAYMENT_READ_SCOPES } from '../../domain/api-client.js';
import { withScopesDescribed, withoutAuthorization } from './authorization.js';
import { withContractTags } from './contract-tags.js';
import { requiresScopes } from './directives.js';
import { readIdsExactly } from '../scalars/id.scalar.js';

/** The graph as a subgraph, by the specification of Apollo Federation 2. */
export interface Subgraph {
  /** The SDL that composition reads. */
  readonly typeDefs: DocumentNode;
  /** The executable schema, with the fields `_service` and `_entities` for routers. */
  readonly schema: GraphQLSchema;
}

type SubgraphModule = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>;

// v2.7, because later versions add nothing that is used here, and some composition tools reject them.
const LINK = parse(`
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.7"
      import: ["@authenticated", "@key", "@requiresScopes", "@tag"]
    )
`);

// No decorator can mark this field, which federation adds. Entities are for clients that may read payments.
const [ENTITIES] =
  (
    parse(`type Query { _entities: [_Entity]! ${requiresScopes(PAYMENT_READ_SCOPES)} }`)
      .definitions[0] as ObjectTypeDefinitionNode
  ).fields ?? [];

/** How a subgraph is made of a schema. */
export interface SubgraphOptions {
  /** Resolves `_entities`: the entities in the order of the representations, each with its `__typename`. */
  readonly resolveEntities: GraphQLFieldResolver<unknown, never>;
  /** Whether the SDL that routers read contains `@authenticated` and `@requiresScopes`. */
  readonly showsAuthorization: boolean;
}

/** Makes a subgraph of a schema that TypeGraphQL built. */
export function toSubgraph(schema: GraphQLSchema, { resolveEntities, showsAuthorization }: SubgraphOptions): Subgraph {
  const complete = concatAST([LINK, withScopesDescribed(withContractTags(definitionsOf(schema)))]);
  const typeDefs = showsAuthorization ? complete : withoutAuthorization(complete);
  // Both libraries have their own type for the same map.
  const resolvers = createResolversMap(schema) as NonNullable<SubgraphModule['resolvers']>;
  const subgraph = buildSubgraphSchema({ typeDefs: complete, resolvers });
  const { _entities, _service } = subgraph.getQueryType()?.getFields() ?? {};
  Object.assign(_entities ?? {}, { resolve: resolveEntities, astNode: ENTITIES });
  const sdl = print(typeDefs);
  Object.assign(_service ?? {}, { resolve: () => ({ sdl }) });
  readIdsExactly(subgraph);
  return { typeDefs, schema: subgraph };
}

/** Leaves out the definition of the schema itself, whose root types have the default names. */
function definitionsOf(schema: GraphQLSchema): DocumentNode {
  const document = getDocumentNodeFromSchema(schema);
  return { ...document, definitions: document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_DEFINITION) };
}
