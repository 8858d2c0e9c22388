// The steps between which a gateway may be halted. Shared by the harness and what it loads into the gateway.

const STEPS = {
  SqlAttemptStore: ['claim', 'reclaim', 'mark', 'finish', 'recordOrphans', 'expire', 'expireStaleAttempts', 'read'],
  FlinksClient: ['initiateSession', 'sendPaymentRequest', 'activateSession'],
};

/** Where each class is in the built program. */
export const MODULES = { SqlAttemptStore: 'store/sql/attempts/sql-attempt-store.js', FlinksClient: 'flinks/client.js' };

/** Such as `SqlAttemptStore.finish:after`: when the step is done, and nothing else has run since. */
export const POINTS = Object.entries(STEPS).flatMap(([name, methods]) =>
  methods.flatMap((method) => [`${name}.${method}:before`, `${name}.${method}:after`]),
);
