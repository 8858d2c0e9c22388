import 'reflect-metadata';
import { useContainer as provideToClassValidator } from 'class-validator';
import { buildSchema } from 'type-graphql';
import type { BuildSchemaOptions } from 'type-graphql';
import { InvalidInputError, findInputIssues } from '../validation/input-issues.js';
import { toSubgraph } from './subgraph.js';
import type { Subgraph, SubgraphOptions } from './subgraph.js';

type Parts = Required<Pick<BuildSchemaOptions, 'resolvers' | 'globalMiddlewares'>> & {
  /** Gives the resolvers, and the `InputRules` that validation follows. */
  readonly container: { get(someClass: unknown): unknown };
  readonly subgraph: SubgraphOptions;
};

/** The executable schema. Decorator metadata is global to the process, and so are the rules of validation. */
export async function buildPaymentSchema({ container, subgraph, ...parts }: Parts): Promise<Subgraph> {
  provideToClassValidator(container, { fallback: true });
  const schema = await buildSchema({
    ...parts,
    container,
    // Subscriptions have sources of their own; TypeGraphQL wants one for all.
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
  throw new Error('no subscription goes by topics');
}
