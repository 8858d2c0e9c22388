// Writes the schema that the code generates to schema.graphql, or with --release to schema.released.graphql.
import '../require-node.mjs';
import { writeFile } from 'node:fs/promises';
import { printedSchema } from './printed.mjs';

const isRelease = process.argv.includes('--release');
const file = isRelease ? 'schema.released.graphql' : 'schema.graphql';
await writeFile(new URL(`../../${file}`, import.meta.url), await printedSchema({ showsAuthorization: isRelease }));
