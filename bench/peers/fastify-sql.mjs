// An empty route of Fastify and the SQL read of a payment: no GraphQL, no authentication, no decryption.
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';

const database = new DatabaseSync(process.env.DATABASE_FILE);
const read = database.prepare('select * from payment_sessions where id = ?');

const app = Fastify();
app.get('/payment-sessions/:id', ({ params }) => read.get(params.id));
await app.listen({ port: Number(process.env.PORT) });
