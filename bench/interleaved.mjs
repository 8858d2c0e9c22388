/**
 * Measures every contestant once a round, one after the other, while all other servers are paused. Before the first round it
 * starts the servers and warms every contestant up. Resolves to the measurements of each contestant, in the order of rounds.
 */
export async function interleaved(setup, contestants, { warmUp, measure }) {
  const servers = await startAll(setup, contestants);
  const alone = async (contestant, use) => {
    const server = servers.get(contestant.server);
    server.resume();
    const result = await use(server, contestant);
    server.pause();
    return result;
  };
  for (const contestant of contestants) await alone(contestant, warmUp);
  const results = new Map(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < setup.rounds; round += 1)
    for (const contestant of contestants) results.get(contestant).push(await alone(contestant, measure));
  await setup.stopServers();
  return results;
}

async function startAll(setup, contestants) {
  const servers = new Map();
  for (const { server } of contestants) {
    if (servers.has(server)) continue;
    const started = await setup.start(server);
    started.pause();
    servers.set(server, started);
  }
  return servers;
}
