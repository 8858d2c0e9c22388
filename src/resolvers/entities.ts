import { GraphQLError } from 'graphql';
import { PaymentSession } from '../schema/payment/payment-session.type.js';
import type { RequestContext } from './request-context.js';
import { toGraphQLError } from './store-unavailable.middleware.js';

/**
 * What gateways have in hand of entities, in one read of the store however many there are. Flinks is not asked: who lists fifty
 * orders does not wait for fifty lookups. In place of the resolver of @apollo/subgraph, where one representation of another
 * type fails the whole list.
 */
export function resolveEntities(
  _root: unknown,
  { representations }: { readonly representations: readonly unknown[] },
  { loaders }: RequestContext,
): Promise<PaymentSession | null>[] {
  return representations.map(async (representation) => {
    const payment = await loaders.payments.load(paymentIdOf(representation)).catch((error: unknown) => {
      throw toGraphQLError(error);
    });
    return payment === undefined
      ? null
      : Object.assign(PaymentSession.snapshot(payment), { __typename: 'PaymentSession' });
  });
}

function paymentIdOf(representation: unknown): string {
  const { __typename, id } = Object(representation) as Record<string, unknown>;
  if (__typename === 'PaymentSession' && typeof id === 'string') return id;
  throw refusal('A representation needs the __typename of an entity, PaymentSession, and its id as text.');
}

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}
