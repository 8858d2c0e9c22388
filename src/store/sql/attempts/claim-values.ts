import { idKey } from '../../../domain/ids.js';
import type { Attempt } from '../../../domain/idempotency-key.js';
import { payerKey } from '../../../domain/payer-key.js';
import { endsLikeSuffix, ownershipKey, suffixFor } from '../../../domain/upstream-reference.js';
import type { NewClaim } from '../../contracts/attempt-store.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { seal } from '../payment-rows.js';

/** Blind indexes of the payer by the number of their data key; the first is the newest. */
type PayerIndexes = Readonly<Record<`payerIndex${number}`, string>>;

/** The values of a claim, as its statement stores and compares them. */
export type ClaimValues = ReturnType<typeof claimValues> &
  PayerIndexes & {
    /** 1 if the client no longer waits. */
    readonly isLate: 0 | 1;
  };

/** Maps a claim and its first attempt. */
export function claimValues(claim: NewClaim, { number, owner, payment }: Attempt, keys: DataKeys) {
  const { clientId, deliveryMethod, key, fingerprint, order } = claim;
  const { referenceId, customer, amount } = order;
  const suffix = suffixFor(clientId, referenceId);
  const payerIndexes: PayerIndexes = Object.fromEntries(
    keys.indexesOf(payerKey(clientId, customer.email)).map((index, place) => [`payerIndex${place}`, index]),
  );
  return {
    client: clientId,
    deliveryMethod,
    key,
    attempt: number,
    owner,
    fingerprint: fingerprint.mac,
    fingerprintKeyId: fingerprint.keyId,
    fingerprintVersion: fingerprint.version,
    paymentId: payment.id,
    referenceId,
    referenceKey: idKey(referenceId),
    ownershipKey: ownershipKey(referenceId),
    suffix,
    suffixedKey: idKey(referenceId + suffix),
    needsSuffix: endsLikeSuffix(referenceId) ? 1 : 0,
    userId: customer.userId,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
    clientUrls: JSON.stringify(order.clientUrls),
    name: seal(keys, customer.name, 'customer_name', payment.id),
    email: seal(keys, customer.email, 'customer_email', payment.id),
    ...payerIndexes,
  };
}
