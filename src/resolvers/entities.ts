import { GraphQLError } from 'graphql';
import { PaymentSession } from '../schema/payment/payment-session.type.js';
import { rethrow } from './graphql-errors.js';
import type { RequestContext } from './request-context.js';

/**
 * Resolves `_entities` in one read of the store, whatever the number of representations. Flinks is not queried, so that
 * a list of fifty orders does not wait for fifty lookups. Replaces the resolver of @apollo/subgraph, in which one
 * representation of another type fails the whole list.
 */
export function resolveEntities(
  _root: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  { loaders }: RequestContext,
): Promise<PaymentSession | null>[] {
  return representations.map(async (representation) => {
    const payment = await loaders.payments.load(paymentIdOf(representation)).catch(rethrow);
    return payment === undefined
      ? null
      : Object.assign(PaymentSession.snapshot(payment), { __typename: 'PaymentSession' });
  });
}

function paymentIdOf(representation: unknown): string {
  const { __typename, id } = Object(representation) as Record<string, unknown>;
  if (__typename === 'PaymentSession' && typeof id === 'string') return id;
  throw new GraphQLError('A representation needs the __typename PaymentSession and its id as a string.', {
    extensions: { code: 'BAD_REQUEST' },
  });
}
