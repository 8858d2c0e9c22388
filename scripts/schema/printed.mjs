// The schema as the code makes it.
import { print } from 'graphql';
import { createSchema } from '../../dist/resolvers/create-schema.js';

/**
 * The text of schema.graphql, or of schema.released.graphql, which shows the directives of authorization as well.
 * @param {{ showsAuthorization?: boolean }} [options]
 * @returns {Promise<string>}
 */
export async function printedSchema({ showsAuthorization = false } = {}) {
  // Nothing is executed, so there is no use-case behind it.
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
  return `${airy(print(typeDefs))}\n`;
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
