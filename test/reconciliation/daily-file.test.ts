import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readRecords } from '../../src/reconciliation/file/daily-file.js';
import type { FileRecord } from '../../src/reconciliation/file/daily-file.js';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < bytes.length; index += size)
    yield await Promise.resolve(bytes.slice(index, index + size));
}

async function read(file: string | Uint8Array, size = 1_000): Promise<FileRecord[]> {
  const records: FileRecord[] = [];
  for await (const record of readRecords(chunksOf(Buffer.from(file), size))) records.push(record);
  return records;
}

const cellsOf = async (file: string, size?: number) => (await read(file, size)).map(({ cells }) => cells);

describe('a daily file', () => {
  it.each([',', ';', '\t'])('is read with %j as the delimiter', async (delimiter) => {
    const file = `a${delimiter}"b, or; b"${delimiter}c\r\n1${delimiter}"x""y\nz"${delimiter}\r\n`;
    expect(await cellsOf(file)).toEqual([
      ['a', 'b, or; b', 'c'],
      ['1', 'x"y\nz', ''],
    ]);
  });

  it('is read the same with a byte order mark, other line ends and empty lines', async () => {
    const expected = [
      ['é', 'b'],
      ['1', '2'],
    ];
    for (const file of ['é,b\n1,2', '\ufeffé,b\r\n1,2\r\n', 'é,b\n\n1,2\n\n'])
      expect(await cellsOf(file)).toEqual(expected);
  });

  it('keeps rows of other lengths, with their line numbers', async () => {
    expect(await read('a,b\n1\n1,"2\n3"\n1,2,3')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1'] },
      { line: 4, cells: ['1', '2\n3'] },
      { line: 5, cells: ['1', '2', '3'] },
    ]);
  });

  it('is read the same in whatever chunks it arrives', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '😀', ' ') });
    const records = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const file = ['one,two,three', ...list.map((cells) => cells.map(quoted).join(','))].join('\r\n');
        expect(await cellsOf(file, size)).toEqual([['one', 'two', 'three'], ...list]);
      }),
    );
  });

  it.each<[string, string | Uint8Array, string]>([
    ['Latin-1', Buffer.from('montant,référence', 'latin1'), 'it is not UTF-8 text'],
    ['a cut within a character', Buffer.from('a,é').subarray(0, 3), 'it is not UTF-8 text'],
    ['UTF-16', Buffer.from('amount,status', 'utf16le'), 'it is not text'],
    ['a spreadsheet', Buffer.from([0x50, 0x4b, 3, 4, 0, 0xff]), 'it is not UTF-8 text'],
    ['an unclosed quote', 'a,b\n1,"2\n3', 'it is not valid CSV at line 3: a quote is not closed'],
    ['a quote within a cell', 'a,b\n1,2\n3,4"5"', 'line 3: a quote is opened inside a cell'],
    ['text after a closed quote', 'a,b\n"secret"x,2', 'line 2: a quote is closed inside a cell'],
    ['a row that is too long', `a,b\n1,"${'x'.repeat(70_000)}`, 'a row is longer than 64000 characters'],
  ])('is rejected because of %s', async (_, file, problem) => {
    const error = await read(file).catch(String);
    expect(error).toContain(`InvalidFileError: `);
    expect(error).toContain(problem);
    expect(error).not.toContain('secret');
  });

  it('fails with the error of its source when it cannot be read to its end', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('a,b\n1,2\n'));
      throw new Error('the disk is gone');
    }
    const records = readRecords(broken());
    await expect(
      (async () => {
        for await (const record of records) expect(record).toBeDefined();
      })(),
    ).rejects.toThrow('the disk is gone');
  });
});
