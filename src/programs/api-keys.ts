import { composeApiKeys } from '../compose/commands.js';
import { loadConfig } from '../config/config.js';
import { parseApiKeyArgs } from '../identity/api-key/api-key-command.js';
import { createLogger } from '../lib/logger.js';

// `node dist/commands/api-keys.js create|list|rotate|revoke …`: manages the API keys of clients, in the environment of
// the gateway. Standard output has only the new key if there is one, so that a script can store it; the explanation
// goes to standard error.

async function run(): Promise<void> {
  const task = parseApiKeyArgs(process.argv.slice(2));
  const config = loadConfig(process.env);
  const { command, close } = await composeApiKeys(config, createLogger('error', process.stderr.fd));
  try {
    const { key, text } = await command.run(task);
    if (key !== undefined) process.stdout.write(`${key.reveal()}\n`);
    (key === undefined ? process.stdout : process.stderr).write(`${text}\n`);
  } finally {
    await close();
  }
}

try {
  await run();
} catch (error) {
  process.stderr.write(`Nothing was done: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
