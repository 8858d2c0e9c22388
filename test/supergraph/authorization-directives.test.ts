import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Kind, parse, print, visit } from 'graphql';
import type { ConstDirectiveNode, DirectiveNode, FieldDefinitionNode } from 'graphql';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { ExampleProgram, serve } from '../support/supergraph.js';

const COMMITTED = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const DIRECTIVE = /@(?:authenticated|requiresScopes)\b/;
const NO_PAYMENT = 'ps_01a202f2-fc99-76f3-81b5-1118e13d7638';

const isForAuthorization = ({ name }: DirectiveNode): boolean => DIRECTIVE.test(`@${name.value}`);

/** A subgraph that reports this SDL and has no payments. */
function serveSubgraph(sdl: string) {
  return serve((request, response) => {
    void text(request).then((body) => {
      const data = body.includes('_service') ? { _service: { sdl } } : { paymentSession: null };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    });
  });
}

/** Starts a federation gateway over a payments subgraph with this SDL, and sends a query through it. */
async function queryThrough(file: string, sdl: string): Promise<unknown> {
  const [payments, orders] = [await serveSubgraph(sdl), await ExampleProgram.start('orders.mjs')];
  try {
    const supergraph = await ExampleProgram.start(file, { PAYMENTS_URL: payments.url, ORDERS_URL: orders.url });
    try {
      return (await supergraph.post({ query: `{ paymentSession(id: "${NO_PAYMENT}") { id status } }` })).data;
    } finally {
      await supergraph.stop();
    }
  } finally {
    await orders.stop();
    await payments.close();
  }
}

/** All fields of object types, by their schema coordinates. */
function fieldsIn(sdl: string): Map<string, FieldDefinitionNode> {
  const fields = parse(sdl).definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION
      ? (node.fields ?? []).map((field) => [`${node.name.value}.${field.name.value}`, field] as const)
      : [],
  );
  return new Map(fields);
}

/** The sentence of a description that a directive implies. */
function sentenceFor(directive: ConstDirectiveNode): string {
  if (directive.name.value === 'authenticated') return 'Any authenticated client may use it.';
  const scopes = [...print(directive).matchAll(/"([^"]+)"/g)].map(([, scope]) => scope);
  return `Requires the scope ${scopes.join(' or ')}.`;
}

/** The SDL without the authorization directives and their imports. */
function withoutAuthorization(sdl: string): string {
  return print(
    visit(parse(sdl), {
      Directive: (node) => (isForAuthorization(node) ? null : undefined),
      ListValue: (node) => ({
        ...node,
        values: node.values.filter((value) => value.kind !== Kind.STRING || !DIRECTIVE.test(value.value)),
      }),
    }),
  );
}

const { addGateway } = withSandbox();
const plain = addGateway();
const annotated = addGateway({ SUBGRAPH_AUTHORIZATION_DIRECTIVES: 'true' });
let byDefault: string;
let withDirectives: string;

async function sdlOf(gateway: TestGateway): Promise<string> {
  const { data } = await gateway.post<{ _service: { sdl: string } }>({ query: '{ _service { sdl } }' });
  return data?._service.sdl ?? '';
}

beforeAll(async () => {
  byDefault = await sdlOf(plain);
  withDirectives = await sdlOf(annotated);
});

describe('the committed SDL', () => {
  it.each([
    ['Hive Gateway', 'hive-gateway.mjs'],
    ['@apollo/gateway', 'apollo-gateway.mjs'],
  ])('starts %s without removing any directive', async (_, file) => {
    expect(await queryThrough(file, COMMITTED)).toEqual({ paymentSession: null });
  });

  it('equals the SDL that the gateway serves by default', () => {
    expect(print(parse(byDefault))).toBe(print(parse(COMMITTED)));
  });
});

describe('the SDL of the subgraph', () => {
  it('has no authorization directive by default', () => {
    expect(byDefault).not.toBe('');
    expect(byDefault).not.toMatch(DIRECTIVE);
  });

  it('differs only by @authenticated and @requiresScopes with SUBGRAPH_AUTHORIZATION_DIRECTIVES=true', () => {
    for (const name of ['authenticated', 'requiresScopes']) {
      expect(withDirectives).toMatch(new RegExp(`@link\\([^)]*"@${name}"`));
      expect(withDirectives).toMatch(new RegExp(`: [^"\\n]+ @${name}\\b`));
    }
    expect(withoutAuthorization(withDirectives)).toBe(print(parse(byDefault)));
  });

  it('describes the scope of every protected field, with and without the directives', () => {
    const described = fieldsIn(byDefault);
    const protectedFields = [...fieldsIn(withDirectives)].flatMap(([coordinate, field]) => {
      const directive = field.directives?.find(isForAuthorization);
      return directive === undefined ? [] : [{ coordinate, field, sentence: sentenceFor(directive) }];
    });
    expect(protectedFields.map(({ coordinate }) => coordinate)).toEqual(
      expect.arrayContaining(['Query.validatePayment', 'Query.paymentSession', 'Mutation.createPaymentSession']),
    );
    for (const { coordinate, field, sentence } of protectedFields)
      for (const { description } of [field, described.get(coordinate) ?? field])
        expect([coordinate, description?.value]).toEqual([coordinate, expect.stringContaining(sentence)]);
  });

  it('is rejected with the directives by @apollo/gateway, which cannot enforce them', async () => {
    await expect(queryThrough('apollo-gateway.mjs', withDirectives)).rejects.toThrow(/authenticated|requiresScopes/);
  });
});
