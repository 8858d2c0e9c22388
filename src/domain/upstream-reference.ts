import { createHash } from 'node:crypto';
import { idKey } from './ids.js';

// Flinks identifies an e-mailed payment by its reference, and repeats it in its files. References sent to Flinks are
// therefore unique across all clients: the first client to use a reference sends it unchanged, every other client sends
// it with a suffix. Suffixes have only letters, digits and hyphens: nothing else is certain to pass through banks and
// spreadsheets.

const SUFFIX = /-x[0-9a-f]{10}$/i;

/**
 * Whether a client's reference ends like a suffix. It always gets another one, so that no client can write a reference
 * that was made for another client.
 */
export const endsLikeSuffix = (referenceId: string): boolean => SUFFIX.test(referenceId);

/** The suffix for a client's reference: the same for each of its payments, so that finance can group them. */
export function suffixFor(client: string, referenceId: string): string {
  const digest = createHash('sha256').update(JSON.stringify([client, ownershipKey(referenceId)]));
  return `-x${digest.digest('hex').slice(0, 10)}`;
}

/** The form of a reference that decides which client used it first: without case, since people and tools ignore it. */
export function ownershipKey(referenceId: string): string {
  // ASCII only, like the database when it folds references that older releases have stored.
  return idKey(referenceId).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
