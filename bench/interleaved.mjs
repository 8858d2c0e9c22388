/**
 * Measures every contestant once a round, one after the other, while the servers of all others are paused. Starts the servers,
 * and warms each of them up before the first round. Resolves to a map from the id of a contestant to its measurements.
 */
export async function interleaved(setup, contestants, { warmUp, measure }) {
  const servers = new Map();
  for (const contestant of contestants) {
    const server = await setup.start(contestant);
    await warmUp(server, contestant);
    server.pause();
    servers.set(contestant, server);
  }
  const results = new Map(contestants.map(({ id }) => [id, []]));
  for (let round = 0; round < setup.rounds; round += 1) {
    for (const [contestant, server] of servers) {
      server.resume();
      results.get(contestant.id).push(await measure(server, contestant));
      server.pause();
    }
  }
  await setup.stopServers();
  return results;
}
