import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import type { Attack } from './attack.js';

const FILE = new URL('../../docs/attacks.md', import.meta.url);

const INTRODUCTION = `# Attacks

What \`test/attacks\` tries against a running gateway, what stops it, and how the gateway responds. None of it reaches Flinks, except
where the table says so. \`npm run measure:attacks\` writes this page. The last column is the CPU time of the gateway in milliseconds
for one attack with all its requests, on the machine that wrote the page: use it to compare the rows with each other.
`;

const HEAD = ['Attack', 'What it tries', 'Stage', 'What stops it', 'Response', 'CPU'];

/** A row of the page, as far as it does not depend on a machine. */
export interface ListedAttack {
  readonly name: string;
  readonly stage: string;
}

export async function writeTable(attacks: readonly Attack[], cpuMs: ReadonlyMap<Attack, number>): Promise<void> {
  const rows = attacks.map((attack) => [...cellsOf(attack), (cpuMs.get(attack) ?? 0).toFixed(1)]);
  const lines = [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  writeFileSync(FILE, await format(`${INTRODUCTION}\n${lines.join('\n')}\n`, { parser: 'markdown', printWidth: 130 }));
}

export function readTable(): ListedAttack[] {
  const rows = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  return rows
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .map(([, name = '', , stage = '']) => ({ name, stage }));
}

function cellsOf({ name, tries, stage, stoppedBy, answer, payments = 0 }: Attack): string[] {
  const made = payments === 0 ? '' : ` (${payments} payments rightly made)`;
  return [name, escaped(tries), stage, escaped(stoppedBy), escaped(answer.replaceAll(' | ', ' or ')) + made];
}

function escaped(text: string): string {
  return text.replace(/[\\`*_<>|#~[\]]/g, '\\$&');
}
