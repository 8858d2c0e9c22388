import { v7 } from 'uuid';

/** Creates the id of a new payment: unguessable, and sorted by creation time. */
export function createPaymentId(): string {
  return `ps_${v7()}`;
}

/** Whether text has the form of a payment id. Other text needs no lookup and may be unsafe to put into a query. */
export function isPaymentId(text: string): boolean {
  return /^ps_[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text);
}
