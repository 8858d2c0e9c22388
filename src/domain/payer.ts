import { Sensitive } from './sensitive.js';

/**
 * What makes two payments payments of the same payer: the same client and the same e-mail address, regardless of its
 * case. Payers of different clients are different, so that no client learns what another does.
 */
export function payerKey(clientId: string, email: Sensitive<string>): Sensitive<string> {
  return new Sensitive(JSON.stringify([clientId, email.reveal().toLowerCase()]));
}
