import { v7 } from 'uuid';

/** A new id of a payment: ours, unguessable, and in the order of creation when sorted. */
export function createPaymentId(): string {
  return `ps_${v7()}`;
}

/** Whether text could be an id of ours. What could not need not be looked up, and may not be fit to be written into a query. */
export function isPaymentId(text: string): boolean {
  return /^ps_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
}
