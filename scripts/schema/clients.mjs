// Reads the operations of known clients: the example operations and the client package.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { GraphQLError, NoUnusedFragmentsRule, Source, concatAST, parse, specifiedRules, validate } from 'graphql';
import { apiSchema } from './api-schema.mjs';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['examples/operations/', 'client/fragments/'];
const MANIFEST = 'client/persisted-operations.json';

// The client package exports fragments that its own operations do not use.
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);

/**
 * The example operations, and the fragments of the client package.
 * @returns {Source[]}
 */
export function readDocuments() {
  return FOLDERS.filter(exists).flatMap((folder) =>
    readdirSync(new URL(folder, ROOT))
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => new Source(read(folder + file), folder + file)),
  );
}

/**
 * The operations of the manifest, each with its fragments.
 * @returns {Source[]}
 */
export function readManifest() {
  if (!exists(MANIFEST)) return [];
  /** @type {{ operations: { name: string, body: string }[] }} */
  const { operations } = JSON.parse(read(MANIFEST));
  return operations.map(({ name, body }) => new Source(body, `${MANIFEST}, ${name}`));
}

/**
 * The validation errors of documents that are sent together, each with file and line.
 * @param {string} sdl
 * @param {Source[]} documents
 * @returns {string[]}
 */
export function validationErrors(sdl, documents) {
  return errorsOf(apiSchema(sdl), documents).map(
    ({ source, locations, message }) => `${source?.name}:${locations?.[0]?.line}: ${message}`,
  );
}

/** @returns {readonly GraphQLError[]} */
function errorsOf(/** @type {import('graphql').GraphQLSchema} */ schema, /** @type {Source[]} */ documents) {
  try {
    return validate(schema, concatAST(documents.map((source) => parse(source))), RULES);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function exists(/** @type {string} */ path) {
  return existsSync(new URL(path, ROOT));
}

function read(/** @type {string} */ path) {
  return readFileSync(new URL(path, ROOT), 'utf8');
}
