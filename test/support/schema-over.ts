import { createSchema } from '../../src/resolvers/create-schema.js';
import { InputRules } from '../../src/schema/validation/rule.js';
import type { Subgraph, SubgraphOptions } from '../../src/schema/subgraph/subgraph.js';

/** The graph with this in place of every use-case. */
export function schemaOver(
  everything: () => Promise<never>,
  { showsAuthorization = false }: Partial<SubgraphOptions> = {},
): Promise<Subgraph> {
  return createSchema({
    startPayment: { createLink: everything, sendEmail: everything },
    cancelPayment: { cancel: everything },
    listPayments: everything,
    reconciliation: { findDay: everything, findExceptions: everything },
    paymentUrl: (sessionId) => sessionId,
    rules: new InputRules(1_000_000, false),
    showsAuthorization,
  });
}
