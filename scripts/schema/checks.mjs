import { validationErrors } from './clients.mjs';
import { changesSince } from './changes.mjs';
import { compositionProblems } from './compose.mjs';
import { lint } from './lint.mjs';

/** @typedef {{ title: string, problems: string[], remedy: string, notes: string[] }} Report */

const IN_THE_CODE = 'schema.graphql is generated from src/schema. Correct it there, then run: npm run fix:schema';
const BREAKS =
  'Keep the old beside the new, with a deprecationReason. If it has to break, run npm run release:schema and give the reason in the commit message.';

/**
 * Runs the four checks of `npm run schema:check`, also when the first of them find problems.
 * @param {object} schemas
 * @param {string} schemas.generated the schema that the code generates
 * @param {string} schemas.complete the same with the authorization directives
 * @param {string} schemas.committed the contents of schema.graphql
 * @param {string} schemas.released the contents of schema.released.graphql
 * @param {import('graphql').Source[]} schemas.documents operations and fragments that are sent together
 * @param {import('graphql').Source[]} schemas.manifest operations that are sent one by one
 * @returns {Promise<Report[]>}
 */
export function checkSchema({ generated, complete, committed, released, documents, manifest }) {
  return Promise.all([
    check('composes as a subgraph with every composer', IN_THE_CODE, () =>
      [generated, complete].flatMap(compositionProblems),
    ),
    check('equals schema.graphql', 'Run: npm run fix:schema', () =>
      committed === generated ? [] : ['schema.graphql differs from the schema that the code generates.'],
    ),
    check('breaks neither the released schema nor a known operation', BREAKS, async (notes) => {
      const { breaking, dangerous } = await changesSince(released, complete);
      notes.push(...dangerous.map((danger) => `This change is dangerous, but allowed: ${danger}`));
      return [
        ...breaking,
        ...[documents, ...manifest.map((operation) => [operation])].flatMap((sent) =>
          validationErrors(generated, sent),
        ),
      ];
    }),
    check('follows the style rules', IN_THE_CODE, () => lint(generated, documents)),
  ]);
}

/**
 * @param {string} title
 * @param {string} remedy
 * @param {(notes: string[]) => string[] | Promise<string[]>} find returns the problems
 * @returns {Promise<Report>}
 */
async function check(title, remedy, find) {
  /** @type {string[]} */
  const notes = [];
  const problems = await find(notes);
  return { title, problems, remedy, notes };
}
