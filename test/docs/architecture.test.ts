import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MAY_IMPORT } from '../support/layers.js';

const document = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');

/** The arrows of each diagram, from its lines `from --> to & to`, with the names that it gives in brackets. */
const diagrams = [...document.matchAll(/```mermaid\nflowchart TD\n([\s\S]*?)```/g)].map(([, diagram = '']) => {
  const names = new Map([...diagram.matchAll(/^ +(\w+)\["(.+)"\]$/gm)].map(([, id = '', name = '']) => [id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const arrows = [...diagram.matchAll(/^ +(\w+) -\.?-> (.+)$|^ +(\w+) --> (.+)$/gm)];
  return arrows
    .flatMap(([, dotted, dottedTo, plain, plainTo]) =>
      (dottedTo ?? plainTo ?? '').split(' & ').map((to) => `${nameOf(dotted ?? plain ?? '')} -> ${nameOf(to)}`),
    )
    .sort();
});

/** The permitted imports between the names that `nameOf` gives to layers, without those inside one name. */
function permitted(nameOf: (place: string) => string | undefined): string[] {
  const arrows = Object.entries(MAY_IMPORT).flatMap(([from, { internal }]) =>
    internal.flatMap((to) => {
      const [one, other] = [nameOf(from), nameOf(to)];
      return one === undefined || other === undefined || one === other ? [] : `${one} -> ${other}`;
    }),
  );
  return [...new Set(arrows)].sort();
}

describe('docs/architecture.md', () => {
  it('shows the permitted imports between the layers', () => {
    expect(diagrams).toHaveLength(3);
    expect(diagrams[0]).toEqual(permitted((place) => place.split('/')[0]));
  });

  it('shows the permitted imports inside the server', () => {
    expect(diagrams[1]).toEqual(permitted((place) => (place.startsWith('server/') ? place : undefined)));
  });

  it('shows the permitted imports inside the store', () => {
    expect(diagrams[2]).toEqual(permitted((place) => (/^store(\/|$)/.test(place) ? place : undefined)));
  });
});
