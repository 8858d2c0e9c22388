import { createSchema } from '../../src/resolvers/create-schema.js';
import type { Subgraph } from '../../src/schema/subgraph/subgraph.js';

/** The graph with this in place of every use-case. */
export function schemaOver(everything: () => Promise<never>, { showsAuthorization = false } = {}): Promise<Subgraph> {
  return createSchema({
    startPayment: { createLink: everything, sendEmail: everything },
    cancelPayment: { cancel: everything },
    listPayments: everything,
    reconciliation: { findDay: everything, findExceptions: everything },
    paymentUrl: (sessionId) => sessionId,
    rules: { maxAmountMinor: 1_000_000, localUrlsAllowed: false, clientUrlOrigins: [] },
    showsAuthorization,
  });
}
