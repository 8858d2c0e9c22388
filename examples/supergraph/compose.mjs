// Composes the subgraphs into a supergraph. In production a registry (GraphOS, Hive or Cosmo) does this whenever a subgraph changes.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

/**
 * Fetches the schema of each subgraph and composes them.
 * @param {Record<string, string>} subgraphs addresses by name
 * @returns {Promise<string>} the supergraph schema, which every federation gateway accepts
 */
export async function composeSupergraph(subgraphs) {
  const services = Object.entries(subgraphs).map(async ([name, url]) => ({
    name,
    url,
    typeDefs: parse(await schemaOf(url)),
  }));
  const { supergraphSdl, errors } = composeServices(await Promise.all(services));
  if (supergraphSdl === undefined) throw new AggregateError(errors ?? [], 'The subgraphs do not compose.');
  return supergraphSdl;
}

/** @param {string} url */
async function schemaOf(url) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ _service { sdl } }"}' });
  const { data } = /** @type {{ data: { _service: { sdl: string } } }} */ (await response.json());
  return data._service.sdl;
}
