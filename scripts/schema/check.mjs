// `npm run schema:check` checks the schema and prints one line per check, followed by all its problems.
import '../require-node.mjs';
import { readFile } from 'node:fs/promises';
import { readDocuments, readManifest } from './clients.mjs';
import { printedSchema } from './printed.mjs';
import { checkSchema } from './checks.mjs';

const read = (/** @type {string} */ file) => readFile(new URL(`../../${file}`, import.meta.url), 'utf8');

const reports = await checkSchema({
  generated: await printedSchema(),
  complete: await printedSchema({ showsAuthorization: true }),
  committed: await read('schema.graphql'),
  released: await read('schema.released.graphql'),
  documents: readDocuments(),
  manifest: readManifest(),
});
for (const { title, problems, remedy, notes } of reports) {
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} the schema ${title}`);
  for (const line of [...problems, ...notes, ...(problems.length === 0 ? [] : [remedy])])
    console.log(`         ${line.trim().replaceAll('\n', '\n         ')}`);
  if (problems.length > 0) process.exitCode = 1;
}
