import type { GraphQLSchema } from 'graphql';
import type { StartPayment } from '../payments/start-payment.js';
import { buildPaymentSchema } from '../schema/build-schema.js';
import { InputRules } from '../schema/rule.js';
import { invalidInputAsData } from './invalid-input.middleware.js';
import { PaymentSessionResolver } from './payment-session.resolver.js';
import type { LaunchUrl } from './payment-session.resolver.js';
import { PaymentResolver } from './payment.resolver.js';
import { storeUnavailableAsError } from './store-unavailable.middleware.js';

interface Parts {
  readonly startPayment: Pick<StartPayment, 'byLink' | 'byEmail'>;
  readonly launchUrl: LaunchUrl;
  readonly rules: InputRules;
}

/** The graph over these use-cases, with these rules. */
export function createSchema({ startPayment, launchUrl, rules }: Parts): Promise<GraphQLSchema> {
  const instances = new Map<unknown, unknown>([
    [PaymentResolver, new PaymentResolver(startPayment)],
    [PaymentSessionResolver, new PaymentSessionResolver(launchUrl)],
    [InputRules, rules],
  ]);
  return buildPaymentSchema({
    resolvers: [PaymentResolver, PaymentSessionResolver],
    globalMiddlewares: [invalidInputAsData, storeUnavailableAsError],
    container: { get: (someClass) => instances.get(someClass) },
  });
}
