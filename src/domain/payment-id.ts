import { v7 } from 'uuid';

/** A new id of a payment: ours, unguessable, and in the order of creation when sorted. */
export function createPaymentId(): string {
  return `ps_${v7()}`;
}
