import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as gateway from '../../src/lib/supported-node.js';
import * as sandbox from '../../sandbox/supported-node.js';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  engines: { node: string };
};

describe.each([
  ['gateway', gateway],
  ['sandbox', sandbox],
])('the version of Node that the %s needs', (_program, { MIN_NODE, nodeProblem }) => {
  it('is that of package.json', () => {
    expect(engines.node).toBe(`>=${MIN_NODE}`);
  });

  it.each(['18.20.8', '20.20.2', '24.15.9', '23.99.0'])('is not Node %s', (version) => {
    expect(nodeProblem(version)).toContain(`needs Node ${MIN_NODE} or newer, and this is Node ${version}.`);
  });

  it.each(['24.16.0', '24.22.3', '25.0.0', '26.12.1', '25.0.0-nightly20250420'])('can be Node %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
});
