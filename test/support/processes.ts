import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The environment that every started program needs. Node keeps compiled code in a cache, which shortens each later start. */
export const PROGRAM_ENVIRONMENT = {
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
};

/** The ids of the running child processes of a process. */
export function childrenOf(parent: number): number[] {
  return processes().flatMap(({ pid, parentPid }) => (parentPid === parent ? [pid] : []));
}

interface Process {
  readonly pid: number;
  readonly parentPid: number;
}

function processes(): Process[] {
  // Slim Linux images have no ps.
  return existsSync('/proc/self/stat') ? readProc() : readPs();
}

function readProc(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // State and parent follow the name, which is in parentheses and may contain any character.
      const [, parentPid] = /.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return [{ pid: Number(pid), parentPid: Number(parentPid) }];
    } catch {
      return [];
    }
  });
}

function readPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parentPid] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parentPid: parentPid ?? 0 };
  });
}
