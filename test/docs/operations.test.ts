import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createMetrics } from '../../src/metrics.js';

const ROOT = new URL('../..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const namesIn = (text: string): string[] => [...new Set(text.match(/\bflinks_pay_[a-z_]+/g))].sort();

describe('docs/operations.md', () => {
  it('lists every metric of the gateway, and no other', () => {
    const inCode = namesIn(read('src/metrics.ts'));
    expect(inCode.length).toBeGreaterThan(10);
    expect(namesIn(read('docs/operations.md'))).toEqual(inCode);
  });

  it('lists the labels of every counter and histogram', () => {
    const document = read('docs/operations.md');
    const { registry } = createMetrics();
    expect(registry).toBeInstanceOf(Registry);
    const own = registry.getMetricsAsArray().filter(({ name }) => name.startsWith('flinks_pay_'));
    expect(own.length).toBeGreaterThan(4);
    for (const metric of own) {
      const { name, labelNames } = metric as unknown as { name: string; labelNames: readonly string[] };
      const labels = labelNames.map((label) => `\`${label}\``).join(', ');
      expect(document).toMatch(new RegExp(`\\| \`${name}\` +\\| ${labels} +\\|`));
    }
  });

  it('lists every event that the code logs, and no other', () => {
    const sources = readdirSync(new URL('src', ROOT), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const logged = sources.flatMap((file) => [...read(`src/${file}`).matchAll(/\bevent: '([a-z]+(?:_[a-z]+)+)'/g)]);
    const listed = [...read('docs/operations.md').matchAll(/^\| `(?!flinks_pay_)([a-z]+(?:_[a-z]+)+)` +\| (?:`|as)/gm)];
    const names = (found: readonly RegExpMatchArray[]) => [...new Set(found.map(([, name]) => name))].sort();
    expect(logged.length).toBeGreaterThan(40);
    expect(names(listed)).toEqual(names(logged));
  });
});
