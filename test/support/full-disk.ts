import { execFileSync } from 'node:child_process';
import type { TestGateway } from './gateway.js';

/** A disk without space, as a program sees it: no file of the process can be written to any more. */
export function fillDisk(gateway: TestGateway): void {
  limitFiles(gateway, '1');
}

export function freeDisk(gateway: TestGateway): void {
  limitFiles(gateway, 'unlimited');
}

function limitFiles({ pid }: TestGateway, bytes: string): void {
  try {
    execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
  } catch (error) {
    throw new Error('prlimit of util-linux is needed to fill a disk', { cause: error });
  }
}
