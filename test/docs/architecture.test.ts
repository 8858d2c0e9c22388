import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { MAY_IMPORT } from '../support/layers.js';

const document = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');

/** The pictures of layers: each line `from --> to & to`, by the names that the picture gives to places in brackets. */
const pictures = [...document.matchAll(/```mermaid\nflowchart TD\n([\s\S]*?)```/g)].map(([, picture = '']) => {
  const names = new Map([...picture.matchAll(/^ +(\w+)\["(.+)"\]$/gm)].map(([, id = '', name = '']) => [id, name]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const arrows = [...picture.matchAll(/^ +(\w+) -\.?-> (.+)$|^ +(\w+) --> (.+)$/gm)];
  return arrows
    .flatMap(([, dotted, dottedTo, plain, plainTo]) =>
      (dottedTo ?? plainTo ?? '').split(' & ').map((to) => `${nameOf(dotted ?? plain ?? '')} -> ${nameOf(to)}`),
    )
    .sort();
});

/** The permitted imports between places, each called as `nameOf` says; an import inside one name is none. */
function permitted(nameOf: (place: string) => string | undefined): string[] {
  const arrows = Object.entries(MAY_IMPORT).flatMap(([from, { ours }]) =>
    ours.flatMap((to) => {
      const [one, other] = [nameOf(from), nameOf(to)];
      return one === undefined || other === undefined || one === other ? [] : `${one} -> ${other}`;
    }),
  );
  return [...new Set(arrows)].sort();
}

describe('docs/architecture.md', () => {
  it('shows the permitted imports between the layers', () => {
    expect(pictures).toHaveLength(3);
    expect(pictures[0]).toEqual(permitted((place) => place.split('/')[0]));
  });

  it('shows the permitted imports inside the server', () => {
    expect(pictures[1]).toEqual(permitted((place) => (place.startsWith('server/') ? place : undefined)));
  });

  it('shows the permitted imports inside the store', () => {
    expect(pictures[2]).toEqual(permitted((place) => (/^store(\/|$)/.test(place) ? place : undefined)));
  });
});
