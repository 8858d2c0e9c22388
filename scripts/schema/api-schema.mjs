import { buildASTSchema, parse, specifiedDirectives, visit } from 'graphql';

/** Whether a directive is one of GraphQL's own; the others are said to composition. */
export const isOfGraphQL = (/** @type {import('graphql').DirectiveNode} */ { name }) =>
  specifiedDirectives.some((directive) => directive.name === name.value);

/**
 * The part of a subgraph that clients see.
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
