// Used by codegen.yml. GraphQL clients add __typename to the documents that they send. The typed documents already have it, so that
// all clients send the same text, and the manifest of persisted operations can list it.
import { createHash } from 'node:crypto';
import { addTypenameToDocument } from '@apollo/client/utilities';
import { stringifyDocument } from '@urql/core';
import { Kind, print, visit } from 'graphql';

/** @typedef {{ readonly document?: import('graphql').DocumentNode }} DocumentFile */

/**
 * Adds __typename to the documents.
 * @param {{ readonly documents: readonly DocumentFile[] }} options
 */
export function transform({ documents }) {
  return documents.map(({ document, ...rest }) => ({ ...rest, document: document && addTypenameToDocument(document) }));
}

/**
 * Returns the manifest of persisted operations in Apollo's format.
 * @param {unknown} _schema
 * @param {readonly DocumentFile[]} documents
 */
export function plugin(_schema, documents) {
  const definitions = documents.flatMap(({ document }) => document?.definitions ?? []);
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const listed = operations.flatMap((operation) => entriesOf(operation, definitions));
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: listed };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** urql prints documents without empty lines. An operation with fragments is therefore listed twice, once as urql prints it. */
function entriesOf(operation, definitions) {
  const document = { kind: Kind.DOCUMENT, definitions: [operation, ...fragmentsOf(operation, definitions)] };
  const bodies = new Set([print(document), stringifyDocument(JSON.parse(JSON.stringify(document)))]);
  const { name, operation: type } = operation;
  return [...bodies].map((body) => ({ id: sha256(body), name: name.value, type, body }));
}

function fragmentsOf(node, definitions, found = new Set()) {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = definitions.find(
        (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === name.value,
      );
      if (found.has(fragment)) return;
      found.add(fragment);
      fragmentsOf(fragment, definitions, found);
    },
  });
  return found;
}

/** @param {string} text */
function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
