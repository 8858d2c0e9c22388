import type { Attack } from '../attack.js';
import { accessTokenAttacks } from './access-tokens.js';
import { apiKeyAttacks } from './api-keys.js';
import { callbackUrlAttacks } from './callback-urls.js';
import { clientUrlAttacks } from './client-urls.js';
import { crossSiteAttacks } from './cross-site.js';
import { httpMethodAttacks } from './http-methods.js';
import { invalidOperationAttacks } from './invalid-operations.js';
import { logForgingAttacks } from './log-forging.js';
import { mediaTypeAttacks } from './media-types.js';
import { misplacedCredentialAttacks } from './misplaced-credentials.js';
import { multipleMutationAttacks } from './multiple-mutations.js';
import { operationLimitAttacks } from './operation-limits.js';
import { paymentInputAttacks } from './payment-inputs.js';
import { persistedOperationAttacks } from './persisted-operations.js';
import { prototypePollutionAttacks } from './prototype-pollution.js';
import { rateLimitAttacks } from './rate-limits.js';
import { requestSizeAttacks } from './request-sizes.js';
import { requestSmugglingAttacks } from './request-smuggling.js';
import { routerSecretAttacks } from './router-secrets.js';
import { scopeAttacks } from './scopes.js';
import { slowConnectionAttacks } from './slow-connections.js';
import { tenancyAttacks } from './tenancy.js';
import { webSocketProtocolAttacks } from './websocket-protocol.js';
import { webhookAttacks } from './webhooks.js';

/** Every attack, in the order of docs/attacks.md. */
export const ATTACKS: readonly Attack[] = [
  ...httpMethodAttacks,
  ...mediaTypeAttacks,
  ...requestSizeAttacks,
  ...requestSmugglingAttacks,
  ...slowConnectionAttacks,
  ...webSocketProtocolAttacks,
  ...crossSiteAttacks,
  ...routerSecretAttacks,
  ...accessTokenAttacks,
  ...misplacedCredentialAttacks,
  ...apiKeyAttacks,
  ...multipleMutationAttacks,
  ...operationLimitAttacks,
  ...invalidOperationAttacks,
  ...persistedOperationAttacks,
  ...scopeAttacks,
  ...clientUrlAttacks,
  ...paymentInputAttacks,
  ...prototypePollutionAttacks,
  ...tenancyAttacks,
  ...rateLimitAttacks,
  ...callbackUrlAttacks,
  ...webhookAttacks,
  ...logForgingAttacks,
];
