import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { GraphQLInt, buildSchema, getNamedType, isObjectType } from 'graphql';
import type { GraphQLObjectType } from 'graphql';
import type { CreateLinkResult } from '../../src/domain/payment-results.js';
import { cancellationFailure, creationFailure } from '../../src/schema/payment/payment-error-mapper.js';
import { ReconciliationReport } from '../../src/schema/reconciliation/reconciliation-report.type.js';

const SDL = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
const MAX_INT = 2_147_483_647;
/** Larger than an Int, and not a whole number. */
const TOO_MUCH = 30 * 86_400_000 + 0.5;

/** Numbers as GraphQL serializes an Int. */
const serialized = (...numbers: readonly unknown[]): unknown[] => numbers.map((number) => GraphQLInt.serialize(number));

describe('a number returned as an Int', () => {
  it('is one of the fields that are known to fit', () => {
    const schema = buildSchema(SDL, { assumeValid: true, assumeValidSDL: true });
    const fields = Object.values(schema.getTypeMap())
      .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) =>
        Object.values((type as GraphQLObjectType).getFields())
          .filter((field) => getNamedType(field.type) === GraphQLInt)
          .map((field) => `${type.name}.${field.name}`),
      );
    expect(fields.sort()).toEqual([
      'IdempotencyKeyInUseError.retryAfterMs',
      'PaymentProviderUnavailableError.retryAfterMs',
      'PaymentRateLimitedError.retryAfterMs',
      'ReconciliationImportChanges.rowsAdded',
      'ReconciliationImportChanges.rowsRemoved',
      'ReconciliationReport.exceptionCount',
      'ReconciliationReport.lateUpdateCount',
      'ReconciliationReport.matchedCount',
      'ReconciliationReport.rowCount',
      'ReconciliationTotal.count',
    ]);
  });

  it.each<Exclude<CreateLinkResult, { kind: 'succeeded' }>>([
    { kind: 'rate-limited', retryAfterMs: TOO_MUCH },
    { kind: 'in-progress', retryAfterMs: TOO_MUCH },
    { kind: 'unavailable', retryAfterMs: TOO_MUCH },
  ])('fits as retryAfterMs of the result $kind', (result) => {
    const failure = creationFailure(result, 'request') as { retryAfterMs?: number };
    expect(serialized(failure.retryAfterMs)).toEqual([MAX_INT]);
  });

  it('fits as retryAfterMs of a cancellation', () => {
    const failure = cancellationFailure({ kind: 'unavailable', retryAfterMs: TOO_MUCH }, 'request');
    expect(serialized((failure as { retryAfterMs?: number }).retryAfterMs)).toEqual([MAX_INT]);
  });

  it('fits as a count of a reconciliation report, whose balance uses the exact counts', () => {
    const total = { count: 2 ** 40, amountMinor: 1 };
    const day = ReconciliationReport.of({
      day: '2026-11-30',
      importedAt: new Date(0),
      rowCount: 2 ** 31,
      matchedCount: 2 ** 53,
      lateUpdateCount: 2 ** 32,
      exceptionCount: 0,
      settledInFile: total,
      settledInGateway: { ...total, count: total.count + 1 },
      changesSincePreviousImport: { rowsAdded: 2 ** 31 - 1, rowsRemoved: 2 ** 31 },
    });
    const {
      rowCount: rows,
      matchedCount: matched,
      lateUpdateCount: lateUpdateCount,
      exceptionCount,
      settledInFile: settledInFile,
      settledInGateway: settledInGateway,
      changesSincePreviousImport: difference,
    } = day;
    expect(serialized(rows, matched, lateUpdateCount, settledInFile.count, settledInGateway.count)).toEqual(
      Array(5).fill(MAX_INT),
    );
    expect(serialized(difference?.rowsAdded, difference?.rowsRemoved, exceptionCount)).toEqual([MAX_INT, MAX_INT, 0]);
    expect(day.isBalanced).toBe(false);
  });
});
