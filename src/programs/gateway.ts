import { compose } from '../compose/gateway.js';
import { ConfigError, loadConfig } from '../config/config.js';
import type { Config } from '../config/config.js';
import { createLogger } from '../lib/logger.js';

// Time beyond that of a mutation: its response has to be written.
const DRAIN_GRACE_MS = 5_000;

async function run(config: Config): Promise<void> {
  const log = createLogger(config.logLevel);
  const gateway = await compose(config, log);

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'draining_started', signal }, 'draining');
    const overdue = setTimeout(() => {
      log.error({ event: 'draining_timed_out' }, 'requests in progress did not end in time');
      process.exit(1);
    }, config.mutationTimeoutMs + DRAIN_GRACE_MS).unref();
    void gateway.drain().then(() => {
      clearTimeout(overdue);
      log.info({ event: 'gateway_stopped' }, 'stopped');
      // Where HOST resolves to two addresses, Node keeps a second server whose idle connections would keep the process
      // alive.
      process.exit(0);
    });
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  try {
    await gateway.http.listen({
      host: config.host,
      port: config.port,
      listenTextResolver: (address) => `listening on ${address}/graphql`,
    });
  } catch (error) {
    await gateway.drain();
    throw error;
  }
}

try {
  await run(loadConfig(process.env));
} catch (error) {
  if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`The gateway cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  // Resources that were opened before the failure would keep the process alive.
  process.exit(1);
}
