import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { documentProblem } from '../../../src/server/graphql/limits/document-limits.js';
import { schemaOver } from '../../support/schema-over.js';

const { schema } = await schemaOver(() => Promise.reject(new Error('nothing runs')));

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

describe('documents that may be read', () => {
  it.each(examples)('are the examples: %s', (file) => {
    expect(problem(readFileSync(new URL(file, OPERATIONS), 'utf8'))).toBeUndefined();
  });

  it('are introspection with everything that tools ask for, deep as its types are', () => {
    const everything = { schemaDescription: true, inputValueDeprecation: true, specifiedByUrl: true, oneOf: true };
    expect(problem(getIntrospectionQuery(everything))).toBeUndefined();
    expect(problem(`{ __schema { types ${'{ ofType'.repeat(30)} { name } ${'}'.repeat(30)} } }`)).toBeUndefined();
  });

  it.each([
    ['fifty aliases', `{ ${times(50, (index) => `a${index}: __typename`)} }`],
    ['fifty directives', `{ ${times(50, (index) => `a${index}: __typename`)} @include(if: true) }`],
    ['a field twenty times', `{ ${times(20, () => '__typename')} }`],
    ['fragments nineteen deep', `{ ${nested(19, '__typename')} }`],
    ['what cannot be read, which others tell of', '{ "'],
  ])('have %s', (_what, query) => {
    expect(problem(query)).toBeUndefined();
  });
});

const DOUBLING = times(7, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`);

describe('documents that are not read', () => {
  it.each([
    ['of selections', '{a'.repeat(40_000)],
    ['of names', `{ ${times(30_000, () => 'a')} }`],
    ['of arguments', `{ paymentSession(${times(20_000, () => 'a:1')}) { id } }`],
    ['of variables', `query (${times(10_000, (index) => `$a${index}: ID`)}) { __typename }`],
    ['of operations', times(10_000, (index) => `query q${index} { __typename }`)],
    ['of fragments', `{ __typename } ${times(5_000, (index) => `fragment f${index} on Query { __typename }`)}`],
    ['of values in values', `{ _entities(representations: ${'['.repeat(25_000)}`],
    ['of objects in objects', `{ _entities(representations: [${'{a:'.repeat(25_000)}`],
  ])('are those of too many tokens, a flood %s', (_what, query) => {
    expect(problem(query)).toMatch(/limit of 1000 tokens/);
  });

  it.each([
    ['beside each other', `{ ${times(101, (index) => `a${index}: __typename`)} }`],
    [
      'named as what is there anyway',
      `{ ${times(51, (index) => `a${index}: paymentSession(id: 1) { __typename: id }`)} }`,
    ],
    [
      'of a fragment that is spread often',
      `{ ${times(51, () => '...f')} } fragment f on Query { a: __typename b: __typename }`,
    ],
    ['of fragments that double', `{ ...f0 } ${DOUBLING} fragment f7 on Query { a: __typename }`],
    ['in inline fragments', `{ ${times(101, (index) => `... { a${index}: __typename }`)} }`],
    [
      'in another operation than the first',
      `query a { __typename } query b { ${times(101, (index) => `a${index}: __typename`)} }`,
    ],
    ['in a mutation', `mutation { ${times(101, (index) => `a${index}: __typename`)} }`],
  ])('are those of too many aliases, %s', (_what, query) => {
    expect(problem(query)).toMatch(/limit of 100 aliases/);
  });

  it.each([
    ['unknown ones', `{ __typename ${times(51, () => '@aa')} }`],
    ['known ones', `{ __typename ${times(51, () => '@skip(if: false)')} }`],
    [
      'of a fragment that is spread again and again',
      `{ ${times(51, () => '...f @aa')} } fragment f on Query { __typename }`,
    ],
    ['of variables', `query (${times(51, (index) => `$a${index}: ID @aa`)}) { __typename }`],
    ['of a fragment that is not used', `{ __typename } fragment f on Query { __typename ${times(51, () => '@aa')} }`],
    ['of the operation', `query ${times(51, () => '@aa')} { __typename }`],
  ])('are those of too many directives, %s', (_what, query) => {
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
  ])('are those that are too deep, with %s', (_what, query) => {
    expect(problem(query)).toMatch(/limit of 20 levels/);
  });

  it.each([
    ['beside each other', `{ ${times(21, () => '__typename')} }`],
    ['in inline fragments', `{ __typename ${times(20, () => '... { __typename }')} }`],
    ['under one alias', `{ paymentSession(id: 1) { ${times(21, () => 'a: id')} } }`],
    ['in a fragment', `{ ...f } fragment f on Query { ${times(21, () => '__typename')} }`],
  ])('are those with the same field too often, %s', (_what, query) => {
    expect(problem(query)).toMatch(/limit of 20 selections of the same field/);
  });

  it('are refused in words that repeat nothing of them', () => {
    expect(problem(`{ ${times(101, (index) => `secret${index}: __typename`)} }`)).not.toContain('secret');
  });

  it.each([
    ['of one', '{ ...f } fragment f on Query { ...f }'],
    ['of many', `{ ...f0 } ${times(50, (index) => `fragment f${index} on Query { ...f${(index + 1) % 50} }`)}`],
    ['through inline fragments', '{ ...f } fragment f on Query { ... { ... { ...f a: __typename } } }'],
  ])('are none with a circle %s, which validation refuses', (_what, query) => {
    expect([undefined, expect.stringMatching(/levels/)]).toContainEqual(problem(query));
  });
});
