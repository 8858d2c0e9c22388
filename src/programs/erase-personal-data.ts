import { composeStore } from '../compose/store.js';
import { loadConfig } from '../config/config.js';
import { createLogger } from '../lib/logger.js';

// `node dist/commands/erase-personal-data.js <userId>`: erases name, e-mail and session ids of a user's final payments,
// in the environment of the gateway.

const progress = { isStarted: false };

async function eraseUser(userId: string): Promise<string> {
  const config = loadConfig(process.env);
  const store = await composeStore(config, createLogger(config.logLevel));
  progress.isStarted = true;
  try {
    let erased = 0;
    for (let batch = 1; batch > 0; erased += batch) batch = await store.retention.erasePersonalData(new Date(), userId);
    const kept = await store.retention.countPersonalData(userId);
    const rest = kept === 0 ? '' : `; kept until final: ${kept}`;
    return `Erased the personal data of ${erased} payments${rest}.`;
  } finally {
    await store.close();
  }
}

const [userId, ...rest] = process.argv.slice(2);
try {
  if (userId === undefined || rest.length > 0) throw new Error('give one user id: erase-personal-data <userId>');
  process.stdout.write(`${await eraseUser(userId)}\n`);
} catch (error) {
  const done = progress.isStarted ? 'Not everything was erased; run the command again' : 'Nothing was erased';
  process.stderr.write(`${done}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
