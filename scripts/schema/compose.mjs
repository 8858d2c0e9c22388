// Composes the schema as a subgraph with the composers of all federation gateways.
import { readFileSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByTheGuild } from '@theguild/federation-composition';
import { ROUTER_COMPATIBILITY_VERSION_ONE, federateSubgraphs } from '@wundergraph/composition';
import { parse } from 'graphql';

/** @typedef {{ name: string, url: string, typeDefs: import('graphql').DocumentNode }} Service */

/**
 * The composers by package. Each returns its errors, hints and warnings for a list of subgraphs.
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

const HOSTILE_SHOP = readFileSync(new URL('../../test/schema/hostile-shop.graphql', import.meta.url), 'utf8');

/**
 * A subgraph in the form that composers expect.
 * @param {string} name
 * @param {string} sdl
 * @returns {Service}
 */
export function service(name, sdl) {
  return { name, url: `http://${name}.invalid/graphql`, typeDefs: parse(sdl) };
}

/**
 * The problems that composers find in the schema, alone and beside a shop that refers to payments and has types with common names.
 * @param {string} sdl
 * @returns {string[]}
 */
export function compositionProblems(sdl) {
  const payments = service('payments', sdl);
  const shop = service('shop', HOSTILE_SHOP);
  return Object.entries(COMPOSERS).flatMap(([composer, compose]) => {
    const alone = compose([payments]);
    const problems = alone.length > 0 ? alone : compose([payments, shop]);
    return problems.map((problem) => `${composer}: ${problem}`);
  });
}
