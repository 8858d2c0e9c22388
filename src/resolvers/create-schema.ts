import type { CancelPayment } from '../payments/status/cancel-payment.js';
import type { StartPayment } from '../payments/start/start-payment.js';
import { buildPaymentSchema } from '../schema/subgraph/build-schema.js';
import type { Subgraph } from '../schema/subgraph/subgraph.js';
import { InputRules } from '../schema/validation/rule.js';
import { guardFields } from './field-access.js';
import { CancellationResolver } from './cancellation.resolver.js';
import { resolveEntities } from './entities.js';
import { invalidInputAsData } from './invalid-input.middleware.js';
import { PaymentFailureResolver } from './payment-failure.resolver.js';
import { PaymentListResolver } from './payment-list.resolver.js';
import type { ListPayments } from './payment-list.resolver.js';
import { PaymentSessionResolver } from './payment-session.resolver.js';
import type { PaymentUrl } from './payment-session.resolver.js';
import { PaymentSubscriptionResolver } from './payment-subscription.resolver.js';
import { PaymentResolver } from './payment.resolver.js';
import { ReconciliationResolver } from './reconciliation.resolver.js';
import type { Reconciliation } from './reconciliation.resolver.js';
import { storeUnavailableAsError } from './store-unavailable.middleware.js';

/** What the resolvers need. */
interface SchemaDependencies {
  readonly startPayment: Pick<StartPayment, 'createLink' | 'sendEmail'>;
  readonly cancelPayment: Pick<CancelPayment, 'cancel'>;
  readonly listPayments: ListPayments;
  readonly reconciliation: Reconciliation;
  readonly paymentUrl: PaymentUrl;
  readonly rules: InputRules;
  /** Whether the SDL that routers read contains `@authenticated` and `@requiresScopes`. */
  readonly showsAuthorization?: boolean;
}

/** Creates the subgraph whose resolvers use these dependencies. */
export async function createSchema({
  startPayment,
  cancelPayment,
  listPayments,
  reconciliation,
  paymentUrl,
  rules,
  showsAuthorization = false,
}: SchemaDependencies): Promise<Subgraph> {
  const instances = new Map<unknown, unknown>([
    [PaymentResolver, new PaymentResolver(startPayment)],
    [CancellationResolver, new CancellationResolver(cancelPayment)],
    [PaymentFailureResolver, new PaymentFailureResolver()],
    [PaymentListResolver, new PaymentListResolver(listPayments)],
    [PaymentSessionResolver, new PaymentSessionResolver(paymentUrl)],
    [PaymentSubscriptionResolver, new PaymentSubscriptionResolver()],
    [ReconciliationResolver, new ReconciliationResolver(reconciliation)],
    [InputRules, rules],
  ]);
  const subgraph = await buildPaymentSchema({
    resolvers: [
      PaymentResolver,
      CancellationResolver,
      PaymentSessionResolver,
      PaymentListResolver,
      PaymentSubscriptionResolver,
      PaymentFailureResolver,
      ReconciliationResolver,
    ],
    globalMiddlewares: [invalidInputAsData, storeUnavailableAsError],
    subgraph: { resolveEntities, showsAuthorization },
    container: { get: (someClass) => instances.get(someClass) },
  });
  guardFields(subgraph.schema);
  return subgraph;
}
