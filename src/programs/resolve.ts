import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { composeResolution } from '../compose/commands.js';
import { loadConfig } from '../config/config.js';
import { PAYMENT_SESSION_STATUSES } from '../domain/payment-status.js';
import { createLogger } from '../lib/logger.js';

// `node dist/commands/resolve.js ID --status STATUS --reason TEXT [--by NAME]`: sets the status of a payment that is
// OUTCOME_UNKNOWN, in the environment of the gateway. The event has the name of the operator, by default the user of
// the machine.

const STATUSES = PAYMENT_SESSION_STATUSES.filter((status) => status !== 'CREATING' && status !== 'OUTCOME_UNKNOWN');

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({
    options: { status: { type: 'string' }, reason: { type: 'string' }, by: { type: 'string' } },
    allowPositionals: true,
  });
  const [id, ...rest] = positionals;
  const reason = values.reason?.trim();
  if (id === undefined || rest.length > 0 || values.status === undefined || !reason)
    throw new Error('give a payment, a status and a reason: resolve ID --status STATUS --reason TEXT [--by NAME]');
  const wanted = values.status.toUpperCase();
  const status = STATUSES.find((each) => each === wanted);
  if (status === undefined) throw new Error(`--status must be one of ${STATUSES.join(', ')}`);
  const config = loadConfig(process.env);
  const { command, close } = await composeResolution(config, createLogger('error', process.stderr.fd));
  try {
    const by = values.by?.trim() || userInfo().username;
    const resolved = await command.run(id, { status, reason, by });
    if (resolved.kind === 'not-found') throw new Error('there is no such payment');
    if (resolved.kind === 'rejected')
      throw new Error(`the payment is ${resolved.status}; only OUTCOME_UNKNOWN payments can be resolved`);
    return `The payment is now ${status}, reported by ${by}.`;
  } finally {
    await close();
  }
}

try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  process.stderr.write(`Nothing was resolved: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
