import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { createPaymentId, isNoId, isPaymentId } from '../../src/domain/ids.js';

const NO_IDS = [
  ...['null', 'nil', 'none', 'undefined', 'NaN', 'Infinity', '-Infinity', 'true', 'false', 'unknown'],
  ...['n/a', 'N/A', '#N/A', 'n.a.', 'NA', 'not available', 'Not Applicable', 'Invalid Date', '\\N', '(null)', '<none>'],
  ...['"null"', "'undefined'", ' null ', '\tnull\r\n', '\ufeffnull', 'null.'],
  ...['undefined-undefined', 'null:null', 'undefined_null', 'null,null', '-null-', 'N/A-N/A'],
  ...['[object Object]', '[object Promise]', '[object object]', '[object Object],[object Object]'],
  ...[
    '${orderId}',
    '{{ orderId }}',
    '%s',
    'function randomUUID() { [native code] }',
    '() => uuid()',
    '#REF!',
    '#DIV/0!',
  ],
  ...['', ' ', '\n', '\u00a0', '\u200b', '-', '--', '—', '.', '...', '_', '?', '/', '#', '""', '{}', '[]', '-/-'],
  ...['00000000-0000-0000-0000-000000000000', '{00000000-0000-0000-0000-000000000000}', '0'.repeat(32)],
  ...['(00000000-0000-0000-0000-000000000000)', 'urn:uuid:00000000-0000-0000-0000-000000000000'],
  ...['ffffffff-ffff-ffff-ffff-ffffffffffff', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'f'.repeat(32)],
  ...['0'.repeat(24), '0'.repeat(26)],
];

const IDS = [
  ...['0', '1', '-1', '00', '0000', 'f', 'ff', 'n', 'N', 'a', 'O', 'x'],
  ...[
    'none-1',
    'NA-1042',
    'null-7',
    '1042-undefined',
    'nullable',
    '~',
    '🦊',
    '\\n',
    '%00',
    '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~',
    'undefined1',
    'unknown-42',
    'Nanaimo',
    'trueblue',
  ],
  ...['LOAN-1042', '#42', 'ref', 'value', 'function-1', '$5', '100%', '[object 1', 'object Object', '注文-1', '№7'],
  ...[
    '00000000-0000-0000-0000-000000000001',
    'ffffffff-ffff-ffff-ffff-fffffffffffe',
    '0192f3a1-7a1e-7c3e-8a55-2f1f0a6f0b11',
  ],
];

describe('isNoId', () => {
  it.each(NO_IDS)('recognizes %j as a placeholder that is no id', (text) => {
    expect(isNoId(text)).toBe(true);
    expect(isNoId(text.toUpperCase())).toBe(true);
    expect(isNoId(` ${text}\n`)).toBe(true);
  });

  it.each(IDS)('accepts %j as a possible id', (text) => {
    expect(isNoId(text)).toBe(false);
  });

  it('accepts every generated GUID as a possible id', () => {
    fc.assert(fc.property(fc.uuid(), (guid) => !isNoId(guid) && !isNoId(guid.replaceAll('-', ''))));
  });

  it.each([' ', '-', 'null-', '[object ', '0', '(', '${'])('takes linear time for %j repeated many times', (piece) => {
    const before = performance.now();
    isNoId(piece.repeat(500_000));
    isNoId(`${piece.repeat(500_000)}x`);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('createPaymentId', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  // As many as need a second millisecond.
  const create = () => Array.from({ length: 5_000 }, createPaymentId);

  it.each([
    ['the clock runs', 1],
    ['the clock stands still', 0],
    ['the clock goes back', -1],
  ])('creates ids of version 7 that sort by creation while %s', (_description, step) => {
    let now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => (now += step));
    const ids = create();
    expect(ids.filter((id) => !isPaymentId(id) || !/^.{17}7.{4}[89ab]/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('puts the time into the id, so that ids of other processes and times sort by it', () => {
    const now = Date.now() + 60_000;
    jest.spyOn(Date, 'now').mockReturnValue(now);
    expect(parseInt(createPaymentId().slice(3, 16).replace('-', ''), 16)).toBe(now);
  });
});
