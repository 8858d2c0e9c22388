import { format, inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';

const SECRET = 'whsec-marker';

describe('a sensitive value', () => {
  const sensitive = new Sensitive(SECRET);

  it.each([
    ['a template', () => `<${String(sensitive)}>`],
    ['concatenation', () => 'x' + String(sensitive)],
    ['JSON', () => JSON.stringify({ deep: [sensitive] })],
    ['inspect', () => inspect({ deep: { sensitive } }, { depth: 9, showHidden: true })],
    ['format', () => format('%s %o %j', sensitive, sensitive, sensitive)],
    ['an error', () => inspect(new Error('x', { cause: sensitive }))],
    ['its entries', () => JSON.stringify(Object.entries(sensitive))],
    ['a copy', () => inspect(Object.assign({}, sensitive))],
  ])('is not disclosed by %s', (_way, print) => {
    expect(print()).not.toContain(SECRET);
  });

  it('is returned by reveal()', () => {
    expect(sensitive.reveal()).toBe(SECRET);
  });
});
