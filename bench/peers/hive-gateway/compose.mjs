// Writes the supergraph that Hive Gateway serves: Flinks's API by its OpenAPI description.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { DefaultLogger } from '@graphql-mesh/utils';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';

const [output] = process.argv.slice(2);
const source = fileURLToPath(new URL('flinks.openapi.json', import.meta.url));

const supergraph = await getComposedSchemaFromConfig(
  {
    subgraphs: [
      {
        sourceHandler: loadOpenAPISubgraph('Flinks', {
          source,
          endpoint: process.env.FLINKS_BASE_URL,
          operationHeaders: { baseuri: process.env.FLINKS_INSTANCE },
        }),
      },
    ],
  },
  new DefaultLogger(),
);
writeFileSync(output, supergraph);
