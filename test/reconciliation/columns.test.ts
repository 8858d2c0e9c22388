import { describe, expect, it } from '@jest/globals';
import { mapColumns } from '../../src/reconciliation/file/columns.js';
import type { ColumnMapping } from '../../src/reconciliation/file/columns.js';

const columnsOf = (headers: string, mapping: ColumnMapping = {}) =>
  Object.fromEntries(mapColumns(headers.split('|'), mapping));

const errorFor = (headers: string, mapping: ColumnMapping = {}): string => {
  try {
    return `accepted: ${JSON.stringify(columnsOf(headers, mapping))}`;
  } catch (error) {
    return String(error);
  }
};

describe('the columns of a daily file', () => {
  it.each([
    ['Request ID|Reference ID|Amount|Status', { requestId: 0, referenceId: 1, amount: 2, status: 3 }],
    ['STATUS|amount|reference_number', { status: 0, amount: 1, referenceId: 2 }],
    ['Date/Time Created|Name|E-mail|Txn-Amount|payment status|RequestId', { createdAt: 0, amount: 3, requestId: 5 }],
    ['|Bank|Amount (CAD)|State|Reference', { amount: 2, status: 3, referenceId: 4 }],
  ])('%s are found by their names', (headers, expected) => {
    expect(columnsOf(headers)).toMatchObject(expected);
  });

  it('are those that the configuration names', () => {
    const headers = 'Amount|Settled Amt|Status|Reference|Created';
    expect(columnsOf(headers, { amount: 'settled amt', createdAt: '' })).toEqual({
      amount: 1,
      status: 2,
      referenceId: 3,
    });
  });

  it('are all reported when they are missing, together with the existing columns', () => {
    expect(errorFor('Total|Name|Bank')).toBe(
      'InvalidFileError: no column is amount; no column is status; no column is requestId or referenceId. ' +
        'The file has the columns "Total", "Name", "Bank"; RECONCILIATION_COLUMNS can name the right ones',
    );
  });

  it.each([
    ['Amount|Transaction Amount|Status|Reference', {}, 'more than one column may be amount'],
    ['Amount|amount|Status|Reference', {}, 'more than one column may be amount'],
    ['Total|Status|Reference', { amount: 'Total', currency: 'Total' }, 'one column matches amount and currency'],
    ['Amount|Status|Reference', { requestId: 'Rfm' }, 'no column has the name that RECONCILIATION_COLUMNS gives'],
  ])('%s are rejected as ambiguous or wrongly configured', (headers, mapping, problem) => {
    expect(errorFor(headers, mapping)).toContain(problem);
  });

  it('are not repeated in the error when the first row contains data of a payer', () => {
    expect(errorFor('Alex Tremblay|alex@example.com|250.10')).toMatch(/first row looks like data/);
    expect(errorFor('Alex Tremblay|alex@example.com|250.10')).not.toMatch(/alex/i);
  });
});
