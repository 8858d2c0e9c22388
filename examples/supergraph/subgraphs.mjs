/** The addresses of the subgraphs. */
export const subgraphs = {
  payments: process.env.PAYMENTS_URL ?? 'http://127.0.0.1:4000/graphql',
  orders: process.env.ORDERS_URL ?? 'http://127.0.0.1:4001/',
};

/** The headers that are forwarded from the client to the subgraphs, besides x-request-id. */
export const FORWARDED_HEADERS = ['authorization'];
