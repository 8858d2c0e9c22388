import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { composeSchemaContract, composeServices } from '@theguild/federation-composition';
import { federateSubgraphsContract } from '@wundergraph/composition';
import { buildSchema, isInterfaceType, isObjectType, printSchema, specifiedScalarTypes } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { apiSchema } from '../../scripts/schema/api-schema.mjs';
import { validationErrors, readDocuments } from '../../scripts/schema/clients.mjs';
import { service } from '../../scripts/schema/compose.mjs';

const SDL = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const PAYMENTS = service('payments', SDL);
const PERSONAL_OR_SECRET = [
  ...['PaymentCustomer.email', 'PaymentCustomer.name', 'PaymentSession.flinksSessionId', 'PaymentSessionEvent.actor'],
];
const RECONCILIATION_TYPES = /^Reconciliation|Exception$|^Date$|^Query\.reconciliationReport$/;

/** The method of Set that @wundergraph/composition needs and Node has from 22 on. */
class Tags extends Set<string> {
  isDisjointFrom(others: ReadonlySet<string>): boolean {
    return ![...this].some((tag) => others.has(tag));
  }
}

/** By package, the contract schema that includes these tags, without unreachable types. */
const CONTRACTS: Record<string, (...tags: string[]) => GraphQLSchema> = {
  '@theguild/federation-composition': (...tags) => {
    const contract = composeSchemaContract([PAYMENTS], { include: new Set(tags), exclude: new Set() }, true);
    expect(contract.errors ?? []).toEqual([]);
    return buildSchema(contract.publicSdl ?? '');
  },
  '@wundergraph/composition': (...tags) => {
    const { typeDefs: definitions, ...names } = PAYMENTS;
    const contract = federateSubgraphsContract({
      subgraphs: [{ ...names, definitions }],
      contractTagOptions: { tagNamesToInclude: new Tags(tags), tagNamesToExclude: new Tags() },
    });
    if (!contract.success) throw new AggregateError(contract.errors);
    return contract.federatedGraphClientSchema;
  },
};

/** The coordinates of every type and field. */
function coordinates(schema: GraphQLSchema): string[] {
  const types = Object.values(schema.getTypeMap()).filter(
    ({ name }) => !name.startsWith('__') && !specifiedScalarTypes.some((scalar) => scalar.name === name),
  );
  return types
    .flatMap((type) => [
      type.name,
      ...(isObjectType(type) || isInterfaceType(type)
        ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
        : []),
    ])
    .sort();
}

function isReconciliation(coordinate: string): boolean {
  return RECONCILIATION_TYPES.test(coordinate) || RECONCILIATION_TYPES.test(coordinate.split('.')[0] ?? '');
}

describe.each(Object.entries(CONTRACTS))('the contracts composed by %s', (_composer, contract) => {
  const all = coordinates(apiSchema(SDL));

  it('give the public variant everything but personal data and reconciliation', () => {
    const hidden = [...PERSONAL_OR_SECRET, ...all.filter(isReconciliation)];
    expect(hidden.length).toBeGreaterThan(50);
    expect(coordinates(contract('public'))).toEqual(all.filter((coordinate) => !hidden.includes(coordinate)));
  });

  it('give the back office variant everything', () => {
    expect(coordinates(contract('public', 'backoffice'))).toEqual(all);
  });

  it('let the public variant execute every example operation but that of reconciliation', () => {
    const schema = printSchema(contract('public'));
    const rejected = readDocuments().filter((document) => validationErrors(schema, [document]).length > 0);
    expect(rejected.map(({ name }) => name)).toEqual(['examples/operations/reconciliation-report.graphql']);
  });
});

it('the API schema without a contract contains everything', () => {
  const { publicSdl = '' } = composeServices([PAYMENTS]);
  expect(coordinates(buildSchema(publicSdl))).toEqual(coordinates(apiSchema(SDL)));
});
