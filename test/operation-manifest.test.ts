import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { InvalidManifestError, readManifest } from '../src/server/graphql/persisted-operations.js';
import { ManifestFiles, manifestOf, manifestOperation } from './support/manifest.js';
import { withService } from './support/services.js';

const SCHEMA = buildSchema('type Query { hello: String! } type Mutation { count: Int! }');

const files = withService(new ManifestFiles());

const hello = manifestOperation('query Hello { hello }');
const count = manifestOperation('mutation Count { count }');

/** The message of the rejection. */
function problemsOf(path: string): string {
  try {
    readManifest(path, SCHEMA);
    return '';
  } catch (error) {
    if (error instanceof InvalidManifestError) return error.message;
    throw error;
  }
}

describe('an operation manifest', () => {
  it('returns each document by its id and ignores other fields', () => {
    const path = files.write(manifestOf([{ ...hello, clientName: null }, count]));
    expect([...readManifest(path, SCHEMA)]).toEqual([
      [hello.id, hello.body],
      [count.id, count.body],
    ]);
  });

  it.each<[string, string | object, string]>([
    ['text that is not JSON', '{', 'not valid JSON'],
    ['another format', { ...manifestOf([]), format: 'relay' }, 'format'],
    ['another version', { ...manifestOf([]), version: 2 }, 'version'],
    ['no operations', { format: 'apollo-persisted-query-manifest', version: 1 }, 'operations'],
    ['an operation without a body', manifestOf([{ ...hello, body: undefined }]), 'operations.0.body'],
    ['an operation of an unknown type', manifestOf([{ ...hello, type: 'fragment' }]), 'operations.0.type'],
    ['a repeated id', manifestOf([hello, count, hello]), 'more than once: Hello'],
    ['the id of another document', manifestOf([{ ...hello, id: count.id }]), 'operation Hello, whose id'],
    ['a body that is not GraphQL', manifestOf([{ ...manifestOperation('{ hello }'), body: '{' }]), 'id is not'],
    [
      'another name',
      manifestOf([{ ...hello, name: 'Bye' }]),
      'operation Bye, whose body is not one query of this name',
    ],
    ['another type', manifestOf([{ ...hello, type: 'mutation' }]), 'operation Hello, whose body is not one mutation'],
    ['an unknown field', manifestOf([manifestOperation('query Bye { bye }')]), 'operation Bye, which does not'],
    [
      'two operations in one body',
      manifestOf([manifestOperation('query Hello { hello } query Bye { hello }')]),
      'not one query of this name',
    ],
  ])('is rejected with %s', (_, content, problem) => {
    expect(problemsOf(files.write(content))).toMatch(/^PERSISTED_OPERATIONS_MANIFEST /);
    expect(problemsOf(files.write(content))).toContain(problem);
  });

  it('is rejected when it is missing', () => {
    expect(problemsOf('/nowhere/manifest.json')).toBe(
      'PERSISTED_OPERATIONS_MANIFEST names /nowhere/manifest.json, which cannot be read: ENOENT',
    );
  });

  it('is rejected with all problems at once', () => {
    const path = files.write(
      manifestOf([{ ...hello, name: 'Bye' }, manifestOperation('query Bye { bye }'), count, count]),
    );
    expect(problemsOf(path).split('\n')).toHaveLength(3);
  });
});
