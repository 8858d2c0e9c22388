import { Sensitive } from './sensitive.js';

/** Identifies a payer by client and e-mail address in any case, so that no client learns what another's payers do. */
export function payerKey(clientId: string, email: Sensitive<string>): Sensitive<string> {
  return new Sensitive(JSON.stringify([clientId, email.reveal().toLowerCase()]));
}
