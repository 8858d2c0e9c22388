import { buildASTSchema, parse, specifiedDirectives, visit } from 'graphql';

/** Whether the GraphQL specification defines a directive. All other directives of the schema are for composition. */
export const isOfGraphQL = (/** @type {import('graphql').DirectiveNode} */ { name }) =>
  specifiedDirectives.some((directive) => directive.name === name.value);

/**
 * The schema without what clients do not see.
 * @param {string} sdl
 * @returns {import('graphql').GraphQLSchema}
 */
export function apiSchema(sdl) {
  const document = visit(parse(sdl), {
    SchemaExtension: () => null,
    Directive: (node) => (isOfGraphQL(node) ? undefined : null),
  });
  return buildASTSchema(document);
}
