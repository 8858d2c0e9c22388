import { describe, expect, it } from '@jest/globals';
import { Kind, getNamedType, isObjectType, isUnionType, parse, specifiedRules, validate } from 'graphql';
import { MAX_COST } from '../../../src/server/graphql/limits/limit-operations.js';
import { operationCost } from '../../../src/server/graphql/limits/operation-cost.js';
import { createStubbedSchema } from '../../support/stubbed-schema.js';

const { schema } = await createStubbedSchema(() => Promise.reject(new Error('nothing runs')));

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  expect(validate(schema, document, specifiedRules)).toEqual([]);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the first is an operation');
  return operationCost(operation, document, schema, variables);
}

const ENTITIES = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id status } } }';

describe('the cost of an operation', () => {
  it.each([
    ['a field of the root', '{ __typename }', 1],
    ['a read', '{ paymentSession(id: 1) { id status amount { value } } }', 100 + 2 + 1 + 1],
    ['a list without a size argument', '{ paymentSession(id: 1) { events { recordedAt status } } }', 100 + 1 + 5 * 2],
    ['a list of scalars', '{ paymentSession(id: 1) { clientUrls } }', 100 + 1],
    ['a page of the default size', '{ paymentSessions { edges { cursor } } }', 100 + 20 * (1 + 1)],
    ['a page of a given size', '{ paymentSessions(first: 7) { edges { cursor } } }', 100 + 7 * (1 + 1)],
    ['a page of size zero', '{ paymentSessions(first: 0) { edges { cursor } } }', 100 + 1 + 1],
    ['a page beyond the maximum size', '{ paymentSessions(first: 2147483647) { edges { cursor } } }', 100 + 100 * 2],
    ['a field that is skipped', '{ paymentSession(id: 1) @skip(if: true) { id } }', 100 + 1],
    ['aliases', '{ a: paymentSession(id: 1) { id } b: paymentSession(id: 1) { id } }', 2 * (100 + 1)],
  ])('is computed for %s', (_description, query, expected) => {
    expect(cost(query)).toBe(expected);
  });

  it.each([
    ['a variable', 'query ($n: Int!) { paymentSessions(first: $n) { edges { cursor } } }', { n: 50 }, 100 + 50 * 2],
    [
      'the default of a variable',
      'query ($n: Int! = 50) { paymentSessions(first: $n) { edges { cursor } } }',
      {},
      100 + 50 * 2,
    ],
    [
      'the value of a variable, not its default',
      'query ($n: Int! = 50) { paymentSessions(first: $n) { edges { cursor } } }',
      { n: 3 },
      100 + 3 * 2,
    ],
    [
      'an invalid variable',
      'query ($n: Int!) { paymentSessions(first: $n) { edges { cursor } } }',
      { n: -1e9 },
      100 + 2,
    ],
    ['a list', ENTITIES, { of: Array(1_000).fill({}) }, 100 + 1_000 * (50 + 2)],
    ['an empty list', ENTITIES, { of: [] }, 100 + 50 + 2],
  ])('takes the size of a list from %s', (_description, query, variables, expected) => {
    expect(cost(query, variables)).toBe(expected);
  });

  it('includes a fragment each time it is spread', () => {
    const fragment = 'fragment f on PaymentSession { id status }';
    expect(cost(`{ a: paymentSession(id: 1) { ...f } b: paymentSession(id: 1) { ...f } } ${fragment}`)).toBe(2 * 102);
  });

  it('is within the limit for the largest reasonable operations', () => {
    const selected = (name: string): string => {
      const type = schema.getType(name);
      if (!isObjectType(type)) throw new Error(`${name} has no fields`);
      const fields = Object.values(type.getFields()).map((field) => {
        const of = getNamedType(field.type);
        return isObjectType(of) ? `${field.name} ${selected(of.name)}` : field.name;
      });
      return `{ ${fields.join(' ')} }`;
    };
    const union = schema.getType('ReconciliationException');
    if (!isUnionType(union)) throw new Error('it is a union');
    const exceptions = union.getTypes().map(({ name }) => `... on ${name} ${selected(name)}`);
    const list = (node: string) =>
      `(first: 100) { edges { cursor node ${node} } pageInfo ${selected('PaymentPageInfo')} }`;
    const payment = selected('PaymentSession');
    const costs = [
      cost(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession ${payment} } }`, {
        of: Array(1_000).fill({}),
      }),
      cost(`{ paymentSessions${list(payment)} }`),
      cost(`{ reconciliationReport(date: "2026-11-22") { exceptions${list(`{ ${exceptions.join(' ')} }`)} } }`),
    ];
    expect(costs).toEqual([105_100, 6_400, 56_201]);
    expect(Math.max(...costs)).toBeLessThan(MAX_COST);
  });

  it('is infinite for fragments that multiply, and computed in linear time', () => {
    const depth = 2_000;
    const fragments = Array.from(
      { length: depth },
      (_, index) => `fragment f${index} on Query { ${`...f${index + 1} `.repeat(5)} }`,
    );
    const query = `{ ...f0 _entities(representations: []) { __typename } } ${fragments.join(' ')} fragment f${depth} on Query { __typename }`;
    const document = parse(query);
    const [operation] = document.definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the first is an operation');
    expect(operationCost(operation, document, schema, {})).toBe(Infinity);
  });
});
