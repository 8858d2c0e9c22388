import { Sensitive } from '../domain/sensitive.js';

/**
 * Builds the URL of the payment page for a session. `appUrl`: its base, e.g. `https://payments-uat.flinksapp.com/app/`.
 */
export function paymentUrl(appUrl: string, sessionId: Sensitive<string>): Sensitive<string> {
  const url = new URL(appUrl);
  url.searchParams.set('sessionId', sessionId.reveal());
  return new Sensitive(url.href);
}
