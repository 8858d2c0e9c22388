import { z } from 'zod';
import type { PaymentIdentity } from '../../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { identityFields, identityOf } from './payment-identity.js';
import type { IdentityFields } from './payment-identity.js';

/** A payment's status as reported by Flinks. */
export interface ReportedStatus {
  /** Undefined if no document mentions the provider status. */
  readonly status: PaymentSessionStatus | undefined;
  /** The status as Flinks spells it. */
  readonly providerStatus: string;
  /** Flinks's own details on the status; may be personal, unredacted. */
  readonly details: string | undefined;
  /** The fields of the response that say which payment it describes; checked against the stored payment. */
  readonly identity: PaymentIdentity;
}

/** Fields of every response that reports a status. */
export const statusFields = { ...identityFields, status: z.string().min(1), statusDetails: z.string().nullish() };

/** Converts `statusFields` as received. */
export function toReportedStatus(
  fields: IdentityFields & { readonly status: string; readonly statusDetails?: string | null | undefined },
): ReportedStatus {
  const { status: providerStatus, statusDetails, ...identity } = fields;
  return {
    status: toPaymentStatus(providerStatus),
    providerStatus,
    details: statusDetails ?? undefined,
    identity: identityOf(identity),
  };
}

/**
 * Flinks's nine statuses, both spellings of cancelled, and V2's status for a payer who is currently paying; compared
 * case-insensitively. V2's "Completed" is left out: it describes a session and does not say whether the money moved.
 * Source: docs.flinks.com/api/pay/endpoints/e-transfer/get-payment-requests and sessions-details.
 */
const STATUS_BY_PROVIDER_STATUS: ReadonlyMap<string, PaymentSessionStatus> = new Map([
  ['initiated', 'INITIATED'],
  ['processing', 'PROCESSING'],
  ['inprogress', 'PROCESSING'],
  ['accepted', 'ACCEPTED'],
  ['processed', 'PROCESSED'],
  ['settled', 'SETTLED'],
  ['cancelled', 'CANCELLED'],
  ['canceled', 'CANCELLED'],
  ['expired', 'EXPIRED'],
  ['declined', 'DECLINED'],
  ['failed', 'FAILED'],
]);

/** Maps a provider status to a payment status. Returns undefined for an unrecognized one, which changes nothing. */
export function toPaymentStatus(providerStatus: string): PaymentSessionStatus | undefined {
  return STATUS_BY_PROVIDER_STATUS.get(providerStatus.toLowerCase());
}
