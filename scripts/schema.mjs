// Writes schema.graphql from the code, or with --check compares it and names the command that repairs it.
import { readFile, writeFile } from 'node:fs/promises';
import { print } from 'graphql';
import { createSchema } from '../dist/resolvers/create-schema.js';
import { InputRules } from '../dist/schema/rule.js';

const FILE = new URL('../schema.graphql', import.meta.url);

// Nothing is executed, so there is no use-case behind it.
const startPayment = /** @type {never} */ ({});
const cancelPayment = /** @type {never} */ ({});
const listPayments = /** @type {never} */ ({});
const reconciliation = /** @type {never} */ ({});
const launchUrl = (/** @type {unknown} */ sessionId) => /** @type {never} */ (sessionId);
const rules = new InputRules(0, false);
const { typeDefs } = await createSchema({
  startPayment,
  cancelPayment,
  listPayments,
  reconciliation,
  launchUrl,
  rules,
});
const printed = `${airy(print(typeDefs))}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(FILE, printed);
} else if ((await readFile(FILE, 'utf8').catch(() => '')) !== printed) {
  console.error('schema.graphql is not what the code makes. Run: npm run fix:schema');
  process.exitCode = 1;
}

/** With a blank line before each field that has a description, which graphql-js leaves out. */
function airy(/** @type {string} */ sdl) {
  let isInDescription = false;
  let before = '';
  return sdl.replace(/.*\n?/g, (line) => {
    const begins = !isInDescription && line.trimStart().startsWith('"""');
    if (line.split('"""').length % 2 === 0) isInDescription = !isInDescription;
    const isFirst = /[{(]\n$/.test(before) || before === '\n';
    before = line;
    return begins && !isFirst ? `\n${line}` : line;
  });
}
