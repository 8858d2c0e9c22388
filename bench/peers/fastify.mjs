// The limit: the same two calls behind a route of Fastify, with no GraphQL in between.
import Fastify from 'fastify';
import { createPaymentSession, sendPaymentRequest } from './upstream.mjs';

const app = Fastify();
app.post('/payment-sessions', ({ body }) => createPaymentSession(body));
app.post('/payment-requests', ({ body }) => sendPaymentRequest(body));
await app.listen({ port: Number(process.env.PORT) });
