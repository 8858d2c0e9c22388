import type { Attack } from './attack.js';
import { callbackAttacks } from './callbacks.js';
import { crossSiteAttacks } from './cross-site.js';
import { httpAttacks } from './http.js';
import { identityAttacks } from './identity.js';
import { inputAttacks } from './inputs.js';
import { logAttacks } from './logs.js';
import { operationAttacks } from './operations.js';
import { rateAttacks } from './rates.js';
import { routerAttacks } from './router.js';
import { scopeAttacks } from './scopes.js';
import { tenancyAttacks } from './tenancy.js';
import { webhookAttacks } from './webhooks.js';

/** Everything that somebody may try. */
export const ATTACKS: readonly Attack[] = [
  ...httpAttacks,
  ...crossSiteAttacks,
  ...routerAttacks,
  ...identityAttacks,
  ...operationAttacks,
  ...scopeAttacks,
  ...inputAttacks,
  ...tenancyAttacks,
  ...rateAttacks,
  ...callbackAttacks,
  ...webhookAttacks,
  ...logAttacks,
];
