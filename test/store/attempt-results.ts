import { Sensitive } from '../../src/domain/sensitive.js';
import type { AttemptResult } from '../../src/domain/idempotency-key.js';

// Results of attempts, for tests in which their details do not matter.

export const STARTED = {
  kind: 'started',
  sessionId: new Sensitive('session'),
  paymentRequestId: undefined,
} as const satisfies AttemptResult;
export const REFUSED = { kind: 'rejected' } as const satisfies AttemptResult;
export const RELEASED = { kind: 'released', as: { kind: 'misconfigured' } } as const satisfies AttemptResult;
export const UNKNOWN = { kind: 'unknown', sessionId: undefined } as const satisfies AttemptResult;
