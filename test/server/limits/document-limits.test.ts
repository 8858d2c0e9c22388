import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { documentProblem } from '../../../src/server/graphql/limits/document-limits.js';
import { createStubbedSchema } from '../../support/stubbed-schema.js';

const { schema } = await createStubbedSchema(() => Promise.reject(new Error('nothing runs')));

const OPERATIONS = new URL('../../../examples/operations/', import.meta.url);
const examples = readdirSync(OPERATIONS).filter((file) => file.endsWith('.graphql'));

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (levels: number, text: string): string => '...{'.repeat(levels) + text + '}'.repeat(levels);

function problem(query: string): string | undefined {
  const found = documentProblem(query, schema);
  if (found !== undefined)
    expect(found.extensions).toMatchObject({ code: 'OPERATION_TOO_LARGE', http: { status: 400 } });
  return found?.message;
}

describe('a document within the limits', () => {
  it.each(examples)('may be the example %s', (file) => {
    expect(problem(readFileSync(new URL(file, OPERATIONS), 'utf8'))).toBeUndefined();
  });

  it('may be the full introspection query, with deeply nested types', () => {
    const everything = { schemaDescription: true, inputValueDeprecation: true, specifiedByUrl: true, oneOf: true };
    expect(problem(getIntrospectionQuery(everything))).toBeUndefined();
    expect(problem(`{ __schema { types ${'{ ofType'.repeat(30)} { name } ${'}'.repeat(30)} } }`)).toBeUndefined();
  });

  it.each([
    ['fifty aliases', `{ ${times(50, (index) => `a${index}: __typename`)} }`],
    ['fifty directives', `{ ${times(50, (index) => `a${index}: __typename`)} @include(if: true) }`],
    ['a field twenty times', `{ ${times(20, () => '__typename')} }`],
    ['fragments nineteen deep', `{ ${nested(19, '__typename')} }`],
    ['a syntax error, which the parser reports', '{ "'],
  ])('may have %s', (_description, query) => {
    expect(problem(query)).toBeUndefined();
  });
});

const DOUBLING = times(7, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`);

describe('a document beyond the limits', () => {
  it.each([
    ['of selections', '{a'.repeat(40_000)],
    ['of names', `{ ${times(30_000, () => 'a')} }`],
    ['of arguments', `{ paymentSession(${times(20_000, () => 'a:1')}) { id } }`],
    ['of variables', `query (${times(10_000, (index) => `$a${index}: ID`)}) { __typename }`],
    ['of operations', times(10_000, (index) => `query q${index} { __typename }`)],
    ['of fragments', `{ __typename } ${times(5_000, (index) => `fragment f${index} on Query { __typename }`)}`],
    ['of nested values', `{ _entities(representations: ${'['.repeat(25_000)}`],
    ['of nested objects', `{ _entities(representations: [${'{a:'.repeat(25_000)}`],
  ])('is rejected for too many tokens, as a flood %s', (_description, query) => {
    expect(problem(query)).toMatch(/limit of 1000 tokens/);
  });

  it.each([
    ['beside each other', `{ ${times(101, (index) => `a${index}: __typename`)} }`],
    [
      'named like existing fields',
      `{ ${times(51, (index) => `a${index}: paymentSession(id: 1) { __typename: id }`)} }`,
    ],
    [
      'of a fragment that is spread repeatedly',
      `{ ${times(51, () => '...f')} } fragment f on Query { a: __typename b: __typename }`,
    ],
    ['of fragments that double', `{ ...f0 } ${DOUBLING} fragment f7 on Query { a: __typename }`],
    ['in inline fragments', `{ ${times(101, (index) => `... { a${index}: __typename }`)} }`],
    [
      'in another operation than the first',
      `query a { __typename } query b { ${times(101, (index) => `a${index}: __typename`)} }`,
    ],
    ['in a mutation', `mutation { ${times(101, (index) => `a${index}: __typename`)} }`],
  ])('is rejected for too many aliases %s', (_description, query) => {
    expect(problem(query)).toMatch(/limit of 100 aliases/);
  });

  it.each([
    ['that are unknown', `{ __typename ${times(51, () => '@aa')} }`],
    ['that are known', `{ __typename ${times(51, () => '@skip(if: false)')} }`],
    [
      'of a fragment that is spread repeatedly',
      `{ ${times(51, () => '...f @aa')} } fragment f on Query { __typename }`,
    ],
    ['of variables', `query (${times(51, (index) => `$a${index}: ID @aa`)}) { __typename }`],
    ['of a fragment that is not used', `{ __typename } fragment f on Query { __typename ${times(51, () => '@aa')} }`],
    ['of the operation', `query ${times(51, () => '@aa')} { __typename }`],
  ])('is rejected for too many directives %s', (_description, query) => {
    expect(problem(query)).toMatch(/limit of 50 directives/);
  });

  it.each([
    ['fields', `${'{ a'.repeat(21)} ${'}'.repeat(21)}`],
    ['inline fragments', `{ ${nested(20, '__typename')} }`],
    [
      'fragments',
      `{ ...f0 } ${times(11, (index) => `fragment f${index} on Query { ... { ...f${index + 1} } }`)} fragment f11 on Query { __typename }`,
    ],
    ['types', `{ __type(name: "Query") ${'{ ofType'.repeat(20)} { name } ${'}'.repeat(20)} }`],
  ])('is rejected for too many levels of %s', (_description, query) => {
    expect(problem(query)).toMatch(/limit of 20 levels/);
  });

  it.each([
    ['beside each other', `{ ${times(21, () => '__typename')} }`],
    ['in inline fragments', `{ __typename ${times(20, () => '... { __typename }')} }`],
    ['under one alias', `{ paymentSession(id: 1) { ${times(21, () => 'a: id')} } }`],
    ['in a fragment', `{ ...f } fragment f on Query { ${times(21, () => '__typename')} }`],
  ])('is rejected for too many repetitions of a field %s', (_description, query) => {
    expect(problem(query)).toMatch(/limit of 20 selections of the same field/);
  });

  it('is rejected with a message that repeats nothing of it', () => {
    expect(problem(`{ ${times(101, (index) => `secret${index}: __typename`)} }`)).not.toContain('secret');
  });

  it.each([
    ['of one fragment', '{ ...f } fragment f on Query { ...f }'],
    [
      'of many fragments',
      `{ ...f0 } ${times(50, (index) => `fragment f${index} on Query { ...f${(index + 1) % 50} }`)}`,
    ],
    ['through inline fragments', '{ ...f } fragment f on Query { ... { ... { ...f a: __typename } } }'],
  ])('is recognized without endless recursion despite a cycle %s', (_description, query) => {
    expect([undefined, expect.stringMatching(/levels/)]).toContainEqual(problem(query));
  });
});
