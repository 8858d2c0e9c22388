import { requireNode } from './supported-node.js';

requireNode();
const { readEnvironment } = await import('./environment.js');
const { startSandbox } = await import('./start-sandbox.js');

const settings = readEnvironment(process.env);
if ('problems' in settings) {
  console.error(`The sandbox cannot start with this environment:\n  ${settings.problems.join('\n  ')}`);
  process.exitCode = 1;
} else {
  await run(settings.switches, settings.port);
}

async function run(...settings: Parameters<typeof startSandbox>): Promise<void> {
  try {
    const sandbox = await startSandbox(...settings);
    console.log(`Flinks Pay sandbox listens on ${sandbox.url}`);
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void sandbox.close());
  } catch (error) {
    console.error(`The sandbox cannot start. SANDBOX_PORT sets its port. ${String(error)}`);
    process.exitCode = 1;
  }
}
