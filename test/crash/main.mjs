// `npm run test:crash` runs the crash test with the size that the arguments give.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'sqlite' },
    replicas: { type: 'string' },
    payments: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const settings = {
  store: values.store,
  // Only one process can use a SQLite file.
  replicas: values.store === 'sqlite' ? 1 : Number(values.replicas ?? 2),
  payments: Number(values.payments),
  kills: Number(values.kills),
  seed: Number(values.seed),
};

const jest = ['node_modules/jest/bin/jest.js', '--runInBand', 'test/crash/crash.test.ts'];
const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const environment = { ...process.env, CRASH_SETTINGS: JSON.stringify(settings) };
const child = spawn(process.execPath, [...options, ...jest], { env: environment, stdio: 'inherit' });
child.on('close', (code) => (process.exitCode = code ?? 1));
