/** Where the subgraphs are. */
export const subgraphs = {
  payments: process.env.PAYMENTS_URL ?? 'http://127.0.0.1:4000/graphql',
  orders: process.env.ORDERS_URL ?? 'http://127.0.0.1:4001/',
};

/** The client's headers that subgraphs get, besides x-request-id. */
export const FORWARDED_HEADERS = ['authorization'];
