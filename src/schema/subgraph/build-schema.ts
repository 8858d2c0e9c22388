import 'reflect-metadata';
import { useContainer as provideToClassValidator } from 'class-validator';
import { buildSchema } from 'type-graphql';
import type { BuildSchemaOptions } from 'type-graphql';
import { InvalidInputError, findInputIssues } from '../validation/input-issues.js';
import { toSubgraph } from './subgraph.js';
import type { Subgraph, SubgraphOptions } from './subgraph.js';

type SchemaOptions = Required<Pick<BuildSchemaOptions, 'resolvers' | 'globalMiddlewares'>> & {
  /** Provides the resolvers, and the `InputRules` for validation. */
  readonly container: { get(someClass: unknown): unknown };
  readonly subgraph: SubgraphOptions;
};

/** Builds the subgraph. Decorator metadata is global to the process, and so are the validation rules. */
export async function buildPaymentSchema({ container, subgraph, ...options }: SchemaOptions): Promise<Subgraph> {
  provideToClassValidator(container, { fallback: true });
  const schema = await buildSchema({
    ...options,
    container,
    // TypeGraphQL requires a global source, although each subscription has its own.
    pubSub: { publish: () => undefined, subscribe: () => unused() },
    // By convention the argument of every mutation is called `input`.
    validateFn: async (input: unknown) => {
      if (typeof input !== 'object' || input === null) return;
      const issues = await findInputIssues(input, ['input']);
      if (issues.length > 0) throw new InvalidInputError(issues);
    },
  });
  return toSubgraph(schema, subgraph);
}

function unused(): never {
  throw new Error('no subscription uses topics');
}
