export * from './generated/operations.js';
export { possibleTypes } from './generated/possible-types.js';
export { PaymentIntentions } from './intentions.js';
export type { KeyStorage } from './intentions.js';
export type { RepeatBounds } from './repeat.js';
export { withIntention } from './with-intention.js';
export type { IntentionVariables } from './with-intention.js';
