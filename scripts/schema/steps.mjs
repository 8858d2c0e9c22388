import { misfits } from './clients.mjs';
import { changesSince } from './changes.mjs';
import { compositionProblems } from './compose.mjs';
import { lint } from './lint.mjs';

/** @typedef {{ title: string, problems: string[], remedy: string, notes: string[] }} Report */

const IN_THE_CODE = 'schema.graphql is made from src/schema: correct it there, then run: npm run fix:schema';
const BREAKS =
  'Leave the old beside the new, with a deprecationReason. Where it has to break: npm run release:schema, and say why in the commit.';

/**
 * The four steps of `npm run schema:check`, all of them whatever the first ones find.
 * @param {object} schemas
 * @param {string} schemas.made by the code
 * @param {string} schemas.complete by the code, with the directives of authorization
 * @param {string} schemas.committed as schema.graphql
 * @param {string} schemas.released as schema.released.graphql
 * @param {import('graphql').Source[]} schemas.documents operations and fragments, sent together
 * @param {import('graphql').Source[]} schemas.manifest operations that are sent alone
 * @returns {Promise<Report[]>}
 */
export function checkSchema({ made, complete, committed, released, documents, manifest }) {
  return Promise.all([
    step('composes as a subgraph, by each composer', IN_THE_CODE, () => [made, complete].flatMap(compositionProblems)),
    step('is what is committed', 'Run: npm run fix:schema', () =>
      committed === made ? [] : ['schema.graphql is not what the code makes.'],
    ),
    step('breaks nothing that was released, and no operation', BREAKS, async (notes) => {
      const { breaking, dangerous } = await changesSince(released, complete);
      notes.push(...dangerous.map((danger) => `Dangerous, but allowed: ${danger}`));
      return [
        ...breaking,
        ...[documents, ...manifest.map((operation) => [operation])].flatMap((sent) => misfits(made, sent)),
      ];
    }),
    step('has the style of the house', IN_THE_CODE, () => lint(made, documents)),
  ]);
}

/**
 * @param {string} title
 * @param {string} remedy
 * @param {(notes: string[]) => string[] | Promise<string[]>} find the problems
 * @returns {Promise<Report>}
 */
async function step(title, remedy, find) {
  /** @type {string[]} */
  const notes = [];
  const problems = await find(notes);
  return { title, problems, remedy, notes };
}
