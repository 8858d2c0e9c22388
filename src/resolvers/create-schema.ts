import type { StartPayment } from '../payments/start/start-payment.js';
import type { CancelPayment } from '../payments/status/cancel-payment.js';
import { buildPaymentSchema } from '../schema/subgraph/subgraph.js';
import type { Subgraph } from '../schema/subgraph/subgraph.js';
import type { InputRules } from '../schema/validation/input-validation.js';
import { resolveEntities } from './entities.js';
import { guardFields } from './field-access.js';
import { invalidInputAsData, storeUnavailableAsError } from './graphql-errors.js';
import { PaymentSessionResolver } from './payment-session.resolver.js';
import type { ListPayments, PaymentUrl } from './payment-session.resolver.js';
import { PaymentSubscriptionResolver } from './payment-subscription.resolver.js';
import { PaymentResolver } from './payment.resolver.js';
import { ReconciliationResolver } from './reconciliation.resolver.js';
import type { Reconciliation } from './reconciliation.resolver.js';

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
export async function createSchema(dependencies: SchemaDependencies): Promise<Subgraph> {
  const { startPayment, cancelPayment, listPayments, reconciliation, paymentUrl } = dependencies;
  const { rules, showsAuthorization = false } = dependencies;
  const instances = new Map<unknown, unknown>([
    [PaymentResolver, new PaymentResolver(startPayment, cancelPayment)],
    [PaymentSessionResolver, new PaymentSessionResolver(listPayments, paymentUrl)],
    [PaymentSubscriptionResolver, new PaymentSubscriptionResolver()],
    [ReconciliationResolver, new ReconciliationResolver(reconciliation)],
  ]);
  const subgraph = await buildPaymentSchema({
    resolvers: [PaymentResolver, PaymentSessionResolver, PaymentSubscriptionResolver, ReconciliationResolver],
    globalMiddlewares: [invalidInputAsData, storeUnavailableAsError],
    container: { get: (someClass) => instances.get(someClass) },
    rules,
    resolveEntities,
    showsAuthorization,
  });
  guardFields(subgraph.schema);
  return subgraph;
}
