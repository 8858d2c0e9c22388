import { parseArgs } from 'node:util';
import { composeReconciliation } from '../compose/commands.js';
import { loadConfig } from '../config/config.js';
import { createLogger } from '../lib/logger.js';

// `node dist/commands/reconcile.js FILE [--date YYYY-MM-DD]`: imports the daily file of a day, in the environment of
// the gateway. FILE `-` is standard input; the default day is yesterday. Exit code: 0 the day balances, 1 it does not,
// 2 could not determine.

async function run(): Promise<boolean> {
  const { values, positionals } = parseArgs({ options: { date: { type: 'string' } }, allowPositionals: true });
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0) throw new Error('give one file: reconcile FILE [--date YYYY-MM-DD]');
  const config = loadConfig(process.env);
  const { command, close } = await composeReconciliation(config, createLogger('error', process.stderr.fd), process);
  try {
    return await command.run(file, values.date);
  } finally {
    await close();
  }
}

// Whoever reads the lines may stop before the end, for example `head`.
process.stdout.on('error', () => undefined);
try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`Not imported: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
