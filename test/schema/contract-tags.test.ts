import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { withContractTags } from '../../src/schema/subgraph/contract-tags.js';

/** The definition that starts with this text, with `@public` in place of the tag of that name. */
function tagged(sdl: string, start: string): string {
  const printed = print(withContractTags(parse(sdl))).replace(/@tag\(name: "(\w+)"\)/g, '@$1');
  const found = printed.split('\n\n').find((definition) => definition.startsWith(start)) ?? '';
  return found.replace(/\s+/g, ' ');
}

describe('an untagged definition', () => {
  it('is public as a whole when only this subgraph defines it', () => {
    expect(tagged('type Money { value: Int currency: Int }', 'type')).toBe(
      'type Money @public { value: Int currency: Int }',
    );
  });

  it.each(['type Query', 'type Payment @key(fields: "id")'])('is public field by field in %s', (type) => {
    expect(tagged(`${type} { id: ID a(b: Int): Int }`, 'type')).toBe(
      `${type} { id: ID @public a(b: Int @public): Int @public }`,
    );
  });

  it('is public field by field beside a field that is not', () => {
    expect(tagged('type Customer { id: ID name(short: Boolean): Int @tag(name: "backoffice") }', 'type')).toBe(
      'type Customer { id: ID @public name(short: Boolean @backoffice): Int @backoffice }',
    );
  });

  it('stays unchanged in a type that has a tag', () => {
    expect(tagged('type Day @tag(name: "backoffice") { rows: Int }', 'type')).toBe(
      'type Day @backoffice { rows: Int }',
    );
  });
});

describe('an untagged union', () => {
  const MEMBERS = 'type A { a: Int } type B @tag(name: "backoffice") { b: Int }';

  it('is public when a member is', () => {
    expect(tagged(`union U = A | B ${MEMBERS}`, 'union')).toBe('union U @public = A | B');
  });

  it('is for the back office when all members are', () => {
    expect(tagged(`union U = B ${MEMBERS}`, 'union')).toBe('union U @backoffice = B');
  });
});

describe('an untagged type of a field or an argument', () => {
  const HIDDEN = 'type Day @tag(name: "backoffice") { of(day: Date, by: Sort): Level }';
  const REST = 'scalar Date enum Level { A } input Sort { dates: [Date!] turn: Turn } enum Turn { UP }';

  it.each(['scalar Date', 'enum Level', 'input Sort', 'enum Turn'])(
    'is for the back office when nothing else uses it: %s',
    (type) => expect(tagged(`${HIDDEN} ${REST}`, type)).toMatch(`${type} @backoffice`),
  );

  it.each(['scalar Date', 'enum Turn', 'input Sort'])('is public when a public argument uses it: %s', (type) =>
    expect(tagged(`${HIDDEN} ${REST} type Query { day(by: [Sort!]!): Int }`, type)).toMatch(`${type} @public`),
  );

  it('is public when a public field returns it', () => {
    expect(tagged(`${HIDDEN} ${REST} interface Rated { level: Level! }`, 'enum Level')).toMatch('enum Level @public');
  });

  it('may be an input that contains itself', () => {
    expect(tagged('type Query { a(i: I): Int } input I { i: I }', 'input')).toBe('input I @public { i: I }');
  });
});
