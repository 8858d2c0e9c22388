import { ApolloClient, ApolloLink, InMemoryCache } from '@apollo/client';
import { HttpLink } from '@apollo/client/link/http';
import { Client as UrqlClient, fetchExchange } from 'urql';
import { PaymentIntentionLink } from '../../client/src/apollo.js';
import { CreatePaymentSessionDocument, SendPaymentRequestDocument } from '../../client/src/generated/operations.js';
import type {
  CreatePaymentSessionMutation,
  CreatePaymentSessionMutationVariables,
  SendPaymentRequestMutation,
} from '../../client/src/generated/operations.js';
import { possibleTypes } from '../../client/src/generated/possible-types.js';
import type { PaymentIntentions } from '../../client/src/intentions.js';
import type { RepeatBounds } from '../../client/src/repeat.js';
import { paymentIntentionExchange } from '../../client/src/urql.js';
import { withIntention } from '../../client/src/with-intention.js';

export type KeylessInput = Omit<CreatePaymentSessionMutationVariables['input'], 'idempotencyKey'>;
export type Created = CreatePaymentSessionMutation['createPaymentSession'];
export type Sent = SendPaymentRequestMutation['sendPaymentRequest'];

/** A page of a shop, which makes one payment for each intention of the user. */
export interface Shop {
  create(paymentIntention: string | undefined, input: KeylessInput, signal?: AbortSignal): Promise<Created>;
  send(paymentIntention: string, input: KeylessInput): Promise<Sent>;
}

type OpenShop = (url: string, intentions: PaymentIntentions, bounds?: RepeatBounds) => Shop;

const CreateDocument = withIntention(CreatePaymentSessionDocument);
const SendDocument = withIntention(SendPaymentRequestDocument);

export const throughApollo: OpenShop = (url, intentions, bounds) =>
  shopOverLinks([new PaymentIntentionLink(intentions, bounds), new HttpLink({ uri: `${url}/graphql` })]);

/** A shop over Apollo Client with these links, in this order. */
export function shopOverLinks(links: readonly ApolloLink[]): Shop {
  const client = new ApolloClient({ link: ApolloLink.from([...links]), cache: new InMemoryCache({ possibleTypes }) });
  return {
    async create(paymentIntention, input, signal) {
      const context = { paymentIntention, fetchOptions: { signal } };
      const { data } = await client.mutate({ mutation: CreateDocument, variables: { input }, context });
      return requireData(data).createPaymentSession;
    },
    async send(paymentIntention, input) {
      const { data } = await client.mutate({
        mutation: SendDocument,
        variables: { input },
        context: { paymentIntention },
      });
      return requireData(data).sendPaymentRequest;
    },
  };
}

export const throughUrql: OpenShop = (url, intentions, bounds) => {
  const client = new UrqlClient({
    url: `${url}/graphql`,
    exchanges: [paymentIntentionExchange(intentions, bounds), fetchExchange],
  });
  return {
    async create(paymentIntention, input) {
      const context = { paymentIntention };
      const { data, error } = await client.mutation(CreateDocument, { input }, context).toPromise();
      return requireData(data, error).createPaymentSession;
    },
    async send(paymentIntention, input) {
      const { data, error } = await client.mutation(SendDocument, { input }, { paymentIntention }).toPromise();
      return requireData(data, error).sendPaymentRequest;
    },
  };
};

/** For `describe.each`. */
export const SHOPS: readonly (readonly [string, OpenShop])[] = [
  ['Apollo Client', throughApollo],
  ['urql', throughUrql],
];

function requireData<T>(data: T | null | undefined, error?: Error): T {
  if (data == null) throw error ?? new Error('there was no data');
  return data;
}
