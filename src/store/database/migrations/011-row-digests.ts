import type { Migration } from './migration.js';

/**
 * Files are compared without an index of their rows' digests. Digests are random, so each row changed another page of
 * that index, which took longer than storing the row. The previous release compares large files more slowly without it.
 */
export const rowDigests: Migration = {
  version: 11,
  name: 'row digests',
  compatibleFrom: 2,
  up: (transaction) => transaction.schema.dropIndex('reconciliation_rows_digest').execute(),
};
