import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { freePort } from '../support/free-port.js';
import { PROGRAM_ENVIRONMENT, childrenOf } from '../support/processes.js';
import { until } from '../support/until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('npm run supergraph prints a query that works, and stops all programs that it started', async () => {
  const names = ['PORT', 'SANDBOX_PORT', 'ORDERS_PORT', 'SUPERGRAPH_PORT'];
  const ports = await Promise.all(names.map(async (name) => [name, String(await freePort())] as const));
  // The script runs this after building the programs.
  const launcher = spawn(process.execPath, ['scripts/supergraph.mjs'], {
    cwd: ROOT,
    env: { ...PROGRAM_ENVIRONMENT, DATABASE_URL: 'sqlite::memory:', ...Object.fromEntries(ports) },
  });
  let printed = '';
  launcher.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  launcher.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await until(() => /^curl .+\n/m.test(printed) || launcher.exitCode !== null);

  const { stdout } = await promisify(execFile)('sh', ['-c', /^curl .+$/m.exec(printed)?.[0] ?? printed]);
  expect(JSON.parse(stdout)).toEqual({
    data: {
      orders: [
        {
          id: '1',
          item: 'A sofa',
          payment: {
            id: expect.stringMatching(/^ps_/),
            status: 'INITIATED',
            amount: { value: '250.10' },
            paymentUrl: expect.stringContaining('/app/?sessionId='),
          },
        },
      ],
    },
  });

  const started = childrenOf(launcher.pid ?? 0);
  expect(started).toHaveLength(4);
  launcher.kill('SIGINT');
  expect(await once(launcher, 'exit')).toEqual([0, null]);
  for (const pid of started) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
