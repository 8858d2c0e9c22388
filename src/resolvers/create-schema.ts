import type { GraphQLSchema } from 'graphql';
import type { StartPayment } from '../payments/start-payment.js';
import { buildPaymentSchema } from '../schema/build-schema.js';
import { InputRules } from '../schema/rule.js';
import { invalidInputAsData } from './invalid-input.middleware.js';
import { PaymentResolver } from './payment.resolver.js';

/** The graph over these use-cases, with these rules. */
export function createSchema(startPayment: StartPayment, rules: InputRules): Promise<GraphQLSchema> {
  const instances = new Map<unknown, unknown>([
    [PaymentResolver, new PaymentResolver(startPayment)],
    [InputRules, rules],
  ]);
  return buildPaymentSchema({
    resolvers: [PaymentResolver],
    globalMiddlewares: [invalidInputAsData],
    container: { get: (someClass) => instances.get(someClass) },
  });
}
