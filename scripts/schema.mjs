// Writes schema.graphql from the code, or with --check compares it and names the command that repairs it.
import { readFile, writeFile } from 'node:fs/promises';
import { printSchema } from 'graphql';
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
const schema = await createSchema({ startPayment, cancelPayment, listPayments, reconciliation, launchUrl, rules });
const printed = `${printSchema(schema)}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(FILE, printed);
} else if ((await readFile(FILE, 'utf8').catch(() => '')) !== printed) {
  console.error('schema.graphql is not what the code makes. Run: npm run fix:schema');
  process.exitCode = 1;
}
