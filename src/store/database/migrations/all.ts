import { payments } from './001-payments.js';
import { paymentLife } from './002-payment-life.js';
import { webhookInbox } from './003-webhook-inbox.js';
import { reconciliation } from './004-reconciliation.js';
import { paymentList } from './005-payment-list.js';
import { callbackSubscriptions } from './006-callback-subscriptions.js';
import { clients } from './007-callers.js';
import { oneIntention } from './008-one-intention.js';
import { identity } from './009-identity.js';
import type { Migration } from './migration.js';

/** All migrations in order. A released migration is never changed. */
export const MIGRATIONS: readonly Migration[] = [
  payments,
  paymentLife,
  webhookInbox,
  reconciliation,
  paymentList,
  callbackSubscriptions,
  clients,
  oneIntention,
  identity,
];
