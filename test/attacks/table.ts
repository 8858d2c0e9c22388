import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import type { Attack } from './attack.js';

const FILE = new URL('../../docs/attacks.md', import.meta.url);

const INTRODUCTION = `# Attacks

The attacks that \`test/attacks\` carries out against a running gateway. The first column continues the sentence "An attacker …". No
attack causes a call to Flinks, unless the response column says how many payments it created. \`npm run measure:attacks\` writes this
page.

- **Stage** is the step of request processing that stops the attack: \`connection\` (TCP, HTTP parsing, WebSocket), \`http\`,
  \`cross-site\` (browser rules), \`router\` (proof that a request came through the router), \`identity\` (credentials),
  \`persisted operations\`, \`parse\`, \`validation\`, \`operation limits\`, \`scopes\`, \`input\`, \`tenancy\` (payments of other clients),
  \`rate limits\`, \`callback addresses\`, \`webhook signatures\`, or \`log\`.
- **Response** is the HTTP status or the close code of a WebSocket, followed by error codes or the types of results, or by "data" for
  a result without a type. A semicolon separates the responses to variants of one attack.
- **CPU** is the CPU time of the gateway in milliseconds for one attack with all its requests, on the machine that measured it.
  It is for comparing rows with each other.
`;

const HEAD = ['Attack', 'What the attacker sends', 'Stage', 'What stops it', 'Response', 'CPU'];

/** The parts of a row that a test compares with the definitions. */
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

/** The row that `readTable` is to find for an attack. */
export function listed({ name, stage }: Attack): ListedAttack {
  return { name: capitalized(name), stage };
}

function cellsOf({ name, details, stage, stoppedBy, response, payments = 0 }: Attack): string[] {
  const created = payments === 0 ? '' : `. ${payments} payments are created, as allowed`;
  return [
    capitalized(name),
    escaped(details),
    stage,
    escaped(stoppedBy),
    escaped(response.replaceAll(' | ', '; ')) + created,
  ];
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function escaped(text: string): string {
  return text.replace(/[\\`*_<>|#~[\]]/g, '\\$&');
}
