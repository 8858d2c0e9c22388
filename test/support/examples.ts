import { randomUUID } from 'node:crypto';
import { readExample } from '../../scripts/examples.mjs';
import type {
  CreatePaymentSessionMutationVariables,
  SendPaymentRequestMutationVariables,
} from '../../client/src/generated/operations.js';

const creation = readExample('create-payment-session').variables as CreatePaymentSessionMutationVariables;
const sending = readExample('send-payment-request').variables as SendPaymentRequestMutationVariables;

/** The variables of the example, with a new idempotency key at each call. Tests change them as needed. */
export function createVariables(): CreatePaymentSessionMutationVariables {
  return { input: { ...creation.input, idempotencyKey: randomUUID() } };
}

export function sendVariables(): SendPaymentRequestMutationVariables {
  return { input: { ...sending.input, idempotencyKey: randomUUID() } };
}
