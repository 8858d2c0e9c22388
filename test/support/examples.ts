import { randomUUID } from 'node:crypto';
import { readExample } from '../../scripts/examples.mjs';
import type {
  CreatePaymentSessionMutationVariables,
  SendPaymentRequestMutationVariables,
} from '../../client/src/generated/operations.js';

const creation = readExample('create-payment-session').variables as CreatePaymentSessionMutationVariables;
const sending = readExample('send-payment-request').variables as SendPaymentRequestMutationVariables;

/** The input of the examples, with a fresh key at each call: what tests start from and change. */
export function createVariables(): CreatePaymentSessionMutationVariables {
  return { input: { ...creation.input, idempotencyKey: randomUUID() } };
}

export function sendVariables(): SendPaymentRequestMutationVariables {
  return { input: { ...sending.input, idempotencyKey: randomUUID() } };
}
