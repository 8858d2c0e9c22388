import { readExample } from '../../scripts/examples.mjs';
import type {
  CreatePaymentSessionMutationVariables,
  SendPaymentRequestMutationVariables,
  ValidatePaymentQueryVariables,
} from '../generated/operations.js';

/** The input of the examples: what tests start from and change. */
export const createVariables = readExample('create-payment-session').variables as CreatePaymentSessionMutationVariables;
export const sendVariables = readExample('send-payment-request').variables as SendPaymentRequestMutationVariables;
export const validateVariables = readExample('validate-payment').variables as ValidatePaymentQueryVariables;
