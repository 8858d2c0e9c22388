import { readEnvironment } from './environment.js';
import { startSandbox } from './start-sandbox.js';

const settings = readEnvironment(process.env);
if ('problems' in settings) {
  console.error(`The sandbox cannot start with this environment:\n  ${settings.problems.join('\n  ')}`);
  process.exitCode = 1;
} else {
  const sandbox = await startSandbox(settings.switches, settings.port);
  console.log(`Flinks Pay sandbox listens on ${sandbox.url}`);
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void sandbox.close());
}
