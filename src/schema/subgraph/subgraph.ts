import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLSchemaModule } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { Kind, concatAST, parse, print } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema, ObjectTypeDefinitionNode } from 'graphql';
import { buildSchema, createResolversMap } from 'type-graphql';
import type { BuildSchemaOptions } from 'type-graphql';
import { PAYMENT_READ_SCOPES } from '../../domain/api-client.js';
import { readIdsExactly } from '../scalars/id.scalar.js';
import { InvalidInputError, findInputIssues, setInputRules } from '../validation/input-validation.js';
import type { InputRules } from '../validation/input-validation.js';
import { withScopesDescribed, withoutAuthorization } from './authorization.js';
import { withContractTags } from './contract-tags.js';
import { requiresScopes } from './directives.js';

/** The graph as a subgraph, by the specification of Apollo Federation 2. */
export interface Subgraph {
  /** The SDL that composition reads. */
  readonly typeDefs: DocumentNode;
  /** The executable schema, with the fields `_service` and `_entities` for routers. */
  readonly schema: GraphQLSchema;
}

type SchemaOptions = Required<Pick<BuildSchemaOptions, 'resolvers' | 'globalMiddlewares'>> & {
  /** Provides the resolvers. */
  readonly container: { get(someClass: unknown): unknown };
  readonly rules: InputRules;
  /** Resolves `_entities`: the entities in the order of the representations, each with its `__typename`. */
  readonly resolveEntities: GraphQLFieldResolver<unknown, never>;
  /** Whether the SDL that routers read contains `@authenticated` and `@requiresScopes`. */
  readonly showsAuthorization: boolean;
};

/** Builds the subgraph, and sets the validation rules of the process. */
export async function buildPaymentSchema(options: SchemaOptions): Promise<Subgraph> {
  const { container, resolvers, globalMiddlewares, rules } = options;
  setInputRules(rules);
  const schema = await buildSchema({
    resolvers,
    globalMiddlewares,
    container,
    // TypeGraphQL requires a global source, although each subscription has its own.
    pubSub: { publish: () => undefined, subscribe: () => unused() },
    // By convention the argument of every mutation is called `input`.
    validateFn: (input: unknown) => {
      if (typeof input !== 'object' || input === null) return;
      const issues = findInputIssues(input, ['input']);
      if (issues.length > 0) throw new InvalidInputError(issues);
    },
  });
  return toSubgraph(schema, options);
}

function unused(): never {
  throw new Error('no subscription uses topics');
}

// v2.7, because later versions add nothing that is used here, and some composition tools reject them.
const LINK = parse(`
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.7"
      import: ["@authenticated", "@key", "@requiresScopes", "@tag"]
    )
`);

// No decorator can mark this field, which federation adds. Entities are for clients that may read payments.
const ENTITIES = parse(`type Query { _entities: [_Entity]! ${requiresScopes(PAYMENT_READ_SCOPES)} }`);

function toSubgraph(schema: GraphQLSchema, { resolveEntities, showsAuthorization }: SchemaOptions): Subgraph {
  const complete = concatAST([LINK, withScopesDescribed(withContractTags(definitionsOf(schema)))]);
  const typeDefs = showsAuthorization ? complete : withoutAuthorization(complete);
  // Both libraries have their own type for the same map.
  const resolvers = createResolversMap(schema) as NonNullable<GraphQLSchemaModule['resolvers']>;
  const subgraph = buildSubgraphSchema([{ typeDefs: complete, resolvers }]);
  const { _entities, _service } = subgraph.getQueryType()?.getFields() ?? {};
  const [astNode] = (ENTITIES.definitions[0] as ObjectTypeDefinitionNode).fields ?? [];
  Object.assign(_entities ?? {}, { resolve: resolveEntities, astNode });
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
