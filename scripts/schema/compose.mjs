// Whether the schema composes, as a subgraph, by each of the composers that the gateways have.
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { ROUTER_COMPATIBILITY_VERSION_ONE, federateSubgraphs } from '@wundergraph/composition';
import { parse } from 'graphql';

/** @typedef {{ name: string, url: string, typeDefs: import('graphql').DocumentNode }} Service */

/**
 * By package: what it has against these subgraphs, hints and warnings included.
 * @type {Readonly<Record<string, (services: Service[]) => string[]>>}
 */
export const COMPOSERS = {
  '@apollo/composition': (services) => {
    const { errors = [], hints = [] } = composeByApollo(services);
    return [...errors, ...hints].map(({ message }) => message);
  },
  '@theguild/federation-composition': (services) =>
    (composeByTheGuild(services).errors ?? []).map(({ message }) => message),
  '@wundergraph/composition': (services) => {
    const subgraphs = services.map(({ typeDefs, ...names }) => ({ ...names, definitions: typeDefs }));
    const result = federateSubgraphs({ subgraphs, version: ROUTER_COMPATIBILITY_VERSION_ONE });
    return [...(result.success ? [] : result.errors), ...result.warnings].map(({ message }) => message);
  },
};

// As every subgraph does that has something which is paid for.
const REFERS_TO_A_PAYMENT = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])
  type Query { order(id: ID!): Order }
  type Order @key(fields: "id") { id: ID! payment: PaymentSession }
  type PaymentSession @key(fields: "id", resolvable: false) { id: ID! }
`;

/**
 * A subgraph as composers take it.
 * @param {string} name
 * @param {string} sdl
 * @returns {Service}
 */
export function service(name, sdl) {
  return { name, url: `http://${name}.invalid/graphql`, typeDefs: parse(sdl) };
}

/**
 * What the composers have against the schema, alone and beside a subgraph that refers to a payment by its key.
 * @param {string} sdl
 * @returns {string[]}
 */
export function compositionProblems(sdl) {
  const payments = service('payments', sdl);
  const orders = service('orders', REFERS_TO_A_PAYMENT);
  return Object.entries(COMPOSERS).flatMap(([composer, compose]) => {
    const alone = compose([payments]);
    // What is wrong alone is wrong beside another.
    const problems = alone.length > 0 ? alone : compose([payments, orders]);
    return problems.map((problem) => `${composer}: ${problem}`);
  });
}
