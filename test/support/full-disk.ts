import { execFileSync } from 'node:child_process';
import type { TestGateway } from './gateway.js';

/** Simulates a full disk for a gateway: its process can no longer write to any file. */
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
