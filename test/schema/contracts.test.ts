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
const OF_RECONCILIATION = /^Reconciliation|Exception$|^Date$|^Query\.reconciliationReport$/;

/** What @wundergraph/composition asks of a Set, which Node has from 22 on. */
class Tags extends Set<string> {
  isDisjointFrom(others: ReadonlySet<string>): boolean {
    return ![...this].some((tag) => others.has(tag));
  }
}

/** By package: the contract that includes these tags, without types that nothing leads to. */
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

/** Every type, and every field of those that have some. */
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

function isOfReconciliation(coordinate: string): boolean {
  return OF_RECONCILIATION.test(coordinate) || OF_RECONCILIATION.test(coordinate.split('.')[0] ?? '');
}

describe.each(Object.entries(CONTRACTS))('by the contracts of %s', (_composer, contract) => {
  const all = coordinates(apiSchema(SDL));

  it('the public has all but personal data and reconciliation', () => {
    const hidden = [...PERSONAL_OR_SECRET, ...all.filter(isOfReconciliation)];
    expect(hidden.length).toBeGreaterThan(50);
    expect(coordinates(contract('public'))).toEqual(all.filter((coordinate) => !hidden.includes(coordinate)));
  });

  it('the backoffice has all', () => {
    expect(coordinates(contract('public', 'backoffice'))).toEqual(all);
  });

  it('the public may send every example but that of reconciliation', () => {
    const schema = printSchema(contract('public'));
    const refused = readDocuments().filter((document) => validationErrors(schema, [document]).length > 0);
    expect(refused.map(({ name }) => name)).toEqual(['examples/operations/reconciliation-report.graphql']);
  });
});

it('without a contract all is shown', () => {
  const { publicSdl = '' } = composeServices([PAYMENTS]);
  expect(coordinates(buildSchema(publicSdl))).toEqual(coordinates(apiSchema(SDL)));
});
