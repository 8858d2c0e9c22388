import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** The processes that a process has started and that run. */
export function childrenOf(parent: number): number[] {
  return processes().flatMap(({ pid, parentPid }) => (parentPid === parent ? [pid] : []));
}

interface Process {
  readonly pid: number;
  readonly parentPid: number;
}

function processes(): Process[] {
  // Slim Linux images have no ps.
  return existsSync('/proc/self/stat') ? readProc() : askPs();
}

function readProc(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // After the name, which is in parentheses and may contain anything: state and parent.
      const [, parentPid] = /.*\) \S (\d+) /s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return [{ pid: Number(pid), parentPid: Number(parentPid) }];
    } catch {
      return [];
    }
  });
}

function askPs(): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parentPid] = line.trim().split(/\s+/).map(Number);
    return { pid: pid ?? 0, parentPid: parentPid ?? 0 };
  });
}
