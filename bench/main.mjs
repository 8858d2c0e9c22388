// `npm run bench` measures everything and writes bench/results.md; README.md says how to read it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine } from './machine.mjs';
import { section, targets } from './report.mjs';
import { Setup } from './setup.mjs';

const SCENARIOS = [
  'creations',
  'sends',
  'saturation',
  'reads',
  'entities',
  'start',
  'latency',
  'overload',
  'round-trips',
  'syncs',
];
const RESULTS = new URL('results.md', import.meta.url);

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } } });
const names = values.only === undefined ? SCENARIOS : values.only.split(',');
const unknown = names.filter((name) => !SCENARIOS.includes(name));
if (unknown.length > 0) throw new Error(`there is no scenario ${unknown}; there are ${SCENARIOS}`);

// Otherwise the process would end without its handlers of `exit`, which end its children.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const setup = await Setup.create(values.quick);
try {
  const { sections, figures } = await runScenarios();
  const text = `## Targets\n\n${targets(figures)}`;
  if (values.quick) console.log('Every response was right. A quick run measures nothing.');
  else console.log(`\n${text}`);
  if (!values.quick && values.only === undefined)
    writeFileSync(RESULTS, `${[`# Results`, machine(), text, ...sections].join('\n\n')}\n`);
} finally {
  await setup.close();
}

async function runScenarios() {
  const sections = [];
  const figures = {};
  for (const name of names) {
    const startedAt = performance.now();
    const { title, run } = await import(`./scenarios/${name}.mjs`);
    const result = await run(setup);
    await setup.stopServers();
    Object.assign(figures, result.figures);
    sections.push(section(title, result));
    if (!values.quick) console.log(`\n${sections.at(-1)}\n`);
    console.log(`${name}: ${Math.round((performance.now() - startedAt) / 1000)} s`);
  }
  return { sections, figures };
}
