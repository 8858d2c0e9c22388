import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { product } from '../contestants.mjs';
import { number } from '../report.mjs';
import { median } from '../statistics.mjs';

export const title = 'Syncs of the database file per payment, SQLite';

const CALLS = 'fsync,fdatasync';
const CONCURRENCY = [1, 16, 64];

export async function run(setup) {
  if (!isInstalled('strace'))
    return { tables: [], notes: ['Not measured: strace is not installed.'], figures: { 11: ['not measured'] } };
  const rows = [];
  for (const concurrency of CONCURRENCY) {
    const rounds = [];
    for (let round = 0; round < setup.rounds; round += 1) rounds.push(await syncsPerPayment(setup, concurrency));
    rows.push([concurrency, median(rounds)]);
  }
  const [, atSaturation] = rows.at(-1);
  return {
    tables: [{ head: ['creations at a time', 'syncs per payment'], rows: rows.map((row) => row.map(number)) }],
    figures: { 11: [atSaturation] },
  };
}

/** Syncs of the whole life of a process that only creates payments, so those of its start are among them. */
async function syncsPerPayment(setup, concurrency) {
  const summaryFile = join(setup.folder, 'strace.txt');
  // Only these calls leave the speed of the process, by --seccomp-bpf, as it is without a tracer.
  const wrapper = ['strace', '-f', '--seccomp-bpf', '-c', '-e', `trace=${CALLS}`, '-o', summaryFile];
  const contestant = product('SQLite', { wrapper });
  const server = await setup.start(contestant.server);
  const { completed } = await setup.load(server, contestant, {
    job: 'create',
    concurrency,
    durationMs: setup.ms(3_000),
  });
  await server.stop();
  return syncs(readFileSync(summaryFile, 'utf8')) / completed;
}

/** The column `calls` of the summary, for both calls. */
function syncs(text) {
  const lines = text.split('\n').filter((line) => /\bf(data)?sync$/.test(line));
  if (lines.length === 0) throw new Error(`strace saw no sync: ${text}`);
  return lines.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[3]), 0);
}

function isInstalled(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
