import { createSchema } from '../../src/resolvers/create-schema.js';
import type { Subgraph } from '../../src/schema/subgraph/subgraph.js';

/** The schema with a stub as every use case. */
export function createStubbedSchema(
  useCase: () => Promise<never>,
  { showsAuthorization = false } = {},
): Promise<Subgraph> {
  return createSchema({
    startPayment: { createLink: useCase, sendEmail: useCase },
    cancelPayment: { cancel: useCase },
    listPayments: useCase,
    reconciliation: { findDay: useCase, findExceptions: useCase },
    paymentUrl: (sessionId) => sessionId,
    rules: { maxAmountMinor: 1_000_000, localUrlsAllowed: false, clientUrlOrigins: [] },
    showsAuthorization,
  });
}
