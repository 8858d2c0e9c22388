// Writes the schema that the code makes to the file that is named: schema.graphql, or at a release schema.released.graphql.
import { writeFile } from 'node:fs/promises';
import { printedSchema } from './printed.mjs';

await writeFile(new URL(`../../${process.argv[2]}`, import.meta.url), await printedSchema());
