import { product } from './contestants.mjs';

/** Creates a database with payments. Resolves to its URL, the ids of the payments, and what replays their keys. */
export async function existingPayments(setup, kind, count) {
  const databaseUrl = await setup.createDatabase(kind);
  const contestant = product(kind, { databaseUrl });
  const server = await setup.start(contestant.server);
  const prefix = 'existing';
  const { ids } = await setup.load(server, contestant, { job: 'create', count, prefix, collect: true });
  await server.stop();
  return { databaseUrl, ids, replay: { prefix, known: count } };
}
