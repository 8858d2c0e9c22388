// Prints the schema that the code generates.
import { print } from 'graphql';
import { createSchema } from '../../dist/resolvers/create-schema.js';

/**
 * The text of schema.graphql, or of schema.released.graphql, which also has the authorization directives.
 * @param {{ showsAuthorization?: boolean }} [options]
 * @returns {Promise<string>}
 */
export async function printedSchema({ showsAuthorization = false } = {}) {
  // Nothing is executed, so the resolvers need no use cases.
  const unused = /** @type {never} */ ({});
  const { typeDefs } = await createSchema({
    startPayment: unused,
    cancelPayment: unused,
    listPayments: unused,
    reconciliation: unused,
    paymentUrl: unused,
    rules: unused,
    showsAuthorization,
  });
  return `${withBlankLines(print(typeDefs))}\n`;
}

/** Adds a blank line before each field that has a description. graphql-js prints none. */
function withBlankLines(/** @type {string} */ sdl) {
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
