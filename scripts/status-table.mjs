// Generates the table and the diagram in docs/payment-status.md from the code. With --check it compares them instead, and prints the
// command that updates them.
import './require-node.mjs';
import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import {
  PAYMENT_SESSION_STATUSES,
  areFundsGuaranteed,
  evaluateTransition,
  isFinal,
} from '../dist/domain/payment-status.js';

const FILE = new URL('../docs/payment-status.md', import.meta.url);
const PLACE = /(?<=<!-- from src\/domain\/payment-status\.ts -->\n)[^]*(?=<!-- end -->)/;

const text = await readFile(FILE, 'utf8');
const generated = await format(text.replace(PLACE, `\n${table()}\n\n${diagram()}\n\n`), { parser: 'markdown' });
if (!process.argv.includes('--check')) {
  await writeFile(FILE, generated);
} else if (text !== generated) {
  console.error('docs/payment-status.md differs from the code. Run: npm run fix:status');
  process.exitCode = 1;
}

function table() {
  const yes = (/** @type {boolean} */ value) => (value ? 'yes' : '');
  const rows = PAYMENT_SESSION_STATUSES.map(
    (status, rank) => `| ${rank + 1} | ${status} | ${yes(isFinal(status))} | ${yes(areFundsGuaranteed(status))} |`,
  );
  return ['| Rank | Status | Final | Funds guaranteed |', '| ---: | --- | --- | --- |', ...rows].join('\n');
}

/** Adjacent statuses of one kind share a box. An arrow leads to every box that a payment can move to. */
function diagram() {
  /** @type {import('../dist/domain/payment-status.js').PaymentSessionStatus[][]} */
  const boxes = [];
  for (const status of PAYMENT_SESSION_STATUSES) {
    const box = boxes.at(-1);
    if (
      box?.[0] !== undefined &&
      isFinal(box[0]) === isFinal(status) &&
      areFundsGuaranteed(box[0]) === areFundsGuaranteed(status)
    )
      box.push(status);
    else boxes.push([status]);
  }
  const drawn = boxes.map((box, index) => {
    const [first = 'CREATING'] = box;
    const title = `${isFinal(first) ? 'final' : 'open'}${areFundsGuaranteed(first) ? ', funds guaranteed' : ''}`;
    return [`  subgraph box${index}["${title}"]`, `    ${box.join(isFinal(first) ? '\n    ' : ' --> ')}`, '  end'].join(
      '\n',
    );
  });
  const arrows = boxes.flatMap((from, index) =>
    boxes.slice(index + 1).map((to, distance) => {
      const overrides = evaluateTransition(from[0] ?? 'CREATING', to[0] ?? 'CREATING') === 'overridden';
      return `  box${index} ${overrides ? '-. overridden .->' : '-->'} box${index + 1 + distance}`;
    }),
  );
  return ['```mermaid', 'flowchart LR', ...drawn, ...arrows, '```'].join('\n');
}
