import { createHash } from 'node:crypto';
import { idKey } from './id-key.js';

// Flinks knows an e-mailed payment by its reference, and repeats it in its files. What goes to Flinks is therefore unique over
// all clients: the first client to use a reference sends it as it is, every other one sends it with a suffix of ours. Letters,
// digits and hyphens only: nothing else is certain to pass through banks and spreadsheets.

const SUFFIX = /-x[0-9a-f]{10}$/i;

/**
 * Whether a client's reference ends as if it had a suffix. Such a reference always gets one more, so that no client can write
 * what was made for another one.
 */
export function endsLikeSuffix(referenceId: string): boolean {
  return SUFFIX.test(referenceId);
}

/** The suffix of a client's reference: the same for each payment of that reference, so that finance can group them. */
export function suffixFor(client: string, referenceId: string): string {
  const digest = createHash('sha256').update(JSON.stringify([client, ownershipKey(referenceId)]));
  return `-x${digest.digest('hex').slice(0, 10)}`;
}

/** By what a reference belongs to the client that used it first: without case, since people and spreadsheets ignore it. */
export function ownershipKey(referenceId: string): string {
  // ASCII only, as the database folds what older releases have written.
  return idKey(referenceId).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
