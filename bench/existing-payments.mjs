import { product } from './contestants.mjs';

const PAYMENTS = 1_000;
const PAYMENTS_OF_QUICK_RUN = 100;

const existing = new Map();

/** A database with payments, which scenarios share: its URL, the ids of the payments, and what replays their keys. */
export async function existingPayments(setup, kind) {
  if (!existing.has(kind)) existing.set(kind, await createPayments(setup, kind));
  return existing.get(kind);
}

async function createPayments(setup, kind) {
  const count = setup.quick ? PAYMENTS_OF_QUICK_RUN : PAYMENTS;
  const databaseUrl = await setup.createDatabase(kind);
  const contestant = product(kind, { databaseUrl });
  const server = await setup.start(contestant.server);
  const prefix = 'existing';
  const { ids } = await setup.load(server, contestant, { job: 'create', count, prefix, collect: true });
  await server.stop();
  return { databaseUrl, ids, replay: { prefix, known: count } };
}
