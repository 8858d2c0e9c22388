// A proxy in front of PostgreSQL that counts round trips: how often a connection that has sent something receives a response.
// Statements that are sent together, before any response, are one round trip.
import { connect, createServer } from 'node:net';

const port = Number(process.env.POSTGRES_PORT);
let roundTrips = 0;

const server = createServer((client) => {
  const database = connect({ port, host: '127.0.0.1', noDelay: true });
  client.setNoDelay();
  let isWaiting = false;
  client.on('data', (bytes) => {
    isWaiting = true;
    database.write(bytes);
  });
  database.on('data', (bytes) => {
    if (isWaiting) roundTrips += 1;
    isWaiting = false;
    client.write(bytes);
  });
  for (const [one, other] of [
    [client, database],
    [database, client],
  ]) {
    one.on('error', () => undefined);
    one.on('close', () => other.destroy());
  }
});

/** Each message returns the round trips since the last one. */
process.on('message', () => {
  process.send(roundTrips);
  roundTrips = 0;
});

server.listen(0, '127.0.0.1', () => process.send(server.address().port));
