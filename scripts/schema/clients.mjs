// The operations that are known to be sent: examples, and what the client package has of them.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { GraphQLError, NoUnusedFragmentsRule, Source, concatAST, parse, specifiedRules, validate } from 'graphql';
import { apiSchema } from './api-schema.mjs';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['examples/operations/', 'client/fragments/'];
const MANIFEST = 'client/persisted-operations.json';

// Fragments are handed out to be used by others.
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);

/**
 * The documents of the examples and of the fragments that they may use.
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
 * The operations of the manifest, each complete.
 * @returns {Source[]}
 */
export function readManifest() {
  if (!exists(MANIFEST)) return [];
  /** @type {{ operations: { name: string, body: string }[] }} */
  const { operations } = JSON.parse(read(MANIFEST));
  return operations.map(({ name, body }) => new Source(body, `${MANIFEST}, ${name}`));
}

/**
 * Where documents that are sent together do not fit the schema.
 * @param {string} sdl
 * @param {Source[]} documents
 * @returns {string[]}
 */
export function misfits(sdl, documents) {
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
