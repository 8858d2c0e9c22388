// `npm run measure:attacks` measures the CPU time of each attack and writes docs/attacks.md.
import { spawn } from 'node:child_process';

const jest = [
  'node_modules/jest/bin/jest.js',
  '--runInBand',
  'test/attacks/attacks.test.ts',
  '--testNamePattern=the measurement',
];
const options = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const environment = { ...process.env, MEASURE_ATTACKS: 'true' };
const child = spawn(process.execPath, [...options, ...jest], { env: environment, stdio: 'inherit' });
child.on('close', (code) => (process.exitCode = code ?? 1));
