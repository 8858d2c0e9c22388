import { Sensitive } from '../domain/sensitive.js';

/** Flinks's hosted app, opened for a session. `appUrl`: its base, e.g. `https://payments-uat.flinksapp.com/app/`. */
export function paymentUrl(appUrl: string, sessionId: Sensitive<string>): Sensitive<string> {
  const url = new URL(appUrl);
  url.searchParams.set('sessionId', sessionId.reveal());
  return new Sensitive(url.href);
}
