import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildSchema, graphql, isObjectType, parse, print, visit } from 'graphql';
import { COMPOSERS, service } from '../../scripts/schema/compose.mjs';
import { createStubbedSchema } from '../support/stubbed-schema.js';

const RELEASED = readFileSync(new URL('../../schema.released.graphql', import.meta.url), 'utf8');
const COMMITTED = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key"])';

/** The SDL that the running schema returns for `_service`. */
let serviceSdl: string;

beforeAll(async () => {
  const unused = () => Promise.reject(new Error('nothing is executed'));
  const { schema } = await createStubbedSchema(unused);
  const { data } = await graphql({ schema, source: '{ _service { sdl } }' });
  serviceSdl = (data as { _service: { sdl: string } })._service.sdl;
});

/** Other subgraphs, by description. */
const OTHERS = {
  'that adds a field to payments': `
    ${LINK}
    type Query { order(id: ID!): Order }
    type Order @key(fields: "id") { id: ID! payment: PaymentSession }
    type PaymentSession @key(fields: "id") { id: ID! order: Order }
  `,
  'that has the types of every shop': readFileSync(new URL('hostile-shop.graphql', import.meta.url), 'utf8'),
};

describe.each(Object.keys(COMPOSERS))('the subgraph schema composed by %s', (composer) => {
  const compose = (sdl: string, other?: string): string[] =>
    COMPOSERS[composer]?.([service('payments', sdl), ...(other === undefined ? [] : [service('other', other)])]) ?? [
      'no such composer',
    ];

  it('has no errors or hints as committed, as released and as returned by _service', () => {
    expect(compose(COMMITTED)).toEqual([]);
    expect(compose(RELEASED)).toEqual([]);
    expect(compose(serviceSdl)).toEqual([]);
  });

  it.each(Object.entries(OTHERS))('has no errors or hints beside a subgraph %s', (_description, other) => {
    expect(compose(COMMITTED, other)).toEqual([]);
    expect(compose(serviceSdl, other)).toEqual([]);
  });
});

describe('the supergraph', () => {
  const { supergraphSdl = '' } = composeServices([service('payments', RELEASED)]);

  it('resolves payments by their id', () => {
    expect(supergraphSdl).toMatch(/type PaymentSession\s+@join__type\(graph: PAYMENTS, key: "id"\)/);
  });

  it('declares the scopes of each root field', () => {
    const fields = Object.fromEntries(
      ['Query', 'Mutation', 'Subscription'].flatMap((name) => {
        const type = buildSchema(supergraphSdl).getType(name);
        if (!isObjectType(type)) throw new Error(`no ${name}`);
        return Object.values(type.getFields()).map((field) => [
          field.name,
          (field.astNode?.directives ?? [])
            .filter((directive) => ['authenticated', 'requiresScopes'].includes(directive.name.value))
            .map((directive) => print(directive)),
        ]);
      }),
    ) as Record<string, string[]>;
    const anyOf = (...names: string[]) => [
      `@requiresScopes(scopes: [${names.map((name) => `["${name}"]`).join(', ')}])`,
    ];
    expect(fields).toEqual({
      paymentSession: anyOf('payments:read', 'backoffice:read'),
      paymentSessions: anyOf('payments:read', 'backoffice:read'),
      validatePayment: ['@authenticated'],
      reconciliationReport: anyOf('reconciliation:read', 'backoffice:read'),
      cancelPaymentSession: anyOf('payments:cancel'),
      createPaymentSession: anyOf('payments:create'),
      sendPaymentRequest: anyOf('payments:send'),
      paymentSessionUpdated: anyOf('payments:read', 'backoffice:read'),
    });
  });
});

describe('the @link to the Federation specification', () => {
  it.each([
    ['committed', COMMITTED],
    ['released', RELEASED],
  ])('names v2.7 and imports exactly the directives in use in the %s schema', (_file, sdl) => {
    const used = new Set<string>();
    visit(parse(sdl), { Directive: ({ name }) => void used.add(`@${name.value}`) });
    used.delete('@link');
    const [, version, imports = ''] = /federation\/(v[\d.]+)", import: \[(.*)\]/.exec(sdl) ?? [];
    expect(version).toBe('v2.7');
    expect(imports.split(', ').map((name) => name.replaceAll('"', ''))).toEqual([...used].sort());
  });
});
