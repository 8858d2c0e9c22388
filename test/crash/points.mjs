// The points between steps at which a gateway can be halted. Both the crash test and the module that it loads into the gateway
// use them.

const STEPS = {
  SqlAttemptStore: ['claim', 'reclaim', 'mark', 'finish', 'recordOrphans', 'expire', 'expireStaleAttempts', 'read'],
  FlinksClient: ['initiateSession', 'sendPaymentRequest', 'activateSession'],
};

/** Steps that most processes never reach. */
export const RARE_STEPS = ['SqlAttemptStore.reclaim', 'SqlAttemptStore.expire'];

/** A creation takes this step after another replica has taken its key over. */
export const ORPHAN_STEP = 'SqlAttemptStore.recordOrphans';

/** The module of each class in the built program. */
export const MODULES = { SqlAttemptStore: 'store/sql/attempts/sql-attempt-store.js', FlinksClient: 'flinks/client.js' };

/** For example `SqlAttemptStore.finish:after`, the moment when the step is done and nothing has run since. */
export const POINTS = Object.entries(STEPS).flatMap(([name, methods]) =>
  methods.flatMap((method) => [`${name}.${method}:before`, `${name}.${method}:after`]),
);
