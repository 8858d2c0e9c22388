// What Linux knows about a process. Elsewhere the benchmark does not run.
import { readFileSync } from 'node:fs';

const MS_PER_TICK = 10;
const KIB_PER_MIB = 1024;

/** CPU time of a process, user and system, all threads, in milliseconds. */
export function cpuMs(pid) {
  const { user, system } = times(pid);
  return user + system;
}

/** CPU time of a process and of all its children, also of those that have ended, in milliseconds. */
export function cpuOfTreeMs(pid) {
  const { user, system, endedChildren } = times(pid);
  const live = childrenOf(pid).map(cpuOfTreeMs);
  return live.reduce((sum, ms) => sum + ms, user + system + endedChildren);
}

export function childrenOf(pid) {
  const ids = readIfRunning(`/proc/${pid}/task/${pid}/children`);
  return ids.split(' ').filter(Boolean).map(Number);
}

/** Resident memory of a process in MiB, now and at its peak. */
export function memoryMiB(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / KIB_PER_MIB;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}

function times(pid) {
  const stat = readIfRunning(`/proc/${pid}/stat`);
  // The time of a process that has ended is among that of its parent's ended children.
  if (stat === '') return { user: 0, system: 0, endedChildren: 0 };
  // The name of the program, in parentheses, may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ms = (index) => Number(fields[index]) * MS_PER_TICK;
  return { user: ms(11), system: ms(12), endedChildren: ms(13) + ms(14) };
}

function readIfRunning(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
